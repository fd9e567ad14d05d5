// What a campaign of sampled schedules that found nothing has shown, and what it may have missed. For reports: nothing
// here decides what is run.

/** How sure the bounds are, unless they are asked for otherwise: they are wrong in at most one campaign in 20. */
export const confidenceDefault = 0.95;

/**
 * No failure in `runs` samples: with this confidence at most this part of the schedules that the sampler draws fails.
 * It is 1 - (1 - confidence)^(1/runs), about 3/runs at 95 %. It holds for the mean of their probabilities where the
 * samples are not alike, and also where the sampler learns from earlier ones: one over the product of what each had as
 * its chance to pass is a martingale while nothing fails (Ville's inequality).
 */
export function zeroFailureBound(runs: number, confidence = confidenceDefault): number {
  if (runs < 1) return 1;
  return -Math.expm1(Math.log1p(-confidence) / runs);
}

/** What PCT promises, for bugs of one depth. */
export interface PctBound {
  /** The number of ordering constraints that make the bug happen. */
  readonly depth: number;
  /** n: the most threads of one execution that were seen. */
  readonly threads: number;
  /** k: the most decisions between threads of one execution that were seen. */
  readonly decisions: number;
  /** The runs that counted with so many decisions from their start. */
  readonly runs: number;
  /** One run finds such a bug with at least this probability. */
  readonly perRun: number;
  /** All runs together miss it with at most this probability. */
  readonly missed: number;
}

/**
 * Burckhardt, Kothari, Musuvathi and Nagarakatte, ASPLOS 2010: a run of PCT finds a bug of depth d with a probability of
 * at least 1/(n k^(d-1)), if no execution has more than n threads and k decisions. Whether some have is not known: n and
 * k are what was seen.
 */
export function pctBound(
  depth: number,
  threads: number,
  decisions: number,
  runs: number,
): PctBound {
  const n = Math.max(1, threads);
  const k = Math.max(1, decisions);
  const perRun = 1 / (n * k ** (depth - 1));
  const missed = perRun === 1 ? Number(runs === 0) : Math.exp(runs * Math.log1p(-perRun));
  return { depth, threads: n, decisions: k, runs, perRun, missed };
}
