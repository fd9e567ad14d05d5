// The reader side that rwlock and rwsem share: how many read holds there are, and who has them.
import { add, Cell, load, store } from '../cell.js';
import type { Operation } from '../op.js';
import { isFreed, Lock, noteTaking } from './lock.js';

export abstract class SharedLock extends Lock {
  /** Read holds altogether. */
  readonly readers = new Cell<number>(this, 'readers', 0);
  /** Read holds by thread, filled in as threads come by. */
  readonly readersOf: Cell<number>[] = [];

  readHoldsOf(thread: number): Cell<number> {
    while (this.readersOf.length <= thread) {
      const field = `readers[${String(this.readersOf.length)}]`;
      this.readersOf.push(new Cell<number>(this, field, 0, { isUncontended: true }));
    }
    return this.readersOf[thread] as Cell<number>;
  }

  override cells(): Cell<unknown>[] {
    return [...super.cells(), this.readers as Cell<unknown>];
  }

  override isHeldBy(thread: number): boolean {
    return super.isHeldBy(thread) || load(this.readHoldsOf(thread)) > 0;
  }

  override isHeld(): boolean {
    return super.isHeld() || load(this.readers) > 0;
  }

  /** Visits the writer, and for a writer's sake every reader. */
  protected visitHolders(forWriting: boolean, visit: (thread: number) => void): void {
    const holder = load(this.holder);
    if (holder >= 0) visit(holder);
    if (!forWriting) return;
    for (let t = 0; t < this.readersOf.length; t++) {
      if (load(this.readersOf[t] as Cell<number>) > 0) visit(t);
    }
  }
}

export function addReader(op: Operation, lock: SharedLock): void {
  const journal = op.machine.journal;
  add(lock.readers, 1, journal);
  const mine = lock.readHoldsOf(op.thread);
  store(mine, load(mine) + 1, journal);
  noteTaking(op, lock, 'read');
}

/** False, and the thread stopped, if it has no read hold. */
export function dropReader(op: Operation, lock: SharedLock): boolean {
  if (isFreed(op, lock)) return false;
  const journal = op.machine.journal;
  const mine = lock.readHoldsOf(op.thread);
  const holds = load(mine);
  if (holds === 0) {
    op.machine.panic(op, `${op.primitive.name}(${lock.name}) by a non-owner: it has no read hold`);
    return false;
  }
  store(mine, holds - 1, journal);
  add(lock.readers, -1, journal);
  op.slot.held.gave(lock, 'read');
  return true;
}
