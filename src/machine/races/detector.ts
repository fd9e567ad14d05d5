// Looks for data races: two accesses of different threads to one cell, one of them a write, at least one plain, and
// nothing that orders them. It does not need the two to come close: a race is seen in every schedule in which they
// are unordered. KCSAN and the Linux-kernel memory model say what is a race; where we know less is in
// happens-before.ts. One that the scenario turns on costs time; where it is off there is none.
import type { Cell } from '../cell.js';
import type { Allocated } from '../heap.js';
import type { Machine } from '../machine.js';
import type { Lock } from '../locks/lock.js';
import { Seqcount } from '../locks/seqlock.js';
import { tookLock } from '../locks/use.js';
import { HALT, type Operation } from '../op.js';
import { JOIN, type ThreadHandle } from '../spawn.js';
import type { Thread } from '../thread.js';
import type { StepObserver } from '../tracer.js';
import { SCHEDULE } from '../waiting/sleeper.js';
import { type AccessUse, MARKED_READ, OBJECT_WRITE, PLAIN_WRITE } from './access.js';
import { CpuExclusion, excludedBy } from './cpu-exclusion.js';
import { Handovers } from './handover.js';
import { HappensBefore } from './happens-before.js';
import { reportRace } from './report.js';
import { type Access, type Hold, Shadow } from './shadow.js';

