// The threads that could take their next step now, as a dense list: picking one, adding and removing are O(1).
import { limits } from '../limits.js';

export class Runnable {
  /** The first `count` entries are the runnable threads, in no promised order. */
  readonly list = new Int32Array(limits.threadsMax);
  count = 0;
  /** Where a thread stands in `list`, or -1. */
  readonly #position = new Int32Array(limits.threadsMax).fill(-1);

  has(thread: number): boolean {
    // -1, nobody, is asked for as well: reading a typed array there would be slow.
    return thread >= 0 && (this.#position[thread] as number) >= 0;
  }

  add(thread: number): void {
    const position = this.#position;
    if ((position[thread] as number) >= 0) return;
    const count = this.count;
    position[thread] = count;
    this.list[count] = thread;
    this.count = count + 1;
  }

  remove(thread: number): void {
    const position = this.#position;
    const at = position[thread] as number;
    if (at < 0) return;
    const count = this.count - 1;
    const last = this.list[count] as number;
    this.list[at] = last;
    position[last] = at;
    position[thread] = -1;
    this.count = count;
  }

  /** Makes exactly the threads 0 to `count` - 1 runnable, in this order. */
  restart(count: number): void {
    for (let i = 0; i < this.count; i++) this.#position[this.list[i] as number] = -1;
    this.count = 0;
    for (let thread = 0; thread < count; thread++) this.add(thread);
  }

  /**
   * The default of a schedule: the given thread if it can go on, else the next runnable one in round-robin
   * order from it, or -1 where none can.
   */
  preferred(current: number): number {
    if (this.has(current)) return current;
    let next = -1;
    let first = -1;
    for (let i = 0; i < this.count; i++) {
      const thread = this.list[i] as number;
      if (first < 0 || thread < first) first = thread;
      if (thread > current && (next < 0 || thread < next)) next = thread;
    }
    return next >= 0 ? next : first;
  }

  /** The runnable threads in ascending order: for searches, whose order must not depend on the past. */
  sorted(): number[] {
    return Array.from(this.list.subarray(0, this.count)).sort((a, b) => a - b);
  }
}
