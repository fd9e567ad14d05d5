// A vector clock: for each thread, up to which of its epochs everything is known to have happened before. It grows
// as threads come by, so that a machine of many threads costs only those that meet.
export class VectorClock {
  readonly #epochs: number[] = [];

  /** 0 for a thread of which nothing is known. */
  of(thread: number): number {
    return this.#epochs[thread] ?? 0;
  }

  /** The thread begins its next epoch: what it does from now on is not what it gave away until now. */
  tick(thread: number): void {
    while (this.#epochs.length <= thread) this.#epochs.push(0);
    this.#epochs[thread] = this.of(thread) + 1;
  }

  /** Comes after everything that the other one knows of as well. */
  join(other: VectorClock): void {
    const theirs = other.#epochs;
    for (let thread = 0; thread < theirs.length; thread++) {
      const epoch = theirs[thread] as number;
      if (thread >= this.#epochs.length) this.#epochs.push(epoch);
      else if (epoch > (this.#epochs[thread] as number)) this.#epochs[thread] = epoch;
    }
  }

  /** True if what the thread did in that epoch happened before. */
  covers(thread: number, epoch: number): boolean {
    return this.of(thread) >= epoch;
  }

  copy(): VectorClock {
    const copy = new VectorClock();
    copy.join(this);
    return copy;
  }
}
