// What the invariants ask of a kernel, whatever its era: one with css_sets, and lists of tasks on them. Each era
// answers in its own terms; nothing here knows a field of a struct.
import type { Cell, Lock, Machine, MachineEvent } from '../src/machine/index.js';

export interface TaskView {
  readonly label: string;
}

export interface CssSetView {
  readonly label: string;
  readonly refcount: Cell<number>;
}

export interface KernelView<T extends TaskView, C extends CssSetView> {
  readonly machine: Machine;
  /** The css_set of the root cgroups; its own reference is its first. */
  readonly init_css_set: C;
  /** The lock that is free only where pointers and lists agree. */
  readonly membershipLock: Lock;
  readonly events: {
    readonly exit_unlinked: MachineEvent<{ task: T; wasLinked: boolean }>;
  };
  /** Those that exist now, by name. */
  tasks(): readonly T[];
  css_sets(): readonly C[];
  /** True once lists of tasks are kept at all. */
  keepsLists(): boolean;
  isLinked(task: T): boolean;
  /** PF_EXITING. */
  isExiting(task: T): boolean;
  /** What the task points to. */
  cssSetOf(task: T): C;
  /** The tasks on all lists of the css_set. */
  tasksOn(cset: C): readonly T[];
  /** True if a reference on what the task points to belongs to the task. */
  holdsReference(task: T): boolean;
  /** The first list that is not one any more, and why. */
  firstListDefect(): string | undefined;
}
