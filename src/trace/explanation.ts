// What an explanation of a counterexample says, as plain data: it crosses threads, and is written as JSON.

/** One step of an execution, as people find it again. */
export interface StepRef {
  /** Its number in that execution, counted from 0. */
  readonly step: number;
  readonly thread: string;
  /** The innermost function; undefined outside of any. */
  readonly function: string | undefined;
  /** The step as a statement: `child->cgroups = F`. */
  readonly text: string;
}

/** Up to where the execution could still have ended well. */
export type CriticalStep =
  /** Before this step some way to go on ends well; after it none does. */
  | {
      readonly kind: 'step';
      readonly step: StepRef;
      /** It is not the step but the failure in it: had that not been drawn, it could have ended well. */
      readonly isFault: boolean;
    }
  /** It is one of the steps from the first to the last; the search ended before it was clear which. */
  | { readonly kind: 'between'; readonly first: StepRef; readonly last: StepRef }
  /** Whoever goes first, it fails: every execution was looked at. */
  | { readonly kind: 'always' }
  /** At the latest this one; whether any execution ends well is not known. */
  | { readonly kind: 'undecided'; readonly last: StepRef | undefined };

/** The two operations whose order decides. */
export type DecidingPair =
  | {
      readonly kind: 'pair';
      /** What came first, and is the critical step. */
      readonly taken: StepRef;
      /** What would have had to come before it, as it is in the execution that ends well. */
      readonly other: StepRef;
      /** The same in the failing execution; undefined where that ends first. */
      readonly otherInFailure: StepRef | undefined;
      /** What both touch, and not only to read: labels of cells, or of the lock or list that both act on. */
      readonly about: readonly string[];
      /** Where both take one lock: what both touch before they give it back. */
      readonly guarded: readonly string[];
      /** The execution that ends well differs in nothing but this order; otherwise some more of the order is changed. */
      readonly isSameOrder: boolean;
      /** The execution that ends well, as a schedule. */
      readonly good: readonly { readonly at: number; readonly pick: number }[];
    }
  /** No single step of others, had it come first, makes the critical one harmless. */
  | { readonly kind: 'none' }
  | { readonly kind: 'undecided' };

/** What becomes of the moved steps at one place. */
export type Place =
  /** The same failure. */
  | 'fails'
  /** Another failure. */
  | 'fails otherwise'
  | 'ends well'
  /** The steps cannot be taken there in a row: they would have to wait, or come before others of their thread. */
  | 'impossible'
  /** Not known: cut off. */
  | 'unknown';

export interface RaceWindow {
  /** The thread whose course is held fixed, and how many steps that has. */
  readonly fixed: string;
  /** The outermost function of its course; undefined outside of any. */
  readonly fixedIn: string | undefined;
  /** The thread whose steps are moved, how many these are, and whether they are the rest of its course. */
  readonly moved: string;
  readonly movedSteps: number;
  readonly isRest: boolean;
  /** Place 0 is before all steps of the fixed thread, place n after its n-th one. */
  readonly places: readonly Place[];
  /** The last step of the fixed thread before the first place that fails; undefined for none before it. */
  readonly opens: StepRef | undefined;
  /** Its first step after the last place that fails; undefined for none after it. */
  readonly closes: StepRef | undefined;
}

export interface Explanation {
  /** The failure that is explained. */
  readonly signature: string;
  readonly message: string;
  /** Steps of the failing execution. */
  readonly steps: number;
  readonly critical: CriticalStep;
  /** Undefined where there is no critical step, or no thread but one. */
  readonly pair: DecidingPair | undefined;
  /** Undefined without a pair. */
  readonly window: RaceWindow | undefined;
  /** Executions that were run to find this out. */
  readonly executions: number;
}
