// The fingerprint of a machine's state, kept up to date step by step: all cells, and of each thread where it stands. It
// is what a search that cuts executions at known states goes by. What a thread has seen is hashed as it sees it; a call
// that has returned and left nothing but its result is forgotten, as is a round of a loop that began with cpu.loop().
import { type Cell, load } from '../cell.js';
import { ModelError } from '../errors.js';
import type { Loop } from '../liveness/loop.js';
import { SPIN, spinOf } from '../liveness/loop.js';
import type { Machine } from '../machine.js';
import type { Operation } from '../op.js';
import type { Thread } from '../thread.js';
import type { CallListener, StepObserver } from '../tracer.js';
import { feedAgain } from './feed.js';
import { foldA, foldB, mixA, mixB, textA, textB } from './hash.js';
import { areSettled, isSettled } from './settled.js';
import { isUndoable } from './undoable.js';
import { ThreadState } from './thread-state.js';
import { ValueHash } from './value-hash.js';

const CALL = 0x1f3d5b79;
const RETURN = 0x2a4c6e80;
const KEPT = 0x3b5d7f91;
const HEAD = 0x4c6e80a2;
const WAITS = 0x5d7f91b3;
const ENDED = 0x6e80a2c4;
const STOPPED = 0x7f91b3d5;
const MADE = 0x10a2c4e6;
const HOLDS = 0x21b3d5f7;
const ENTERS = 0x32c4e608;
const NEEDS = 0x43d5f719;
const SPINS = 0x54e6082a;
const SPAWNED = 0x65f7193b;

/** For tests: a fingerprint with a planted mistake, to see that the audit of a search finds it. */
export interface TrackerOptions {
  /** Whether a call that has returned is forgotten; `rule` is the right answer. */
  readonly forgets?: ((name: string, rule: boolean) => boolean) | undefined;
  /** False for a thread whose history is ignored. */
  readonly sees?: ((thread: string) => boolean) | undefined;
  /** False for a cell that is ignored. */
  readonly isSeen?: ((cell: Cell<unknown>) => boolean) | undefined;
}

/** What is saved before a step, so that it can be undone. */
export interface SavedState {
  readonly a: number;
  readonly b: number;
  readonly waitA: number;
  readonly waitB: number;
  readonly partA: number;
  readonly partB: number;
  readonly taken: number;
  readonly forgot: string;
  readonly cellsA: number;
  readonly cellsB: number;
  readonly threadsA: number;
  readonly threadsB: number;
}

export class StateTracker implements StepObserver, CallListener {
  /** The two lanes of the fingerprint, as of the last settle(). */
  a = 0;
  b = 0;
  /** Some thread has come to a loop's head. */
  metLoops = false;
  /** Every step so far can be undone in the middle of an execution. */
  takesBack = true;
  readonly #machine: Machine;
  readonly #options: TrackerOptions;
  readonly #values = new ValueHash();
  readonly #threads: ThreadState[] = [];
  /** How many of these are in use. */
  #count = 0;
  /** How many are part of the fingerprint. */
  #settled = 0;
  // Cells by their searchId: what their name hashes to, and what they and their values add to the fingerprint.
  readonly #keyA: number[] = [];
  readonly #keyB: number[] = [];
  readonly #nowA: number[] = [];
  readonly #nowB: number[] = [];
  readonly #initialA: number[] = [];
  readonly #initialB: number[] = [];
  readonly #names = new Map<string, number>();
  /** Cells of the same name are told apart by which of them this machine has seen change first. */
  #hasNamesakes = false;
  /** What all cells add. */
  #cellsA = 0;
  #cellsB = 0;
  /** What all threads add. */
  #threadsA = 0;
  #threadsB = 0;
  readonly #undone: Cell<unknown>[] = [];
  /** Changes in the journal that are part of the fingerprint. */
  #folded = 0;

  constructor(machine: Machine, options: TrackerOptions = {}) {
    this.#machine = machine;
    this.#options = options;
    machine.observe(this);
    machine.listenToCalls(this);
  }

  /** Another machine of the same program comes to the same fingerprints. */
  get isPortable(): boolean {
    return this.#values.isPortable && !this.#hasNamesakes;
  }

  /** What a thread has forgotten last, as a sentence's object; for errors of the audit. */
  blame(thread: number): string {
    const { forgot } = this.#thread(thread);
    return forgot === '' ? 'nothing that was forgotten' : forgot;
  }

  // --- What happens -------------------------------------------------------------------------------------------

