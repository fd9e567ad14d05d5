// Programs for tests and yardsticks: a name, an initial state, and who acts on it.
import type { Program } from '../../scheduler/index.js';
import {
  type Actor,
  type Cpu,
  Machine,
  type MachineOptions,
  type Path,
  type Property,
} from '../../src/machine/index.js';

/** A path, or a path with its place. */
export type Body = ((cpu: Cpu) => Path<unknown>) | Placed;

export interface Placed {
  readonly path: (cpu: Cpu) => Path<unknown>;
  readonly cpu?: number | undefined;
  readonly current?: unknown;
  readonly interrupt?: Actor['interrupt'];
  readonly balance?: Actor['balance'];
}

/** What acts on the initial state, in the order given. */
export interface Cast {
  readonly actors: Readonly<Record<string, Body>>;
  readonly properties?: readonly Property[];
  /** What a test wants to know when an execution has ended. */
  readonly look?: () => unknown;
}

/** A program whose machine is made by `setup`; by default every thread has a CPU of its own and no allocation fails. */
export function program(
  name: string,
  setup: (machine: Machine) => Cast,
  options: Partial<MachineOptions> = {},
): Program {
  return { name, build: () => armed(setup, options) };
}

/** The machine of such a program, for tests that look at it directly. */
export function armed(
  setup: (machine: Machine) => Cast,
  options: Partial<MachineOptions> = {},
): Machine {
  const machine = new Machine(options);
  const { actors, properties = [] } = setup(machine);
  machine.arm(Object.entries(actors).map(actor), properties);
  return machine;
}

function actor([name, body]: readonly [string, Body]): Actor {
  if (typeof body === 'function') return { name, path: body, cpu: undefined, current: undefined };
  const { cpu, current, ...rest } = body;
  return { name, cpu, current, ...rest };
}

/** Actors `name0` to `name<count-1>`, each made from its number. */
export function crowd(
  name: string,
  count: number,
  body: (index: number) => Body,
): Record<string, Body> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${name}${String(index)}`, body(index)]),
  );
}

/** The element at an index that is known to be there. */
export function at<T>(array: readonly T[], index: number): T {
  if (index < 0 || index >= array.length) {
    throw new RangeError(`there is no element ${String(index)} of ${String(array.length)}`);
  }
  return array[index] as T;
}

/** `make(0)` to `make(count - 1)`. */
export function list<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
