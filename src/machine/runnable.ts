// The threads that could take their next step now, as a dense list: picking one, adding and removing are O(1).

export class Runnable {
  /** The first `count` entries are the runnable threads, in no promised order. */
  readonly list: number[] = [];
  count = 0;
  /** Where a thread stands in `list`, or -1. */
  readonly #position: number[] = [];

  has(thread: number): boolean {
    return (this.#position[thread] ?? -1) >= 0;
  }

  add(thread: number): void {
    while (this.#position.length <= thread) {
      this.#position.push(-1);
      this.list.push(-1);
    }
    if ((this.#position[thread] as number) >= 0) return;
    this.#position[thread] = this.count;
    this.list[this.count++] = thread;
  }

  remove(thread: number): void {
    const at = this.#position[thread] ?? -1;
    if (at < 0) return;
    const last = this.list[--this.count] as number;
    this.list[at] = last;
    this.#position[last] = at;
    this.#position[thread] = -1;
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
    return this.list.slice(0, this.count).sort((a, b) => a - b);
  }
}
