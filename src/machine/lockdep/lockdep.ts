// lockdep: notes in every execution which lock was taken while which other one was held, and which were used where
// interrupts come. It judges nothing: the searches put together what many executions have shown. Once something is
// known, to see it again costs a bit test. After Documentation/locking/lockdep-design.rst; chain caching and the
// wait-type checks of later kernels are not modelled.
import { load } from '../cell.js';
import type { HoldMode } from '../locks/held.js';
import type { Lock } from '../locks/lock.js';
import type { Operation } from '../op.js';
import type { Named } from '../names.js';
import type { Thread } from '../thread.js';
import { DependencyClasses } from './classes.js';
import { PairBits } from './matrix.js';
import { readersNest } from './nesting.js';
import type { Irq, Sighting } from './sighting.js';

/** One bit for each kind of dependency: held for writing or reading, taken so that a writer holds it up or not. */
function kindBit(held: HoldMode, nests: boolean): number {
  return 1 << ((held === 'read' ? 2 : 0) + (nests ? 1 : 0));
}

const HARDIRQ = 0;
const SOFTIRQ = 4;
const USED_IN = 0;
const HELD_WITH = 2;

/** One bit for each way in which a class meets interrupts. */
function useBit(irq: number, how: number, mode: HoldMode): number {
  return 1 << (irq + how + (mode === 'read' ? 1 : 0));
}

/** What lockdep keeps account of only where it matters, from when that has been seen. */
export interface LockdepWatches {
  readonly events: boolean;
  readonly interrupts: boolean;
}

export class Lockdep {
  /** Acquisitions are of interest even where no lock is held. */
  alert = false;
  /** There are interrupts, so it matters where locks are held and taken. */
  watchesInterrupts = false;
  /** Somebody may wait for an event, so it matters what threads need before they let it happen. */
  watchesEvents = false;
  /** What this execution has shown that no execution of this machine had shown before. */
  readonly news: Sighting[] = [];
  readonly #classes = new DependencyClasses();
  /** Kinds of dependencies, by class held and class taken. */
  readonly #orders = new PairBits();
  /** How classes meet interrupts; the second class does not matter. */
  #uses = new Uint8Array(0);
  /** What each thread has needed so far in this execution: kinds by thread and class. */
  readonly #needs: Uint8Array[] = [];

  // --- What the machine tells -------------------------------------------------------------------------------

