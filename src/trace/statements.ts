// From a trace to the lines of a picture: who says what, at which depth. How lines are laid out is for columns.ts.
import type { Wait } from '../machine/index.js';
import { raceMark } from './race.js';
import { racingSteps, relevantSteps } from './relevance.js';
import { type StepEntry, stepsOf, type Trace } from './trace.js';

/** One line of one thread. */
export interface Statement {
  readonly cpu: number;
  /** Open heads above it: two more spaces each. */
  readonly depth: number;
  readonly text: string;
  /** What an arrow says beside it. */
  readonly mark: string | undefined;
}

/** An arrow beside a step. */
export interface Mark {
  /** Number of the step, counted from 0. */
  readonly step: number;
  readonly text: string;
}

export interface Statements {
  readonly lines: readonly Statement[];
  /** How many steps are among them. */
  readonly steps: number;
}

/** Every step; those that matter; or only those in which threads meet, without the locks. */
export type Detail = 'full' | 'normal' | 'brief';

/** Arrows at the two accesses of a data race. */
function raceMarks({ verdict }: Trace): Mark[] {
  if (verdict.kind !== 'data race') return [];
  // What fills in a private object is no step.
  return verdict.accesses
    .filter(({ operation }) => operation !== 'init')
    .map((access) => ({ step: access.step, text: raceMark(access) }));
}

function chooseSteps(trace: Trace, steps: readonly StepEntry[], detail: Detail): Set<number> {
  switch (detail) {
    case 'full':
      return new Set(steps.map(({ n }) => n));
    case 'normal':
      return relevantSteps(trace);
    case 'brief':
      return racingSteps(trace);
  }
}

/** The statements of a trace, as many as the detail asks for. */
export function statementsOf(trace: Trace, detail: Detail, wanted: readonly Mark[]): Statements {
  const marks = [...raceMarks(trace), ...wanted];
  const steps = stepsOf(trace);
  const full = detail === 'full';
  const shown = chooseSteps(trace, steps, detail);
  for (const { step } of marks) if (step >= 0 && step < trace.steps) shown.add(step);
  const page = new Page(trace, titledThreads(trace, shown));
  const arrows = new Map(marks.map(({ step, text }) => [step, text]));
  for (const entry of trace.entries) {
    switch (entry.kind) {
      case 'enter':
        page.enter(entry.thread, full ? `(${entry.args.join(', ')})` : '()', entry.name);
        break;
      case 'leave':
        page.leave(entry.thread);
        break;
      case 'step':
        page.standsOn(entry.thread, entry.cpu);
        if (entry.operation === 'interrupt') page.interrupt(entry.thread);
        else if (shown.has(entry.n)) page.say(entry.thread, entry.text, arrows.get(entry.n));
        break;
      case 'note':
        if (full) page.say(entry.thread, entry.text, undefined);
        break;
      case 'verdict':
        if (entry.stopped !== undefined)
          page.say(entry.stopped.thread, entry.stopped.text, undefined);
        break;
      case 'event':
        break;
    }
  }
  sayWaits(page, trace, steps);
  return { lines: page.lines, steps: shown.size };
}

/**
 * The threads whose name must stand above their lines: those that share a CPU with others that are shown, and
 * those that say something outside of any function.
 */
function titledThreads(trace: Trace, shown: ReadonlySet<number>): Set<number> {
  const onCpu = new Map<number, Set<number>>();
  const titled = new Set<number>();
  for (const { n, thread, cpu, frames } of stepsOf(trace)) {
    if (!shown.has(n) || trace.threads[thread]?.interrupt === true) continue;
    onCpu.set(cpu, (onCpu.get(cpu) ?? new Set<number>()).add(thread));
    if (frames.length === 0) titled.add(thread);
  }
  for (const threads of onCpu.values()) {
    if (threads.size > 1) for (const thread of threads) titled.add(thread);
  }
  return titled;
}

/** A thread that waits has not taken its step, yet the wait is what a deadlock is about. */
function sayWaits(page: Page, trace: Trace, steps: readonly StepEntry[]): void {
  const { verdict } = trace;
  if (verdict.kind !== 'deadlock') return;
  const [closing, ...others] = verdict.cycle;
  for (const wait of closing === undefined ? [] : [...others, closing]) {
    const thread = trace.threads.findIndex(({ name }) => name === wait.thread);
    const last = steps.findLast((step) => step.thread === thread);
    // Joining the queue was a step, so it has a line of its own.
    if (thread < 0 || last?.waits === true) continue;
    // Whoever was interrupted has its handler below it in the same column: that says it.
    if (isCpu(wait.waitsFor) && isInterrupt(trace, wait.heldBy)) continue;
    const held = wait.heldBy === undefined ? 'never granted' : `waits for ${wait.heldBy}`;
    page.say(thread, waitStatement(wait, steps), held);
  }
}

