// Fingerprints of 64 bits stand for states. Two states with the same one would be taken for one, and what follows the
// second would never be searched: the one way in which a search of states can miss something without saying so.

/**
 * The probability that any two of so many states have the same fingerprint is at most this: the number of pairs over
 * 2^64, which is states^2/2^65. Taken that fingerprints are as good as random.
 */
export function collisionBound(states: number): number {
  return Math.min(1, (states * states) / 2 ** 65);
}