export class RaceDetector implements StepObserver {
  readonly #machine: Machine;
  #order = new HappensBefore();
  #cpus = new CpuExclusion(this.#order);
  #handovers = new Handovers();
  #shadows = new Map<Cell<unknown>, Shadow>();
  /** The pointers that the present step has read (false) or written (true). */
  readonly #touched = new Map<Cell<unknown>, boolean>();
  readonly #woken: Thread[] = [];
  #steps = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
    machine.observe(this);
  }

  begin(): void {
    this.#order = new HappensBefore();
    this.#cpus = new CpuExclusion(this.#order);
    this.#handovers = new Handovers();
    this.#shadows = new Map();
    this.#touched.clear();
    this.#woken.length = 0;
    this.#steps = 0;
  }

  spawned(creator: Thread, child: Thread): void {
    this.#order.spawned(creator.index, child.index);
  }

  /** What no step says: the thread hands on what it has done so far to those who receive from the event. */
  handsOn(thread: Thread, event: unknown): void {
    this.#order.signals(thread.index, event);
  }

  receives(thread: Thread, event: unknown): void {
    this.#order.waits(thread.index, event);
  }

  /** The present step has woken a thread, which goes on after it; a wake-up that finds nobody asleep orders nothing. */
  woken(thread: Thread): void {
    this.#woken.push(thread);
  }

  /** A list primitive has read or written a pointer. */
  touched(cell: Cell<unknown>, writes: boolean): void {
    this.#touched.set(cell, writes || this.#touched.get(cell) === true);
  }

  /** A thread has filled in a cell of an object that nobody else knows yet. */
  initialised(thread: Thread, cell: Cell<unknown>, value: unknown): void {
    if (this.#isOver) return;
    this.#access(thread, cell, PLAIN_WRITE, 'init', undefined, value);
  }

  /** smp_mb(), and what is at least as strong in a model without compilers. */
  fenced(thread: Thread): void {
    this.#order.fence(thread.index);
  }

  step(op: Operation, result: unknown): void {
    if (op.primitive === HALT) return;
    this.#steps++;
    if (op.slot.role !== 'idle' && !this.#isOver && !op.slot.stopped) this.#look(op, result);
    this.#touched.clear();
    this.#woken.length = 0;
  }

  /** The first verdict of an execution stands, and nothing new can be said after it. */
  get #isOver(): boolean {
    return this.#machine.verdict.kind !== 'ok';
  }

  #look(op: Operation, result: unknown): void {
    this.#cpus.step(op.slot);
    if (op.isPending) return;
    const { lock, signal, access, follows } = op.primitive;
    const orders = lock !== undefined && lock.orders !== false;
    if (orders && (lock.does !== 'try' || tookLock(op, result))) {
      this.#order.lock(op.thread, op.subject, lock);
    }
    if (signal === 'waits') this.#waits(op);
    const followed = follows?.(op);
    if (followed !== undefined) this.#order.joined(op.thread, followed);
    if (access !== undefined) this.#accesses(op, access, result);
    if (signal === 'signals') this.#order.signals(op.thread, op.subject);
    for (const thread of this.#woken) this.#order.signals(op.thread, thread);
  }

  #waits({ thread, slot, primitive, subject }: Operation): void {
    if (primitive === JOIN) this.#order.joined(thread, (subject as ThreadHandle).index);
    else if (primitive === SCHEDULE) this.#order.waits(thread, slot);
    else this.#order.waits(thread, subject);
  }

  #accesses(op: Operation, use: AccessUse, result: unknown): void {
    const { slot, subject, primitive } = op;
    if (use.marking === 'data_race') return;
    switch (use.of) {
      case 'cell': {
        const wrote = use.wrote?.(op, result) ?? true;
        const really = wrote ? use : MARKED_READ;
        if (use.cellOf !== undefined) {
          this.#access(slot, use.cellOf(op), really, primitive.name, undefined);
          break;
        }
        const value = use.does === 'writes' ? op.a : result;
        this.#access(slot, subject as Cell<unknown>, really, primitive.name, value, op.a);
        break;
      }
      case 'list':
        for (const [cell, writes] of this.#touched) {
          const does = writes ? 'writes' : 'reads';
          this.#access(slot, cell, { ...use, does, of: 'cell' }, primitive.name, undefined);
        }
        break;
      case 'object':
        for (const cell of (subject as Allocated).memory.cells) {
          this.#access(slot, cell, use, primitive.name, undefined);
        }
        break;
    }
  }

  /** @param read what a read has read; @param written what a write has written */
  #access(
    thread: Thread,
    cell: Cell<unknown>,
    use: AccessUse,
    operation: string,
    read: unknown,
    written?: unknown,
  ): void {
    if (cell.isDataRacy) return;
    let shadow = this.#shadows.get(cell);
    if (shadow === undefined) {
      // What nobody has accessed nobody races with, and who comes after a free is told of that.
      if (use === OBJECT_WRITE) return;
      this.#shadows.set(cell, (shadow = new Shadow()));
    }
    this.#order.beforeAccess(thread.index, cell, use, read);
    const value = use.does === 'reads' ? read : use.does === 'writes' ? written : undefined;
    const access = this.#accessOf(thread, cell, use, operation, value);
    const clock = this.#order.of(thread.index);
    const earlier = shadow.conflict(access, clock);
    if (earlier !== undefined) this.#report(earlier, access);
    this.#noteHandover(shadow, access, use);
    shadow.remember(access);
    this.#order.afterAccess(thread.index, cell, use);
  }

  #accessOf(
    thread: Thread,
    cell: Cell<unknown>,
    use: AccessUse,
    operation: string,
    value: unknown,
  ): Access {
    const { index, role, processor, held, calls } = thread;
    const locks: Hold[] = [];
    for (let n = 0; n < held.depth; n++) locks.push({ lock: held.lock(n), mode: held.mode(n) });
    const reads = use.does === 'reads';
    const seqcounts: Lock[] = reads ? [...held.unvalidated] : seqcountsOf(locks);
    return {
      cell,
      thread: index,
      epoch: this.#order.of(index).of(index),
      does: use === OBJECT_WRITE ? 'frees' : use.does,
      marked: use.marking === 'marked' || (reads && seqcounts.length > 0),
      operation,
      value,
      step: this.#steps - 1,
      cpu: processor.id,
      role,
      excluded: excludedBy(thread),
      locks,
      seqcounts,
      function: calls?.innermost,
    };
  }

  #noteHandover({ lastWrite }: Shadow, { thread, does, operation }: Access, use: AccessUse): void {
    if (does === 'writes' || lastWrite === undefined || lastWrite.thread === thread) return;
    if (use.marking !== 'marked' || !lastWrite.marked) return;
    const clock = this.#order.of(thread);
    if (clock.covers(lastWrite.thread, lastWrite.epoch)) return;
    this.#handovers.saw(thread, lastWrite, operation);
  }

  #report(earlier: Access, later: Access): void {
    if (this.#isOver) return;
    const handover = this.#handovers.between(earlier, later);
    this.#machine.conclude(reportRace(this.#machine, earlier, later, handover));
  }
}

function seqcountsOf(locks: readonly Hold[]): Lock[] {
  return locks.map(({ lock }) => lock).filter((lock) => lock instanceof Seqcount);
}
