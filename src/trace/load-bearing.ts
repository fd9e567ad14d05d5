// What a table of load-bearing locks, second looks and references says, as plain data.

export interface LoadRow {
  readonly kind: 'lock' | 'recheck' | 'get' | 'put';
  /** What is left out: `css_set_rwsem`, `list_empty(cg_list)`, `refcount`. */
  readonly what: string;
  /** Where: a function, or `everywhere`. */
  readonly where: string;
  readonly outcome: LoadOutcome;
}

export type LoadOutcome =
  /** A failure was found without it. */
  | {
      readonly kind: 'dies';
      /** The property that does not hold any more, or what the machine says. */
      readonly what: string;
      readonly signature: string;
      readonly preemptions: number;
      /** Every schedule with fewer preemptions was run, and none fails like this; otherwise fewer may do. */
      readonly minimal: boolean;
      readonly by: 'search' | 'sampling';
      readonly executions: number;
    }
  | {
      readonly kind: 'nothing';
      readonly executions: number;
      /** Every schedule was run. */
      readonly complete: boolean;
      /** All schedules with at most so many preemptions were run; undefined where not even those with none were. */
      readonly clearedTo: number | undefined;
      /** Schedules besides that were sampled. */
      readonly sampled: number;
      /** Executions that were cut off by the step limit: what follows there is not known. */
      readonly limited: number;
    };

export interface LoadTable {
  /** The scenario as it is, judged in the same way. */
  readonly whole: LoadOutcome;
  readonly rows: readonly LoadRow[];
  /** Executions in which was looked for locks, second looks and references. */
  readonly surveyed: number;
  readonly interrupted: boolean;
}
