// A program of the language as something that searches run, and what its executions come to.
import type { Program } from '../../scheduler/index.js';
import { type Lock, Machine, type Thread } from '../../src/machine/index.js';
import type { Remembered } from '../support/touching.js';
import { Interpreter, type InterpreterFault } from './interpret.js';
import type { ProgramText } from './language.js';
import { propertyOf } from './properties.js';
import { makeWorld, type Thing, type World } from './world.js';

export interface StageOptions {
  readonly fault?: InterpreterFault;
}

const worlds = new WeakMap<Machine, World>();

/** The program, of which every machine is a new one. */
export function stage(text: ProgramText, { fault }: StageOptions = {}): Program {
  return {
    name: 'judged',
    build: () => {
      const machine = new Machine({ faults: text.faults });
      const world = makeWorld(machine, text);
      worlds.set(machine, world);
      const interpreter = new Interpreter(world, fault);
      machine.arm(
        text.threads.map((body, t) => ({
          name: `t${String(t)}`,
          path: interpreter.thread(body),
          cpu: undefined,
          current: undefined,
        })),
        text.properties.map((property, n) => propertyOf(property, n, world)),
      );
      return machine;
    },
  };
}

function worldOf(machine: Machine): World {
  const world = worlds.get(machine);
  if (world === undefined) throw new Error('the machine is not one of a program of the language');
  return world;
}

/**
 * What an execution that has ended has left behind: cells, locks, queues, and how each thread ended. Equal in all orders
 * of independent steps, so threads are named, never numbered.
 */
export function endState(machine: Machine): string {
  const { cells, pointers, locks, queue, done, list, nodes } = worldOf(machine);
  const threads = Array.from({ length: machine.threadCount }, (_, t) => machine.thread(t));
  return [
    ...Object.entries(cells).map(([name, cell]) => `${name}=${String(cell.peek())}`),
    ...Object.entries(pointers).map(([name, cell]) => `${name}=${thingText(cell.peek())}`),
    ...Object.entries(nodes).map(([name, thing]) => `${name}=${String(thing.value.peek())}`),
    `L: ${listText(() => list.peekAll().map(({ memory }) => memory.name))}`,
    `queue: ${queue.peekWaiters().join()}`,
    `done: ${String(done.done.peek())} ${done.waiters
      .peek()
      .map(({ name }) => name)
      .join()}`,
    ...Object.values(locks).map((lock) => lockText(lock, threads)),
    ...threads.map(threadText).sort(),
  ].join('\n');
}

/** What the normal form of an execution has to remember of the machine of a program. */
export function rememberedOf(machine: Machine): Remembered {
  const { queue, done, list, nodes } = worldOf(machine);
  return {
    queues: [queue],
    completions: [done],
    nodes: [list, ...Object.values(nodes).map(({ node }) => node)],
  };
}

function thingText(thing: Thing | null): string {
  if (thing === null) return 'NULL';
  const { name } = thing.memory;
  return thing.memory.peekFreed() ? `${name} (freed)` : `${name} of ${String(thing.value.peek())}`;
}

function listText(names: () => readonly string[]): string {
  try {
    return names().join();
  } catch {
    return 'broken';
  }
}

function lockText(lock: Lock, threads: readonly Thread[]): string {
  const holders = threads.filter(({ index }) => lock.isHeldBy(index)).map(({ name }) => name);
  const how = lock.isHeldForWriting() ? ' for writing' : '';
  return `${lock.name}: ${holders.sort().join()}${how}`;
}

function threadText({ name, ended, stopped, result, op }: Thread): string {
  if (ended) return `${name}: ${String(result)}`;
  // Where schedule() sleeps is looked up when it is announced, so it may differ within one trace.
  const isSchedule = op.primitive.name === 'schedule';
  const subject = isSchedule ? undefined : (op.subject as { readonly name?: string } | undefined);
  return `${name}: ${stopped ? 'stopped' : 'waits'} in ${op.primitive.name} ${subject?.name ?? ''}`;
}