  /** A new execution begins. */
  begin(): void {
    if (this.news.length > 0) this.news.length = 0;
    for (const needs of this.#needs) needs.fill(0);
  }

  /**
   * Nothing has been seen yet: what the next executions show is news again, whatever ran on this machine before.
   * @param watches what matters from the first step on
   */
  forget({ events, interrupts }: LockdepWatches): void {
    this.#orders.clear();
    this.#uses.fill(0);
    this.watchesEvents = events;
    this.watchesInterrupts = interrupts;
    this.alert = events || interrupts;
  }

  /** What has turned out to matter so far. */
  get watches(): LockdepWatches {
    return { events: this.watchesEvents, interrupts: this.watchesInterrupts };
  }

  /** There are interrupts: true, for whoever asks whether each step is of interest now. */
  watchInterrupts(): true {
    return (this.alert = this.watchesInterrupts = true);
  }

  watchEvents(): void {
    this.alert = this.watchesEvents = true;
  }

  /** The thread takes a lock; called before it is on the thread's stack, and only where that may be of interest. */
  acquires(op: Operation, lock: Lock, mode: HoldMode): void {
    const { primitive, slot } = op;
    // A trylock waits for nobody, so nothing depends on it; what is taken while it is held does (K-14).
    if (primitive.lock?.does === 'try') return;
    const to = this.#classOf(lock, primitive.nests ? (op.a as number) : 0);
    const nests = mode === 'read' && readersNest(op, lock);
    if (this.watchesEvents) this.#need(slot, to, mode, nests);
    if (this.watchesInterrupts && slot.isHandler) {
      this.#use(to, slot.role === 'hardirq' ? 'hardirq' : 'softirq', 'in', mode, slot, lock);
    }
    this.#dependsOnHeld(slot, to, mode, nests, lock);
  }

  /** The thread stands between two steps: an interrupt could come if its CPU takes any. */
  stands(thread: Thread): void {
    const { held, processor, role } = thread;
    if (held.depth === 0 || load(processor.irqsOff)) return;
    const takesSoftirqs = role === 'task' && load(processor.bhDepth) === 0;
    for (let n = 0; n < held.depth; n++) {
      const lock = held.lock(n);
      const id = this.#classOf(lock, held.level(n));
      this.#use(id, 'hardirq', 'on', held.mode(n), thread, lock);
      if (takesSoftirqs) this.#use(id, 'softirq', 'on', held.mode(n), thread, lock);
    }
  }

  /** A step waits for an event that another thread has to let happen, or lets it happen (K-07). */
  meetsEvent(op: Operation): void {
    // An interrupt that has not come holds nothing and keeps nobody waiting.
    if (op.subject === undefined || op.primitive.idle) return;
    this.watchEvents();
    const event = this.#eventOf(op);
    if (event === undefined) return;
    if (op.primitive.signal === 'signals') {
      this.#happens(op.slot, event);
      return;
    }
    // Who sleeps under its own name can be woken by anybody, as kthread_stop() does before it waits.
    if (op.subject !== op.slot.handle) this.#need(op.slot, event, 'write', false);
    this.#dependsOnHeld(op.slot, event, 'write', false, op.subject as Named);
  }

  /** The thread waits for this, in vain: what it would depend on then counts as well. */
  wants(op: Operation): void {
    const { primitive, subject } = op;
    if (waitsForEvent(op)) this.meetsEvent(op);
    else if (primitive.lock?.does === 'acquire') {
      this.acquires(op, subject as Lock, primitive.lock.mode);
    }
  }

  /** The thread lets an event happen: whatever it has needed so far, the event needs. */
  #happens(thread: Thread, from: number): void {
    const needs = this.#needsOf(thread);
    const known = this.news.length;
    for (let to = 0; to < needs.length; to++) {
      const kinds = needs[to] as number;
      if (kinds === 0 || to === from) continue;
      for (const [bit, taken, nests] of takenKinds) {
        if ((kinds & bit) !== 0)
          this.#depend(from, 'write', to, taken, nests, thread, undefined, undefined);
      }
    }
    // Which class got which number depends on what ran before, and nothing that is told may.
    if (this.news.length > known + 1) this.news.push(...this.news.splice(known).sort(byTaken));
  }

  /** The class that an operation would wait for, if it can wait. */
  wantedBy(op: Operation): string | undefined {
    const { primitive, subject } = op;
    if (waitsForEvent(op)) {
      const event = this.#eventOf(op);
      return event === undefined ? undefined : this.#classes.at(event).name;
    }
    if (primitive.lock?.does !== 'acquire') return undefined;
    const level = primitive.nests ? (op.a as number) : 0;
    return this.#classes.at(this.#classOf(subject as Lock, level)).name;
  }

  /** Whether the thread holds a lock of the class. */
  isHeldBy({ held }: Thread, lockClass: string): boolean {
    for (let n = 0; n < held.depth; n++) {
      const id = this.#classOf(held.lock(n), held.level(n));
      if (this.#classes.at(id).name === lockClass) return true;
    }
    return false;
  }

  // --- Classes ----------------------------------------------------------------------------------------------

  /** The class of the event that a step waits for or lets happen: the end of the thread that it follows, if any. */
  #eventOf(op: Operation): number | undefined {
    const { primitive, subject, machine } = op;
    if (primitive.follows !== undefined) {
      const thread = primitive.follows(op);
      return thread === undefined ? undefined : this.#endOf(machine.thread(thread));
    }
    const { dependencyClass, name } = subject as Named & { readonly dependencyClass?: string };
    return this.#event(dependencyClass ?? name);
  }