  begin(): void {
    for (let id = 0; id < this.#nowA.length; id++) {
      this.#nowA[id] = this.#initialA[id] as number;
      this.#nowB[id] = this.#initialB[id] as number;
    }
    this.#folded = this.#cellsA = this.#cellsB = this.#threadsA = this.#threadsB = 0;
    this.#count = this.#settled = 0;
    for (let t = 0; t < this.#machine.threadCount; t++) this.#enter(this.#machine.thread(t), 0, 0);
  }

  spawned(creator: Thread, child: Thread): void {
    // What it runs may depend on whatever its creator has seen.
    const { a, b } = this.#thread(creator.index);
    this.#enter(child, mixA(a, SPAWNED), mixB(b, SPAWNED));
  }

  #enter(thread: Thread, a: number, b: number): void {
    const { index, name } = thread;
    while (this.#threads.length <= index) this.#threads.push(new ThreadState());
    const state = this.#thread(index);
    this.#values.of(name);
    state.begin(
      mixA(mixA(a, index), foldA(this.#values.a, this.#values.b)),
      mixB(mixB(b, index), foldB(this.#values.a, this.#values.b)),
    );
    state.partA = state.partB = 0;
    this.#count = index + 1;
  }

  step(op: Operation, result: unknown): void {
    const state = this.#thread(op.thread);
    if (!isUndoable(op.primitive)) this.takesBack = false;
    if (op.isPending) {
      this.#waits(state, op);
      return;
    }
    state.waitA = state.waitB = 0;
    state.results[state.taken++] = result;
    if (op.primitive === SPIN) return;
    if (op.primitive.forgets) {
      state.a = mixA(state.baseA, MADE);
      state.b = mixB(state.baseB, MADE);
      return;
    }
    this.#values.of(result);
    this.#see(state, this.#values.a, this.#values.b);
  }

  #see(state: ThreadState, a: number, b: number): void {
    state.a = mixA(state.a, foldA(a, b));
    state.b = mixB(state.b, foldB(a, b));
  }

  /** An operation has begun and is not done: what it waits for followed from the state at that time. */
  #waits(state: ThreadState, { primitive, phase, a, b }: Operation): void {
    if (primitive === SPIN) return;
    state.waitA = mixA(WAITS, phase);
    state.waitB = mixB(WAITS, phase);
    for (const value of [primitive.name, a, b]) {
      this.#values.of(value);
      state.waitA = mixA(state.waitA, foldA(this.#values.a, this.#values.b));
      state.waitB = mixB(state.waitB, foldB(this.#values.a, this.#values.b));
    }
  }

  enter(index: number, name: string, args: readonly unknown[]): void {
    const state = this.#thread(index);
    state.call(areSettled(args));
    this.#values.of(name);
    this.#see(state, this.#values.a ^ CALL, this.#values.b);
  }

  leave(index: number, name: string, result: unknown): void {
    const state = this.#thread(index);
    const rule = state.leave() && isSettled(result);
    if (this.#options.forgets?.(name, rule) ?? rule) {
      state.forgetCall();
      state.forgot = `${name}()`;
      this.#see(state, RETURN, RETURN);
    } else {
      this.#see(state, KEPT, KEPT);
    }
    this.#values.of(result);
    this.#see(state, this.#values.a, this.#values.b);
  }

  /** A path has looked at the state between two steps. */
  looked(thread: Thread, seen: unknown): void {
    this.takesBack = false;
    this.#values.of(seen);
    this.#see(this.#thread(thread.index), this.#values.a, this.#values.b);
  }

  arrived(thread: Thread, loop: Loop, locals: readonly unknown[]): void {
    const state = this.#thread(thread.index);
    this.metLoops = true;
    state.atHead(loop);
    state.forgot = `the loop "${loop.name}"`;
    this.#values.of(loop.name);
    this.#see(state, this.#values.a ^ HEAD, this.#values.b);
    for (const local of locals) {
      this.#values.of(local);
      this.#see(state, this.#values.a, this.#values.b);
    }
    // Whether the next round would be the same is judged by the state in which this one begins.
    this.#foldCells();
    this.#see(state, this.#cellsA ^ this.#threadsA ^ state.partA, 0);
    this.#see(state, this.#cellsB ^ this.#threadsB ^ state.partB, 0);
  }

  // --- The fingerprint ----------------------------------------------------------------------------------------

  /** Brings the fingerprint up to date; `ran` is the only thread that has moved since, or -1 for any. */
  settle(ran: number): void {
    this.#foldCells();
    const { threadCount } = this.#machine;
    // A thread that nobody of the model has made: it does the same whoever needed it.
    while (this.#count < threadCount) this.#enter(this.#machine.thread(this.#count), 0, 0);
    const from = ran < 0 ? 0 : this.#settled;
    for (let t = from; t < threadCount; t++) this.#refresh(t);
    if (ran >= 0 && ran < from) this.#refresh(ran);
    this.#settled = threadCount;
    this.a = this.#cellsA ^ this.#threadsA;
    this.b = this.#cellsB ^ this.#threadsB;
  }

  #foldCells(): void {
    const { journal } = this.#machine;
    const { length } = journal;
    for (let n = this.#folded; n < length; n++) this.#foldCell(journal.cellAt(n), n);
    this.#folded = length;
    journal.mark();
  }

  #foldCell(cell: Cell<unknown>, n: number): void {
    const { isSeen } = this.#options;
    if (isSeen !== undefined && !isSeen(cell)) return;
    const id = cell.searchId < 0 ? this.#number(cell, n) : cell.searchId;
    const values = this.#values;
    values.of(load(cell));
    const a = mixA(this.#keyA[id] as number, foldA(values.a, values.b));
    const b = mixB(this.#keyB[id] as number, foldB(values.a, values.b));
    this.#cellsA ^= a ^ (this.#nowA[id] as number);
    this.#cellsB ^= b ^ (this.#nowB[id] as number);
    this.#nowA[id] = a;
    this.#nowB[id] = b;
  }

  /** Gives a cell its number at its first change: what it held until then is its initial value. */
  #number(cell: Cell<unknown>, n: number): number {
    const id = (cell.searchId = this.#keyA.length);
    const { name } = cell;
    const namesakes = this.#names.get(name) ?? 0;
    this.#names.set(name, namesakes + 1);
    if (namesakes > 0) this.#hasNamesakes = true;
    const key = namesakes === 0 ? name : `${name}\n${String(namesakes)}`;
    this.#keyA.push(textA(key));
    this.#keyB.push(textB(key));
    this.#values.of(this.#machine.journal.oldAt(n));
    const a = mixA(this.#keyA[id] as number, foldA(this.#values.a, this.#values.b));
    const b = mixB(this.#keyB[id] as number, foldB(this.#values.a, this.#values.b));
    this.#initialA.push(a);
    this.#initialB.push(b);
    this.#nowA.push(a);
    this.#nowB.push(b);
    return id;
  }

  /** One thread's part of the fingerprint. */
  #refresh(index: number): void {
    const state = this.#thread(index);
    const thread = this.#machine.thread(index);
    this.#threadsA ^= state.partA;
    this.#threadsB ^= state.partB;
    this.#setPart(state, thread);
    this.#threadsA ^= state.partA;
    this.#threadsB ^= state.partB;
  }

  #setPart(state: ThreadState, thread: Thread): void {
    const { op } = thread;
    if (thread.ended) {
      this.#values.of(thread.result);
      this.#part(state, state.baseA, state.baseB);
      this.#mixPart(state, ENDED, ENDED);
      this.#mixPart(state, this.#values.a, this.#values.b);
      return;
    }
    if (this.#options.sees?.(thread.name) === false) this.#part(state, state.baseA, state.baseB);
    else if (op.isPending && op.primitive.forgets) this.#part(state, state.baseA, state.baseB);
    else this.#part(state, mixA(state.a, state.baseA), mixB(state.b, state.baseB));
    // What it is about to act on may follow from what it looked at without a step.
    if (op.isPending && !isUndoable(op.primitive)) {
      this.#values.of(op.subject);
      this.#mixPart(state, this.#values.a, this.#values.b);
    }
    if (state.waitA !== 0 || state.waitB !== 0) this.#mixPart(state, state.waitA, state.waitB);
    if (thread.stopped) this.#mixPart(state, STOPPED, STOPPED);
    if (op.isPending && op.primitive === SPIN) this.#mixSpin(state, op);
    if (thread.held.depth > 0 || thread.held.unvalidated.length > 0) this.#mixHeld(state, thread);
    for (const section of thread.entering) this.#mixText(state, section.name, ENTERS);
    this.#mixCounts(state, thread);
  }

  #part(state: ThreadState, a: number, b: number): void {
    state.partA = a;
    state.partB = b;
  }

  #mixPart(state: ThreadState, a: number, b: number): void {
    state.partA = mixA(state.partA, foldA(a, b));
    state.partB = mixB(state.partB, foldB(a, b));
  }

  #mixText(state: ThreadState, text: string, kind: number): void {
    this.#values.of(text);
    this.#mixPart(state, this.#values.a ^ kind, this.#values.b);
  }

  /** What must happen before it goes round again. */
  #mixSpin(state: ThreadState, op: Operation): void {
    const { movers, revived } = spinOf(op);
    this.#mixPart(state, SPINS, revived ? 1 : 0);
    if (movers === undefined) return;
    this.#mixPart(state, SPINS, movers.size);
    let all = 0;
    for (const mover of movers) all ^= mixA(SPINS, mover);
    this.#mixPart(state, SPINS, all);
  }

  /** The locks that it holds, in the order in which it took them. */
  #mixHeld(state: ThreadState, { held }: Thread): void {
    for (let n = 0; n < held.depth; n++) {
      this.#values.of(held.lock(n));
      const how = held.mode(n) === 'read' ? ~held.level(n) : held.level(n);
      this.#mixPart(state, mixA(this.#values.a ^ HOLDS, how), this.#values.b);
    }
    for (const lock of held.unvalidated) {
      this.#values.of(lock);
      this.#mixPart(state, ~this.#values.a, this.#values.b);
    }
  }

  /** What it has made so far names what it makes next; what it has needed so far is needed for its events. */
  #mixCounts(state: ThreadState, thread: Thread): void {
    const { lockdep } = this.#machine;
    if (thread.identity.created > 0) {
      thread.identity.visitCounts((kind, count) => {
        this.#values.of(kind);
        state.partA ^= mixA(foldA(this.#values.a, this.#values.b) ^ MADE, count);
        state.partB ^= mixB(foldB(this.#values.a, this.#values.b) ^ MADE, count);
      });
    }
    if (!lockdep.watchesEvents) return;
    lockdep.visitNeeds(thread, (id, kinds) => {
      // By its name: which class got which number depends on what ran before.
      this.#values.of(lockdep.className(id));
      state.partA ^= mixA(mixA(NEEDS, foldA(this.#values.a, this.#values.b)), kinds);
      state.partB ^= mixB(mixB(NEEDS, foldB(this.#values.a, this.#values.b)), kinds);
    });
  }

  // --- Going back ---------------------------------------------------------------------------------------------

  /** What the tracker knows, before the thread takes a step. */
  save(index: number): SavedState {
    const { a, b, waitA, waitB, partA, partB, taken, forgot } = this.#thread(index);
    const [cellsA, cellsB, threadsA, threadsB] = [
      this.#cellsA,
      this.#cellsB,
      this.#threadsA,
      this.#threadsB,
    ];
    return { a, b, waitA, waitB, partA, partB, taken, forgot, cellsA, cellsB, threadsA, threadsB };
  }

  /** The thread is back before that step. */
  restore(index: number, saved: SavedState): void {
    const state = this.#thread(index);
    state.a = saved.a;
    state.b = saved.b;
    state.waitA = saved.waitA;
    state.waitB = saved.waitB;
    state.partA = saved.partA;
    state.partB = saved.partB;
    state.taken = saved.taken;
    state.forgot = saved.forgot;
    state.isStale = true;
    this.#threadsA = saved.threadsA;
    this.#threadsB = saved.threadsB;
  }

  /** Undoes the journal up to a mark, where the cells were as saved. */
  undoTo(mark: number, saved: SavedState): void {
    const { journal } = this.#machine;
    const { length } = journal;
    const cells = this.#undone;
    cells.length = 0;
    for (let n = mark; n < length; n++) cells.push(journal.cellAt(n));
    journal.undoTo(mark);
    this.#folded = mark;
    for (const cell of cells) {
      const id = cell.searchId;
      if (id < 0) continue;
      this.#values.of(load(cell));
      const { a, b } = this.#values;
      this.#nowA[id] = mixA(this.#keyA[id] as number, foldA(a, b));
      this.#nowB[id] = mixB(this.#keyB[id] as number, foldB(a, b));
    }
    this.#cellsA = saved.cellsA;
    this.#cellsB = saved.cellsB;
  }

  /** Brings the path of a thread to where the thread is, if it is elsewhere. */
  freshen(thread: Thread): void {
    const state = this.#thread(thread.index);
    if (!state.isStale) return;
    const { a, b, taken } = state;
    state.a = state.baseA;
    state.b = state.baseB;
    state.depth = 0;
    state.isStale = false;
    let at = 0;
    const feed = {
      result: undefined as unknown,
      next: (): boolean => {
        if (at === taken) return false;
        feed.result = state.results[at++];
        this.#values.of(feed.result);
        this.#see(state, this.#values.a, this.#values.b);
        return true;
      },
    };
    feedAgain(thread, feed);
    if (state.a === a && state.b === b && at === taken) return;
    throw new ModelError(
      `${thread.name} does not do the same again although it sees the same: its path depends on more than its steps`,
    );
  }

  #thread(index: number): ThreadState {
    return this.#threads[index] as ThreadState;
  }
}
