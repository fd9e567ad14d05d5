// An entry of the gallery: a historic race as a scenario, the form of the code that has it, and the form that does
// not. The claims are data, so that a test, the campaign and the page in docs can hold the tool to them.
import type { Composition } from '../../src/kernel/series.js';
import type { Scenario } from '../scenario.js';

interface Common {
  /** The number of the catalogue: `R13`; a letter follows where one entry has several scenarios. */
  readonly id: string;
  /** What went wrong, in the words of a kernel developer. */
  readonly title: string;
  /** Where it stands: the commit that fixed it, with its subject, or the function and the version. */
  readonly source: string;
  /** At least three threads, so that the fixed form is proved with a bystander who gets in the way. */
  readonly scenario: Scenario;
  /** How far the proof of the form without the race goes. */
  readonly proof: ProofClaim;
}

/** A race that was found in the broken form, and is proved away in the fixed one. */
export interface RaceEntry extends Common {
  readonly kind: 'race';
  /** Patches of the form that has it. */
  readonly broken: Composition<object>;
  /** Patches of the form that does not. */
  readonly fixed: Composition<object>;
  /** Part of the verdict's signature in the broken form: `I-07`, `use after free`, `deadlock`. */
  readonly dies: string;
  /** Of the smallest counterexample: no more threads and preemptions than the catalogue says. */
  readonly depth: { readonly threads: number; readonly preemptions: number };
}

/** An interleaving of the catalogue that a real lock forbids: the form that should have it is proved. */
export interface ForbiddenEntry extends Common {
  readonly kind: 'forbidden';
  /** Patches of the form that was thought to have it. */
  readonly clear: Composition<object>;
  /** The lock, and why it closes the window: one sentence. */
  readonly forbiddenBy: string;
}

export type GalleryEntry = RaceEntry | ForbiddenEntry;

/** A proof is with one failing allocation, veto or step at the searcher's choice. */
export interface ProofClaim {
  /** At most so many preemptions; undefined where the proof finishes without a bound. At least 2. */
  readonly preemptions: number | undefined;
  /** States it may take; by default those of the command line. */
  readonly states?: number | undefined;
}
