// A strategy picks the next thread wherever more than one could go on. All its chance comes from the seed that
// it was made with. One conformance suite holds for every strategy.
import type { DataPurpose, Operation, ThreadSet } from '../src/machine/index.js';
import type { Profile } from './profile.js';
import type { Program, RunOptions } from './program.js';

/** What a strategy may look at. */
export interface View {
  readonly runnable: ThreadSet;
  /** Threads so far in this execution, ended ones included; spawned threads get the next indices. */
  readonly threadCount: number;
  /**
   * Whether going on with this thread would preempt one that could go on. Store buffers and the load balancer
   * preempt nobody: they are no threads of the model.
   */
  preempts(next: number): boolean;
  /** Simulated nanoseconds until the thread's pending operation falls due, AS_ARMED or AT_ANY_TIME. */
  delayOf(thread: number): number;
  /** The number of the CPU that the thread is on. */
  cpuOf(thread: number): number;
  /** The thread's name: the same in every interleaving, which its index is not. */
  nameOf(thread: number): string;
  /** What the thread does next, to look at; whoever has ended shows what it did last. */
  operationOf(thread: number): Operation;
}

/** What one block of executions taught, for strategies that learn. */
export interface Lesson {
  /** The most decisions between threads that one execution of the block had. */
  readonly decisionsMax: number;
  /** The most data choices that one execution of the block had. */
  readonly drawsMax: number;
  /** What the threads of one of its executions did, if it was counted. */
  readonly profile?: Profile | undefined;
}

export interface Strategy {
  /** As on the command line: `random`, `pct`. */
  readonly name: string;
  /** It is asked even where only one thread could go on, so that no step passes it by. */
  readonly keepsTime?: boolean;
  /** It goes by what threads do, so somebody has to count that. */
  readonly needsProfile?: boolean;
  /**
   * For a strategy that must know the program: called before its first block. It may run the program on machines of its own.
   * @returns false if it was interrupted
   * @throws UsageError if it cannot cope with the program
   */
  study?(program: Program, options: RunOptions): boolean;
  /** A block of executions begins: a new stream of chance. */
  beginBlock(block: number): void;
  /** A new execution begins; `view` stays valid until the next one. */
  begin(view: View): void;
  /**
   * Which of the runnable threads goes on; asked only where there are at least two, unless it keeps time.
   * @param current the thread that was running, or -1 at the start; it may have ended or be blocked
   * @returns a runnable thread, or -1 to break the execution off
   */
  choose(current: number): number;
  /** A choice of data: 0, the normal course, to `ways` - 1. */
  draw(ways: number, purpose: DataPurpose): number;
  /** A block has ended. Learning happens here and nowhere else. */
  learn(lesson: Lesson): void;
}
