// What happens before what: a clock for each thread, and one for each thing through which a thread hands on what it
// did. Which primitive makes which edge follows from what the primitive says of itself: its use of a lock, of an
// event, of memory. Sequential consistency decides only which value a read sees, not what it may rely on: relaxed
// accesses order nothing else, as in the Linux-kernel memory model. Not modelled of it: control dependencies.
import type { Cell } from '../cell.js';
import type { LockUse } from '../op.js';
import type { AccessUse } from './access.js';
import { VectorClock } from './vector-clock.js';

/** What was given away with a lock: by those who wrote, and by those who read. */
interface LockClocks {
  readonly writers: VectorClock;
  readonly readers: VectorClock;
}

/** The clocks of one execution. */
export class HappensBefore {
  readonly #threads: VectorClock[] = [];
  readonly #locks = new Map<unknown, LockClocks>();
  readonly #events = new Map<unknown, VectorClock>();
  /** What the store that is now in a cell was released with. */
  readonly #released = new Map<Cell<unknown>, VectorClock>();
  /** Per thread, what its last full barrier came after. */
  readonly #fenced = new Map<number, VectorClock>();
  /** Per thread, what it has read of others without ordering it: its next full barrier does. */
  readonly #seen = new Map<number, VectorClock>();

  /** The clock of a thread; one that exists from the start comes after nothing. */
  of(thread: number): VectorClock {
    while (this.#threads.length <= thread) {
      const clock = new VectorClock();
      clock.tick(this.#threads.length);
      this.#threads.push(clock);
    }
    return this.#threads[thread] as VectorClock;
  }

  /** The child comes after everything that its creator has done. */
  spawned(creator: number, child: number): void {
    this.of(child).join(this.of(creator));
    this.of(creator).tick(creator);
  }

  /** The thread goes on after another one has ended. */
  joined(thread: number, ended: number): void {
    this.of(thread).join(this.of(ended));
  }

  /** Of a try only one that took the lock comes here. */
  lock(thread: number, lock: unknown, { does, mode }: LockUse): void {
    const { writers, readers } = this.#lockClocks(lock);
    const clock = this.of(thread);
    if (does !== 'release') {
      clock.join(writers);
      if (mode === 'write') clock.join(readers);
      return;
    }
    (mode === 'write' ? writers : readers).join(clock);
    clock.tick(thread);
  }

  /** The thread brings the event about. */
  signals(thread: number, event: unknown): void {
    const clock = this.of(thread);
    const given = this.#events.get(event);
    if (given === undefined) this.#events.set(event, clock.copy());
    else given.join(clock);
    clock.tick(thread);
  }

  /** The thread goes on after the event. */
  waits(thread: number, event: unknown): void {
    const given = this.#events.get(event);
    if (given !== undefined) this.of(thread).join(given);
  }

  /** smp_mb(): what was read before it is ordered now, and what is written after it hands on what was before it. */
  fence(thread: number): void {
    const clock = this.of(thread);
    const seen = this.#seen.get(thread);
    if (seen !== undefined) clock.join(seen);
    this.#fenced.set(thread, clock.copy());
    clock.tick(thread);
  }

  /** Before an access is compared with others: what its read orders. `value` is what it read. */
  beforeAccess(thread: number, cell: Cell<unknown>, use: AccessUse, value: unknown): void {
    if (use.does === 'writes' || use.marking !== 'marked') return;
    const released = this.#released.get(cell);
    if (released !== undefined) {
      if (ordersLater(use, value)) this.of(thread).join(released);
      else this.#see(thread, released);
    }
    if (use.order === 'full') this.fence(thread);
  }

  /** After it: what its write hands on. */
  afterAccess(thread: number, cell: Cell<unknown>, use: AccessUse): void {
    if (use.does === 'reads') return;
    const clock = this.of(thread);
    const releases = use.order === 'release' || use.order === 'full';
    const given = releases ? clock : this.#fenced.get(thread);
    // An update goes on with what the store before it was released with; a plain store does not.
    const kept = use.does === 'updates' ? this.#released.get(cell) : undefined;
    if (given === undefined || use.marking !== 'marked') {
      if (kept === undefined) this.#released.delete(cell);
      return;
    }
    const released = given.copy();
    if (kept !== undefined) released.join(kept);
    this.#released.set(cell, released);
    if (releases) clock.tick(thread);
  }

  #see(thread: number, released: VectorClock): void {
    const seen = this.#seen.get(thread);
    if (seen === undefined) this.#seen.set(thread, released.copy());
    else seen.join(released);
  }

  #lockClocks(lock: unknown): LockClocks {
    let found = this.#locks.get(lock);
    if (found === undefined) {
      found = { writers: new VectorClock(), readers: new VectorClock() };
      this.#locks.set(lock, found);
    }
    return found;
  }
}

/**
 * Whether the thread's later accesses come after the store that it has read from. Through a pointer they do, by an
 * address dependency; that all later accesses go through it is assumed, which may hide a race but invents none.
 */
function ordersLater({ order }: AccessUse, value: unknown): boolean {
  return order === 'nothing' || order === 'release'
    ? typeof value === 'object' && value !== null
    : true;
}