  /** Threads that one place spawns are alike. */
  #endOf({ identity }: Thread): number {
    if (identity.endClass < 0) {
      identity.endClass = this.#event(`the end of ${identity.name.replaceAll(/#\d+/g, '')}`);
    }
    return identity.endClass;
  }

  #event(name: string): number {
    const id = this.#classes.ofEvent(name);
    this.#reserve();
    return id;
  }

  // --- Keeping account --------------------------------------------------------------------------------------

  #classOf(lock: Lock, level: number): number {
    const known = this.#classes.count;
    const id = this.#classes.idOf(lock, level);
    if (this.#classes.count !== known) this.#reserve();
    return id;
  }

  #reserve(): void {
    const { count } = this.#classes;
    this.#orders.reserve(count);
    if (this.#uses.length < count) {
      const uses = new Uint8Array(2 * count);
      uses.set(this.#uses);
      this.#uses = uses;
    }
  }

  #dependsOnHeld(thread: Thread, to: number, taken: HoldMode, nests: boolean, takes: Named): void {
    const { held } = thread;
    for (let n = 0; n < held.depth; n++) {
      const holds = held.lock(n);
      const from = this.#classOf(holds, held.level(n));
      this.#depend(from, held.mode(n), to, taken, nests, thread, holds, takes);
    }
  }

  #depend(
    from: number,
    held: HoldMode,
    to: number,
    taken: HoldMode,
    nests: boolean,
    thread: Thread,
    holds: Lock | undefined,
    takes: Named | undefined,
  ): void {
    const bit = kindBit(held, nests);
    if (this.#orders.has(from, to, bit)) return;
    this.#orders.set(from, to, bit);
    const [above, below] = [this.#classes.at(from), this.#classes.at(to)];
    this.news.push({
      kind: 'order',
      from: above.name,
      to: below.name,
      fromEvent: above.isEvent,
      toEvent: below.isEvent,
      held,
      taken,
      nests,
      thread: thread.name,
      heldLock: holds?.name ?? above.name,
      takenLock: takes?.name ?? below.name,
      gates: gatesOf(thread, holds),
    });
  }

  #use(
    id: number,
    irq: Irq,
    how: 'in' | 'on',
    mode: HoldMode,
    { name: thread }: Thread,
    { name: lock }: Lock,
  ): void {
    const bit = useBit(
      irq === 'hardirq' ? HARDIRQ : SOFTIRQ,
      how === 'in' ? USED_IN : HELD_WITH,
      mode,
    );
    const uses = this.#uses[id] as number;
    if ((uses & bit) !== 0) return;
    this.#uses[id] = uses | bit;
    const lockClass = this.#classes.at(id).name;
    this.news.push({ kind: 'use', lockClass, irq, how, mode, thread, lock });
  }

  #need(thread: Thread, id: number, taken: HoldMode, nests: boolean): void {
    if (thread.identity.isSpawned) {
      // Whatever it needs, it needs before its end.
      const end = this.#endOf(thread);
      this.#depend(end, 'write', id, taken, nests, thread, undefined, undefined);
    }
    const needs = this.#needsOf(thread);
    const bit = taken === 'write' ? 1 : nests ? 4 : 2;
    needs[id] = (needs[id] as number) | bit;
  }

  /** Visits what a thread has needed so far in this execution: classes by number, and kinds as bits. */
  visitNeeds({ index }: Thread, visit: (id: number, kinds: number) => void): void {
    const needs = this.#needs[index];
    if (needs === undefined) return;
    for (let id = 0; id < needs.length; id++) {
      const kinds = needs[id] as number;
      if (kinds !== 0) visit(id, kinds);
    }
  }

  className(id: number): string {
    return this.#classes.at(id).name;
  }

  #needsOf({ index }: Thread): Uint8Array {
    for (let thread = this.#needs.length; thread <= index; thread++) {
      this.#needs.push(new Uint8Array(0));
    }
    const needs = this.#needs[index] as Uint8Array;
    if (needs.length >= this.#classes.count) return needs;
    const more = new Uint8Array(2 * this.#classes.count);
    more.set(needs);
    this.#needs[index] = more;
    return more;
  }
}

function byTaken(a: Sighting, b: Sighting): number {
  if (a.kind !== 'order' || b.kind !== 'order' || a.to === b.to) return 0;
  return a.to < b.to ? -1 : 1;
}

/** Whether it may have to wait for another thread's doing, other than for a lock. */
function waitsForEvent({ primitive }: Operation): boolean {
  return primitive.signal === 'waits' || primitive.follows !== undefined;
}

/** What a thread holds for writing besides one lock. */
function gatesOf({ held }: Thread, besides: Lock | undefined): string[] {
  const gates: string[] = [];
  for (let n = 0; n < held.depth; n++) {
    if (held.lock(n) !== besides && held.mode(n) === 'write') gates.push(held.lock(n).name);
  }
  return gates;
}

/** The bits of what a thread has needed: what for, and whether a waiting writer holds it up. */
const takenKinds: readonly (readonly [number, HoldMode, boolean])[] = [
  [1, 'write', false],
  [2, 'read', false],
  [4, 'read', true],
];
