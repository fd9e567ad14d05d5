// Makes the trace of one execution: listens to the machine, and turns what it hears into plain data with words
// for people. It is used for failures that are shown, never while searching.
import {
  type Cell,
  Lock,
  type Machine,
  type MachineEvent,
  type Operation,
  type Tracer,
  type Verdict,
} from '../machine/index.js';
import { DigestSeries, type StateDigest } from './digest.js';
import { narrate } from './narrate.js';
import { nameAndLabel, show, showIn } from './show.js';
import type {
  Acquisition,
  StepEntry,
  Trace,
  TraceCell,
  TraceEntry,
  VerdictEntry,
} from './trace.js';

/** What the recorder cannot see for itself. */
export interface Recorded {
  readonly scenario: string;
  readonly rung: string | undefined;
  readonly switches: number;
  readonly preemptions: number;
}

/**
 * @example
 * const recorder = new TraceRecorder(machine, () => execution.asked);
 * machine.trace(recorder);
 * recorder.start();
 * execution.run();
 * const trace = recorder.finish({ scenario, rung, switches, preemptions });
 */
export class TraceRecorder implements Tracer {
  readonly #machine: Machine;
  readonly #asked: (() => number) | undefined;
  readonly #digests = new DigestSeries();
  #entries: TraceEntry[] = [];
  #calls: string[][] = [];
  #held: Acquisition[] = [];
  #written = new Set<Cell<unknown>>();
  /** Cells that hold the number of a thread. */
  readonly #holders = new Set<unknown>();
  #steps = 0;
  /** Questions asked up to and with the last step. */
  #askedBefore = 0;
  /** Steps before this one get no entries. */
  #from = 0;
  /** Where the journal stood when the entries began. */
  #cut = 0;
  /** Where the journal stood after the last change that belongs to an entry. */
  #mark = 0;
  /** A verdict that may have been reached in the middle of a step, which then comes first. */
  #pending: Verdict | undefined = undefined;

  /** @param asked how many questions were asked so far; without it, one per step (no data choices) */
  constructor(machine: Machine, asked?: () => number) {
    this.#machine = machine;
    this.#asked = asked;
  }

  /**
   * Before each execution: forgets the last one.
   * @param from the first step that gets an entry: all of a very long execution would fill the memory
   */
  start(from = 0): void {
    this.#from = from;
    this.#entries = [];
    this.#calls = [];
    this.#held = [];
    this.#written = new Set();
    this.#digests.restart();
    this.#steps = this.#askedBefore = 0;
    this.#mark = this.#cut = 0;
    this.#pending = undefined;
  }

  /** The locks that are held now, the first one taken first. */
  get acquisitions(): readonly Acquisition[] {
    return this.#held;
  }

  /** After an execution: its trace. */
  finish(about: Recorded): Trace {
    this.#flushVerdict(this.#stoppedBefore());
    const machine = this.#machine;
    const threads = Array.from({ length: machine.threadCount }, (_, thread) => ({
      name: machine.threadName(thread),
      cpu: machine.thread(thread).processor.id,
      ...(machine.thread(thread).isHandler ? { interrupt: true as const } : {}),
    }));
    const { scenario, rung, switches, preemptions } = about;
    return {
      scenario,
      rung,
      threads,
      cells: this.#initialCells(),
      entries: this.#entries,
      held: this.#held,
      verdict: machine.verdict,
      steps: this.#steps,
      ...(this.#from === 0 ? {} : { omitted: Math.min(this.#from, this.#steps) }),
      switches,
      preemptions,
    };
  }

  /** After an execution: digests of the states that it went through, the last one included. */
  digests(): StateDigest[] {
    return this.#digests.end(this.#machine, this.#steps);
  }

  #initialCells(): TraceCell[] {
    const originals = this.#machine.journal.originals(this.#cut);
    return [...this.#written].map((cell) => {
      const { name, label } = cell;
      return { name, label, initial: this.#show(cell, originals.get(cell)) };
    });
  }

  // --- What the machine tells ---------------------------------------------------------------------------------

