// What the scheduler runs: something that can build a machine, as often as it is needed. The scheduler knows
// nothing of scenarios, kernels or patches.
import type { Machine } from '../src/machine/index.js';

/**
 * Search gear runs bare paths; trace gear has every call of a path as a frame, and so has the gear of a search that
 * has to tell states apart.
 */
export type Gear = 'search' | 'stateful' | 'trace';

export interface Program {
  /** For people and replay files. */
  readonly name: string;
  /** A new machine in its initial state, its actors and properties armed. Always the same one. */
  readonly build: (gear: Gear) => Machine;
  /** Whom a counterexample may do without; by default it is shown with everybody. */
  readonly cast?: Cast | undefined;
}

/** The actors of a program that can be left out. */
export interface Cast {
  /** By name, in their order. */
  readonly actors: readonly string[];
  /** The program without some of them, its properties as they are. */
  readonly without: (names: readonly string[]) => Program;
}

/** What every way of running a program can be told. */
export interface RunOptions {
  /** Steps of one execution before its verdict is `limit`. */
  readonly stepsMax?: number | undefined;
  /** Let executions go on after a failure, and count them all. */
  readonly all?: boolean | undefined;
  /**
   * Two slots that the execution loop writes as it goes: the running thread and its execution's steps so far. A
   * watchdog in another thread reads them.
   */
  readonly pulse?: Int32Array | undefined;
  /** Asked between executions; true ends the search early, and what was found is kept. */
  readonly interrupted?: (() => boolean) | undefined;
}