function isCpu(awaited: string): boolean {
  return /^CPU\d+$/.test(awaited);
}

function isInterrupt(trace: Trace, thread: string | undefined): boolean {
  return trace.threads.some(({ name, interrupt }) => name === thread && interrupt === true);
}

function waitStatement({ waitsFor, operation }: Wait, steps: readonly StepEntry[]): string {
  // Waiting for the CPU, the thread has not come to its operation yet.
  if (isCpu(waitsFor)) return `${operation}()`;
  const label = steps.find(({ subject }) => subject === waitsFor)?.label ?? waitsFor;
  return `${operation}(${label.replace('the end of ', '')})`;
}

interface OpenCall {
  readonly name: string;
  readonly head: string;
  printed: boolean;
}

/** After so many lines of others, a thread that goes on in a function says again which one. */
const linesForgotten = 12;

class Page {
  readonly lines: Statement[] = [];
  readonly #trace: Trace;
  readonly #titled: ReadonlySet<number>;
  readonly #calls: OpenCall[][];
  /** Per thread, how many lines there were after its last one. */
  readonly #lastLine: number[];
  /** Where each thread takes its present step. */
  readonly #cpus: number[];
  /** Interrupts that have come, and of which nothing was written yet. */
  readonly #coming = new Set<number>();
  /** Per CPU, whose name was written last. */
  readonly #titleOf = new Map<number, number>();

  constructor(trace: Trace, titled: ReadonlySet<number>) {
    this.#trace = trace;
    this.#titled = titled;
    this.#calls = trace.threads.map(() => []);
    this.#cpus = trace.threads.map(({ cpu }) => cpu);
    this.#lastLine = trace.threads.map(() => -1);
  }

  enter(thread: number, args: string, name: string): void {
    this.#calls[thread]?.push({ name, head: `${name}${args}`, printed: false });
  }

  standsOn(thread: number, cpu: number): void {
    this.#cpus[thread] = cpu;
  }

  /** An interrupt comes: its head is written before the first statement of its handler. */
  interrupt(thread: number): void {
    this.#coming.add(thread);
  }

  leave(thread: number): void {
    this.#calls[thread]?.pop();
  }

  /** Writes a statement, and above it whatever is needed to know where it stands. */
  say(thread: number, text: string, mark: string | undefined): void {
    const calls = this.#calls[thread] ?? [];
    const titleIsNew = this.#title(thread);
    this.#heads(thread, calls, titleIsNew);
    this.#line(thread, calls.length, text, mark);
  }

  #title(thread: number): boolean {
    if (this.#coming.delete(thread)) {
      this.#line(thread, -1, '<Interrupt>');
      return true;
    }
    const cpu = this.#cpuOf(thread);
    if (!this.#titled.has(thread) || this.#titleOf.get(cpu) === thread) return false;
    this.#titleOf.set(cpu, thread);
    this.#line(thread, -1, `${this.#trace.threads[thread]?.name ?? ''}:`);
    return true;
  }

  #heads(thread: number, calls: readonly OpenCall[], titleIsNew: boolean): void {
    const silent = this.lines.length - (this.#lastLine[thread] as number);
    let isPlain = true;
    for (const [depth, call] of calls.entries()) {
      if (call.printed) continue;
      this.#line(thread, depth, call.head);
      call.printed = true;
      isPlain = false;
    }
    const inner = calls.at(-1);
    if (isPlain && inner !== undefined && (titleIsNew || silent > linesForgotten)) {
      this.#line(thread, calls.length - 1, `${inner.name}() ...`);
    }
  }

  #line(thread: number, depth: number, text: string, mark?: string): void {
    const isInner = this.#titled.has(thread) || this.#trace.threads[thread]?.interrupt === true;
    const base = isInner ? 1 : 0;
    this.lines.push({ cpu: this.#cpuOf(thread), depth: base + depth, text, mark });
    this.#lastLine[thread] = this.lines.length;
  }

  #cpuOf(thread: number): number {
    return this.#cpus[thread] ?? 0;
  }
}
