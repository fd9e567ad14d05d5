// What a ladder is made of, as the scheduler sees it: scenarios, each of which can be had on any set of patches. What
// a patch is, it does not know.
import type { Program } from '../program.js';

/** Which kernel: names of patches, and of elisions that are not as they are by default. */
export interface Subset {
  readonly patches: readonly string[];
  /** Sections that are modelled by default, and left out here. */
  readonly elide: readonly string[];
  /** Sections that are left out by default, and modelled here. */
  readonly fill: readonly string[];
}

export interface LadderSubject {
  readonly name: string;
  readonly about: string;
  /** Whether it can be asked with these patches at all. */
  readonly isAskedWith: (patches: readonly string[]) => boolean;
  /** The scenario on those patches. */
  readonly on: (subset: Subset) => Climber;
}

/** A scenario on a subset. */
export interface Climber {
  /** Its own, by name, in their order. */
  readonly properties: readonly string[];
  readonly asksRaces: boolean;
  /** The program, in which nobody looks at these properties. */
  readonly program: (unarmed: readonly string[]) => Program;
  /** The functions of the kernel that its programs have called so far. */
  readonly called: ReadonlySet<string>;
  /** Equal for two subsets on which those functions are the same. */
  readonly originsOf: (called: ReadonlySet<string>) => string;
}

export interface LadderStep {
  readonly name: string;
  readonly subject: string;
  readonly patches: readonly string[];
}

export interface LadderSeries {
  readonly name: string;
  readonly about: string;
  /** Lowest first. */
  readonly rungs: readonly LadderStep[];
  /** Subsets to be looked at besides. */
  readonly subsets: readonly LadderStep[];
  /** Those that can be flipped. */
  readonly elisions: readonly { readonly id: string; readonly isModelled: boolean }[];
  /** Why these patches do not go together; undefined where they do. */
  readonly refuses: (patches: readonly string[]) => string | undefined;
  readonly subjects: readonly LadderSubject[];
  /** For the head of a column. */
  readonly shortName: (property: string) => string;
}
