// Which steps matter to somebody who wants to see a race: what writes, what locks, what waits, and the reads that
// see, or could have seen, another thread's write. Everything else is behind --full.
import { type StepEntry, stepsOf, type Trace } from './trace.js';

/** Numbers of the steps that the short picture shows. */
export function relevantSteps(trace: Trace): Set<number> {
  const steps = stepsOf(trace);
  const writers = writersOf(steps);
  const shown = new Set<number>();
  for (const step of steps) {
    if (step.effect === 'writes' || step.locking || step.waits || isContended(step, writers)) {
      shown.add(step.n);
    }
  }
  const last = steps.at(-1);
  if (last !== undefined && trace.verdict.kind !== 'ok') shown.add(last.n);
  return shown;
}

/** For each cell, and each list or other thing that a cell is part of, the threads that changed it. */
function writersOf(steps: readonly StepEntry[]): Map<string, Set<number>> {
  const writers = new Map<string, Set<number>>();
  const add = (name: string, thread: number): void => {
    const threads = writers.get(name);
    if (threads === undefined) writers.set(name, new Set([thread]));
    else threads.add(thread);
  };
  for (const { thread, writes } of steps) {
    for (const name of writes) {
      add(name, thread);
      const node = /^(.+)\.(?:next|prev)$/.exec(name)?.[1];
      if (node !== undefined) add(node, thread);
    }
  }
  return writers;
}

function isContended(step: StepEntry, writers: ReadonlyMap<string, ReadonlySet<number>>): boolean {
  const threads = writers.get(step.subject);
  return threads !== undefined && [...threads].some((thread) => thread !== step.thread);
}
