// What an answer rests on: the model, the machine that it ran on, what was checked, and what is left out.
import { defaultProfile, type LockProfile } from '../machine/index.js';
import type { SearchResult } from './job.js';
import { count } from './names.js';
import { shortName } from './property-names.js';

/** As people say it. */
export const memoryOrders = {
  sc: 'sequential consistency',
  tso: 'total store order (x86-TSO)',
} as const;

/** What fails: at places that were named, and within the budget. */
function failing(faults: number, fail: SearchResult['fail']): string {
  const named = fail.map(({ place }) => `${place} fails`);
  const budget = faults === 0 ? 'no allocation fails' : `at most ${count(faults, 'failing step')}`;
  if (named.length === 0) return budget;
  return [...named, ...(faults === 0 ? ['nothing else does'] : [`${budget} besides`])].join(', ');
}

/** What the answer rests on. */
export function scopeParagraphs(result: SearchResult, full: boolean): string[] {
  const { properties, elided, fillable } = result;
  const names = full ? properties : properties.map(shortName);
  const checked =
    properties.length === 0
      ? 'no properties but what the machine itself checks'
      : `${count(properties.length, 'property', 'properties')}: ${names.join(full ? '; ' : ', ')}`;
  const { model, cpus, memory, faults, fail, dataRaces } = result;
  const clauses = [
    `model ${model}`,
    ...actors(result),
    cpus === undefined ? 'a CPU for each' : count(cpus, 'CPU'),
    memoryOrders[memory],
    ...locksOf(result.locks),
    failing(faults, fail),
    `up to ${count(result.stepsMax, 'step')} each`,
    `data races ${dataRaces ? 'are' : 'are not'} looked for`,
    checked,
  ];
  const scope = `scope: ${clauses.join(', ')}`;
  if (elided.length === 0) return [scope];
  if (full) return [scope, `left out: ${elided.join(', ')}`];
  const canBe = fillable.length === 0 ? '' : ` (${fillable.join(', ')} can be put in by --fill)`;
  return [
    scope,
    `left out: ${count(elided.length, 'section')} of kernel code${canBe}; --full names them`,
  ];
}

/** The same, with names. It stands in every document, whatever the answer is. */
export function scopeDocument(result: SearchResult): Readonly<Record<string, unknown>> {
  const { model, threads, interrupts, cpus, memory, locks, faults, stepsMax, dataRaces } = result;
  return {
    model,
    threads: threads.length - interrupts,
    interrupts,
    cpus: cpus ?? 'one for each',
    memory,
    rt: locks.rt,
    rwlock: locks.rwlock,
    rwsem: locks.rwsem,
    faults,
    stepsMax,
    preemptionsMax: result.preemptionsMax ?? 'any',
    dataRaces,
  };
}

/** Interrupts are no threads: they borrow a CPU, and need not come. */
function actors({ threads, interrupts }: SearchResult): string[] {
  const own = `${count(threads.length - interrupts, 'thread')} at the start`;
  return interrupts === 0 ? [own] : [own, count(interrupts, 'interrupt')];
}

/** The kinds of locks that are not those of the default. */
function locksOf({ rt, rwlock, rwsem }: LockProfile): string[] {
  return [
    ...(rt ? ['PREEMPT_RT'] : []),
    ...(rwlock === defaultProfile.rwlock ? [] : [`${rwlock} rwlocks`]),
    ...(rwsem === defaultProfile.rwsem ? [] : [`${rwsem} rwsems`]),
  ];
}
