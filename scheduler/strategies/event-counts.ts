// How many events each thread has, those of its descendants included: the weights of URW and SURW.
import type { Profile, ThreadProfile } from '../profile.js';

export class EventCounts {
  readonly #counts = new Map<string, number>();
  /** What a thread gets that no profile has shown: the least that one has. */
  readonly #least: number;

  /** @param own how many of a thread's own events count */
  constructor(profile: Profile, own: (thread: ThreadProfile) => number) {
    const { threads } = profile;
    for (const thread of threads) this.#counts.set(thread.name, own(thread));
    // A thread comes after its creator, so going backwards each one is whole before it is added to its creator.
    for (const { name, creator } of [...threads].reverse()) {
      if (creator === undefined) continue;
      this.#counts.set(creator, (this.#counts.get(creator) ?? 0) + (this.#counts.get(name) ?? 0));
    }
    let least = Number.POSITIVE_INFINITY;
    for (const count of this.#counts.values()) least = Math.min(least, count);
    this.#least = Number.isFinite(least) ? least : 0;
  }

  of(name: string): number {
    return this.#counts.get(name) ?? this.#least;
  }
}
