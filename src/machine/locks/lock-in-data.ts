// What a bit lock and a sequence counter share: whether a waiter can go on is what a cell of the model's data says, and
// that may change by a store of anybody, or once a buffered store becomes visible. So the lock watches the cell.
import { type Cell, load, tellAccesses, watch } from '../cell.js';
import type { Machine } from '../machine.js';
import type { Operation } from '../op.js';
import type { Watcher } from '../watch.js';
import { Lock, park } from './lock.js';

export abstract class LockInData extends Lock implements Watcher {
  /** Where it is used; there is none before somebody waits. */
  #machine: Machine | undefined = undefined;
  /** For the cell, which tells only those whose last look has this number. */
  readonly lastLook = 1;

  /** From now on waiters hear of every change of the cell. */
  protected follow(cell: Cell<unknown>): void {
    watch(cell, this);
  }

  /** The holder, if there is one: the cell may say that it is taken without. */
  override visitBlockers(_op: Operation, visit: (thread: number) => void): void {
    const holder = load(this.holder);
    if (holder >= 0) visit(holder);
  }

  /** A thread waits. */
  attach(machine: Machine): void {
    this.#machine = machine;
  }

  /** Makes every thread that waits runnable or not. */
  changed(): void {
    const machine = this.#machine;
    if (machine === undefined || this.parked.count === 0) return;
    const told = tellAccesses(undefined);
    for (const thread of this.parked.sorted()) {
      const { op } = machine.thread(thread);
      if (op.isEnabled) machine.unblock(op);
      else machine.block(op);
    }
    tellAccesses(told);
  }
}

/** The thread suspends before an acquisition. */
export function parkInData(op: Operation): void {
  (op.subject as LockInData).attach(op.machine);
  park(op);
}
