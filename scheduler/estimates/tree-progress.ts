// How much of a search tree is done. A leaf weighs as much as a random descent would come to it, so that all leaves
// together weigh 1: Knuth, "Estimating the Efficiency of Backtrack Programs", 1975; for a depth first search under way
// it is the weighted backtrack estimator of Kilby, Slaney, Thiebaux and Walsh, "Estimating Search Tree Size", AAAI 2006.
// Where we differ: leaves are counted instead of nodes, and the weight of those done is read off the path that the
// search stands on, which costs nothing per leaf and adds up no rounding errors.

/** One place on the path from the root to where a search stands. */
export interface OpenPlace {
  /** The ways to go on here that are finished: everything below them was searched. */
  readonly finished: number;
  /** All ways to go on here that are known by now, at least 1. */
  readonly ways: number;
}

/**
 * What the finished leaves weigh, 0 to 1. It estimates the part of the tree that is done, exactly so where all ways at
 * a place have equally many leaves below them.
 * @param path from the root on; what lies below its last place counts as unfinished
 */
export function weightDone(path: Iterable<OpenPlace>): number {
  let done = 0;
  let weight = 1;
  for (const { finished, ways } of path) {
    weight /= ways;
    done += finished * weight;
  }
  return done;
}

/** What a search says of itself while it goes on. */
export interface Remaining {
  /** Estimate of the part that is done, 0 to 1: it never falls, and is 1 only when nothing is left. */
  readonly done: number;
  /** Estimate of all leaves there are; undefined where nothing is done yet. */
  readonly leaves: number | undefined;
}

/** The largest number below 1: a search that is not over is not done, however its sum is rounded. */
const ALMOST_ALL = 1 - Number.EPSILON / 2;

/**
 * Progress that never falls. A search that learns of new ways while it goes on, as a reduction does, may have to take
 * back what it said: then the bar stands still until the search has caught up.
 */
export class TreeProgress {
  #done = 0;

  /**
   * Looks at a search that is under way.
   * @param leaves how many leaves are finished
   */
  look(path: Iterable<OpenPlace>, leaves: number): Remaining {
    const weight = Math.min(weightDone(path), ALMOST_ALL);
    this.#done = Math.max(this.#done, weight);
    return { done: this.#done, leaves: weight > 0 ? leaves / weight : undefined };
  }

  /** Nothing is left. */
  finish(leaves: number): Remaining {
    this.#done = 1;
    return { done: 1, leaves };
  }
}