  step(op: Operation, result: unknown): void {
    const { thread, slot, primitive } = op;
    // BUG_ON() stops its thread by an operation that nobody chose: no step of the schedule.
    if (primitive.name === 'halt') {
      this.#flushVerdict();
      return;
    }
    if (this.#steps < this.#from) {
      this.#pass(op);
      return;
    }
    const cells = this.#changes();
    const frames = [...this.#callsOf(thread)];
    const waits = op.isPending && !slot.stopped;
    this.#updateHeld(op, frames.at(-1));
    const object = primitive.name === 'kmalloc' ? result : (op.subject ?? result);
    const { name, label } = nameAndLabel(object);
    const entry: StepEntry = {
      kind: 'step',
      n: this.#steps++,
      at: this.#askedBefore,
      thread,
      cpu: slot.processor.id,
      operation: primitive.name,
      subject: name,
      label,
      text: narrate(op, result),
      effect: primitive.effect,
      locking: op.subject instanceof Lock,
      ...(result === undefined ? {} : { result: showResult(op, result) }),
      writes: cells.map((cell) => cell.name),
      values: this.#valuesOf(cells),
      waits,
      frames,
      locks: this.#held.filter((taken) => taken.thread === thread).map((taken) => taken.lock),
    };
    this.#askedBefore = this.#asked?.() ?? this.#steps;
    if (this.#pending !== undefined && !this.#belongsTo(this.#pending, slot.name)) {
      this.#flushVerdict();
    }
    this.#entries.push(entry);
    this.#flushVerdict();
    this.#digests.look(this.#machine, this.#steps);
  }

  /** A step without an entry. The last one of them makes way for those that have one. */
  #pass(op: Operation): void {
    this.#updateHeld(op, this.#callsOf(op.thread).at(-1));
    this.#steps++;
    this.#askedBefore = this.#asked?.() ?? this.#steps;
    this.#flushVerdict();
    this.#digests.look(this.#machine, this.#steps);
    if (this.#steps < this.#from) return;
    this.#cut = this.#mark = this.#machine.journal.mark();
    for (const [thread, names] of this.#calls.entries()) {
      for (const name of names) this.#entries.push({ kind: 'enter', thread, name, args: [] });
    }
  }

  enter(thread: number, name: string, args: readonly unknown[]): void {
    if (this.#isOver()) return;
    this.#callsOf(thread).push(name);
    if (this.#steps < this.#from) return;
    this.#entries.push({ kind: 'enter', thread, name, args: args.map(show) });
  }

  leave(thread: number, name: string, result: unknown): void {
    if (this.#isOver()) return;
    this.#callsOf(thread).pop();
    if (this.#steps < this.#from) return;
    this.#entries.push({ kind: 'leave', thread, name, result: show(result) });
  }

  note(thread: number, text: string): void {
    if (this.#steps < this.#from) return;
    const cells = this.#changes();
    if (this.#isOver()) return;
    const writes = cells.map((cell) => cell.name);
    this.#entries.push({ kind: 'note', thread, text, writes, values: this.#valuesOf(cells) });
  }

  emitted(event: MachineEvent<never>, payload: unknown): void {
    if (this.#isOver() || this.#steps < this.#from) return;
    this.#entries.push({ kind: 'event', name: event.name, payload: show(payload) });
  }

  verdict(verdict: Verdict): void {
    this.#pending = verdict;
  }

  // --- Keeping account ----------------------------------------------------------------------------------------

  /** A thread still runs to its next announcement after the end; that is no part of the execution. */
  #isOver(): boolean {
    if (this.#machine.halted) return true;
    this.#flushVerdict();
    return false;
  }

  /** Whether a verdict was reached within the step that is being reported. */
  #belongsTo(verdict: Verdict, thread: string): boolean {
    if (this.#machine.halted) return true;
    if (verdict.kind === 'panic' || verdict.kind === 'warning') return verdict.thread === thread;
    if (verdict.kind === 'data race') return verdict.accesses[1].thread === thread;
    return verdict.kind === 'deadlock' && verdict.cycle[0]?.thread === thread;
  }

  #flushVerdict(stopped?: VerdictEntry['stopped']): void {
    const verdict = this.#pending;
    if (verdict === undefined) return;
    this.#entries.push({ kind: 'verdict', verdict, ...(stopped === undefined ? {} : { stopped }) });
    this.#pending = undefined;
  }

  /** A panic that no step belongs to was one at an announcement: what was announced. */
  #stoppedBefore(): VerdictEntry['stopped'] {
    const verdict = this.#pending;
    if (verdict?.kind !== 'panic') return undefined;
    for (let thread = 0; thread < this.#machine.threadCount; thread++) {
      const { name, op, stopped } = this.#machine.thread(thread);
      if (name !== verdict.thread || !stopped || !op.isPending) continue;
      return op.primitive.name === 'halt' ? undefined : { thread, text: narrate(op, undefined) };
    }
    return undefined;
  }

  #callsOf(thread: number): string[] {
    while (this.#calls.length <= thread) this.#calls.push([]);
    return this.#calls[thread] as string[];
  }

  /** The shared cells changed since the last look, in the order of their first change. */
  #changes(): Cell<unknown>[] {
    const journal = this.#machine.journal;
    const cells = journal.changedSince(this.#mark).filter((cell) => !this.#isBookkeeping(cell));
    this.#mark = journal.mark();
    for (const cell of cells) this.#written.add(cell);
    return cells;
  }

  /** State of properties, and of CPUs where lock operations say it already. */
  #isBookkeeping(cell: Cell<unknown>): boolean {
    if (cell.name.startsWith('property ')) return true;
    if (this.#machine.storeBuffers?.has(cell) === true) return true;
    for (let t = 0; t < this.#machine.threadCount; t++) {
      const { preemptDepth, home, processor } = this.#machine.thread(t);
      const { pinnedBy, irqSections, interrupted } = processor;
      const own: unknown[] = [preemptDepth, home, pinnedBy, irqSections, interrupted];
      if (own.includes(cell)) return true;
    }
    return false;
  }

  /** What the cells hold now. */
  #valuesOf(cells: readonly Cell<unknown>[]): string[] {
    return cells.map((cell) => {
      try {
        return this.#show(cell, cell.peek());
      } catch {
        return 'freed memory';
      }
    });
  }

  /** The holder of a lock is a number in the machine, and a name for people. */
  #show(cell: Cell<unknown>, value: unknown): string {
    if (!this.#holders.has(cell) || typeof value !== 'number') return showIn(cell, value);
    return value < 0 ? 'nobody' : this.#machine.threadName(value);
  }

  #updateHeld(op: Operation, takenIn: string | undefined): void {
    const lock = op.subject;
    if (!(lock instanceof Lock)) return;
    this.#holders.add(lock.holder);
    const { thread } = op;
    const at = this.#held.findIndex((held) => held.thread === thread && held.lock === lock.name);
    if (lock.isHeldBy(thread)) {
      if (at >= 0) return;
      const { name, label } = lock;
      const operation = op.primitive.name;
      this.#held.push({ lock: name, label, thread, step: this.#steps, operation, takenIn });
    } else if (at >= 0) {
      this.#held.splice(at, 1);
    }
  }
}

function showResult(op: Operation, result: unknown): string {
  return op.primitive.name === 'read' ? showIn(op.subject as Cell<unknown>, result) : show(result);
}
