// How much of what a sampler draws has not been seen yet. Of N independent samples f1 classes were seen exactly once:
// the next sample is of a class not seen before with a probability of about f1/N (Good, "The Population Frequencies of
// Species and the Estimation of Population Parameters", Biometrika 1953, after Turing).
import { confidenceDefault } from './sampling-bounds.js';

export interface Unseen {
  readonly samples: number;
  /** Different classes among them. */
  readonly classes: number;
  /** Classes that were seen exactly once, and exactly twice. */
  readonly once: number;
  readonly twice: number;
  /** Estimate: the probability that the next sample is of a class not seen before. */
  readonly mass: number;
  /** With 95 % confidence that probability is at most this. */
  readonly massAtMost: number;
  /** Chao's estimate of how many classes there are at least (Scandinavian Journal of Statistics 1984). */
  readonly classesEstimated: number;
}

/**
 * The bound is what two inequalities with half the doubt each come to. The missing mass is above its mean by e with a
 * probability of at most exp(-N e^2) (McAllester and Ortiz, JMLR 2003; Berend and Kontorovich, ECP 2013); f1/N, whose
 * mean is no smaller, is below its own by e with at most exp(-N e^2/2), since one sample changes f1 by at most 2
 * (McDiarmid 1989). McAllester and Schapire (COLT 2000) were the first with such a bound; theirs is wider.
 */
export function massBound(once: number, samples: number, confidence = confidenceDefault): number {
  if (samples < 1) return 1;
  const doubt = Math.log(2 / (1 - confidence)) / samples;
  return Math.min(1, once / samples + (1 + Math.SQRT2) * Math.sqrt(doubt));
}

/** Counts classes by their fingerprints. */
export class ClassCount {
  readonly #seen = new Map<string | bigint, number>();
  samples = 0;

  add(fingerprint: string | bigint): void {
    this.samples++;
    this.#seen.set(fingerprint, (this.#seen.get(fingerprint) ?? 0) + 1);
  }

  get classes(): number {
    return this.#seen.size;
  }

  #seenTimes(times: number): number {
    let classes = 0;
    for (const n of this.#seen.values()) if (n === times) classes++;
    return classes;
  }

  unseen(): Unseen {
    const { samples, classes } = this;
    const once = this.#seenTimes(1);
    const twice = this.#seenTimes(2);
    const more = twice > 0 ? once ** 2 / (2 * twice) : (once * (once - 1)) / 2;
    return {
      samples,
      classes,
      once,
      twice,
      mass: samples === 0 ? 1 : once / samples,
      massAtMost: massBound(once, samples),
      classesEstimated: classes + more,
    };
  }
}
