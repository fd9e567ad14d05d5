// A row of the table of rules: the smallest program that breaks a rule of the kernel, and its neighbour, in which
// one thing is different and nothing is wrong. The table is test and documentation at once: docs/rules.md is made
// from it, and a test asks the plain enumerator of both programs.
import type { VerdictKind } from '../../src/machine/index.js';
import type { Scenario } from '../scenario.js';

/** A cycle of lock dependencies, and whether a schedule closes it. */
export interface RuleReport {
  /** lockdep's headline. */
  readonly title: string;
  /** `a -> b -> a` */
  readonly cycle: string;
  readonly status: 'confirmed' | 'refuted' | 'open';
  /** Part of the sentence that says why. */
  readonly because?: string;
}

export interface RuleExample {
  /** The rule's number, `K-01`, or the historic race that breaks it, `R28`. Several rows may share one. */
  readonly id: string;
  /** What must not be done, as one sentence. */
  readonly rule: string;
  /** Where that stands: a kernel document or function with its version, a commit, a paper. */
  readonly source: string;
  readonly broken: Scenario;
  /** Steps of one execution, where the usual limit makes them long for no gain. */
  readonly stepsMax?: number | undefined;
  /** What the machine says of it. */
  readonly verdict: VerdictKind;
  /** Part of the verdict's sentence. */
  readonly says: string;
  /** How many schedules of the broken program fail: all, or only some. */
  readonly fails: 'always' | 'sometimes';
  /** What lockdep reports of the broken program; of the neighbour it reports nothing. */
  readonly report?: RuleReport | undefined;
  readonly neighbour: Scenario;
  /** What is different in the neighbour, as one sentence. */
  readonly difference: string;
}
