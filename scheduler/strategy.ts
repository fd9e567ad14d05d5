// A strategy picks the next thread wherever more than one could go on. All its chance comes from the seed that
// it was made with. One conformance suite holds for every strategy.
import type { DataPurpose, ThreadSet } from '../src/machine/index.js';

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
}

/** What one block of executions taught, for strategies that learn. */
export interface Lesson {
  /** The most decisions between threads that one execution of the block had. */
  readonly decisionsMax: number;
  /** The most data choices that one execution of the block had. */
  readonly drawsMax: number;
}

export interface Strategy {
  /** As on the command line: `random`, `pct`. */
  readonly name: string;
  /** It is asked even where only one thread could go on, so that no step passes it by. */
  readonly keepsTime?: boolean;
  /** A block of executions begins: a new stream of chance. */
  beginBlock(block: number): void;
  /** A new execution begins; `view` stays valid until the next one. */
  begin(view: View): void;
  /**
   * Which of the runnable threads goes on; asked only where there are at least two, unless it keeps time.
   * @param current the thread that was running, or -1 at the start; it may have ended or be blocked
   */
  choose(current: number): number;
  /** A choice of data: 0, the normal course, to `ways` - 1. */
  draw(ways: number, purpose: DataPurpose): number;
  /** A block has ended. Learning happens here and nowhere else. */
  learn(lesson: Lesson): void;
}
