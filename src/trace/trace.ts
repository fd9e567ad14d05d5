// The record of one execution. Every view, export and report reads this and nothing else, so it is plain data:
// what is here can be written as JSON and read in another program.
import type { Verdict } from '../machine/index.js';

export interface Trace {
  /** Name of the scenario. */
  readonly scenario: string;
  /** Label of the rung; undefined for a plain machine. */
  readonly rung: string | undefined;
  /** Entries name a thread by its place here. */
  readonly threads: readonly TraceThread[];
  /** Every shared cell that the execution changed, in the order of the first change. */
  readonly cells: readonly TraceCell[];
  readonly entries: readonly TraceEntry[];
  /** The locks that are still held at the end, the first one taken first. */
  readonly held: readonly Acquisition[];
  readonly verdict: Verdict;
  readonly steps: number;
  /** Of a long execution only the last steps have entries; so many come before them. */
  readonly omitted?: number | undefined;
  readonly switches: number;
  readonly preemptions: number;
}

export interface TraceThread {
  readonly name: string;
  /** Number of the CPU that it ended on; every step says where it was taken. */
  readonly cpu: number;
  /** An interrupt: its steps are those of a handler. */
  readonly interrupt?: true;
}

export interface TraceCell {
  /** `child.cgroups`: what `writes` of the entries say. */
  readonly name: string;
  /** `child->cgroups`: for people. */
  readonly label: string;
  /** The value in the initial state, or where the entries begin, as it reads. */
  readonly initial: string;
}

export type TraceEntry =
  EnterEntry | LeaveEntry | StepEntry | NoteEntry | EventEntry | VerdictEntry;

/** A function was called. */
export interface EnterEntry {
  readonly kind: 'enter';
  readonly thread: number;
  readonly name: string;
  readonly args: readonly string[];
}

/** A function has returned. */
export interface LeaveEntry {
  readonly kind: 'leave';
  readonly thread: number;
  readonly name: string;
  /** `nothing` for a function without a result. */
  readonly result: string;
}

/** What an entry changed. */
interface Change {
  /** Names of the cells changed. */
  readonly writes: readonly string[];
  /** What these cells hold now, in the same order. */
  readonly values: readonly string[];
}

export interface StepEntry extends Change {
  readonly kind: 'step';
  /** Counted from 0. */
  readonly n: number;
  /** The question of the schedule whose answer let this step happen; its data choices are the next ones. */
  readonly at: number;
  readonly thread: number;
  readonly cpu: number;
  /** The primitive: `down_read`. */
  readonly operation: string;
  /** What it acts on, by its stable name; empty where there is nothing. */
  readonly subject: string;
  /** The same, for people. */
  readonly label: string;
  /** The step as a statement: `child->cgroups = F`. */
  readonly text: string;
  readonly effect: 'reads' | 'writes';
  /** True for operations on locks. */
  readonly locking: boolean;
  readonly result?: string;
  /** It joined a queue and is not done: a later step of the thread completes it. */
  readonly waits: boolean;
  /** The open functions, outermost first. */
  readonly frames: readonly string[];
  /** Names of the locks that the thread holds after the step. */
  readonly locks: readonly string[];
}

/** A private object was filled in, which is no step. */
export interface NoteEntry extends Change {
  readonly kind: 'note';
  readonly thread: number;
  readonly text: string;
}

/** A path announced something to the properties. */
export interface EventEntry {
  readonly kind: 'event';
  readonly name: string;
  readonly payload: string;
}

export interface VerdictEntry {
  readonly kind: 'verdict';
  readonly verdict: Verdict;
  /** The operation that a thread was stopped before, where it is no step of the trace. */
  readonly stopped?: { readonly thread: number; readonly text: string };
}

/** A lock in somebody's hands. */
export interface Acquisition {
  /** The lock's stable name. */
  readonly lock: string;
  /** The same, for people. */
  readonly label: string;
  readonly thread: number;
  /** Number of the step that got it, counted from 0. */
  readonly step: number;
  /** The primitive that took it. */
  readonly operation: string;
  /** The function that took it; undefined outside of any. */
  readonly takenIn: string | undefined;
}

/** The steps alone. */
export function stepsOf(trace: Trace): StepEntry[] {
  return trace.entries.filter((entry) => entry.kind === 'step');
}
