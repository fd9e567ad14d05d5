// A CPU that leaves steps out: see drops/drop.ts. Only machines that are asked to have it, so it costs others nothing.
import type { Cell } from '../cell.js';
import { type Drop, fieldOf, isWithin, placeOf } from '../drops/drop.js';
import type { SecondLooks } from '../drops/second-looks.js';
import type { ListHead } from '../list.js';
import type { Lock } from '../locks/lock.js';
import type { Machine } from '../machine.js';
import type { Named } from '../names.js';
import type { Primitive, Step } from '../op.js';
import type { Thread } from '../thread.js';
import { Cpu } from './cpu.js';

export class DroppingCpu extends Cpu {
  readonly #drops: readonly Drop[];
  readonly #looks: SecondLooks;

  constructor(machine: Machine, thread: Thread, drops: readonly Drop[], looks: SecondLooks) {
    super(machine, thread);
    this.#drops = drops;
    this.#looks = looks;
  }

  // --- Locks ------------------------------------------------------------------------------------------------

  protected override lock(primitive: Primitive, lock: Lock, argument?: unknown): Step<unknown> {
    return this.#isTaken(lock) ? super.lock(primitive, lock, argument) : this.give(true);
  }

  override lockdep_assert_held(lock: Lock): Step<void> {
    return this.#isTaken(lock) ? super.lockdep_assert_held(lock) : this.give(undefined);
  }

  #isTaken(lock: Lock): boolean {
    return !this.#drops.some(
      (drop) =>
        drop.kind === 'lock' &&
        drop.lock === lock.lockClass &&
        (drop.within === undefined || isWithin(this.slot, drop.within)),
    );
  }

  // --- Second looks -----------------------------------------------------------------------------------------

  override read<T>(cell: Cell<T>): Step<T> {
    return this.#again('read', cell) ?? super.read(cell);
  }

  override READ_ONCE<T>(cell: Cell<T>): Step<T> {
    return this.#again('READ_ONCE', cell) ?? super.READ_ONCE(cell);
  }

  override smp_load_acquire<T>(cell: Cell<T>): Step<T> {
    return this.#again('smp_load_acquire', cell) ?? super.smp_load_acquire(cell);
  }

  override atomic_read(cell: Cell<number>): Step<number> {
    return this.#again('atomic_read', cell) ?? super.atomic_read(cell);
  }

  override list_empty(head: ListHead<unknown>): Step<boolean> {
    return this.#again('list_empty', head) ?? super.list_empty(head);
  }

  override list_first<T>(head: ListHead<T>): Step<T | undefined> {
    return this.#again('list_first', head) ?? super.list_first(head);
  }

  /** What was seen the first time, where the second look is left out. */
  #again<R>(primitive: string, subject: Named): Step<R> | undefined {
    const look = `${primitive}(${fieldOf(subject.name)})`;
    const isDropped = this.#drops.some(
      (drop) => drop.kind === 'recheck' && drop.look === look && drop.place === placeOf(this.slot),
    );
    if (!isDropped) return undefined;
    const earlier = this.#looks.earlier(this.slot, primitive, subject);
    return earlier === undefined ? undefined : this.give(earlier.result as R);
  }

  // --- References -------------------------------------------------------------------------------------------

  override atomic_inc(cell: Cell<number>): Step<void> {
    return this.#isCounted('get', cell) ? super.atomic_inc(cell) : this.give(undefined);
  }

  override atomic_inc_not_zero(cell: Cell<number>): Step<boolean> {
    return this.#isCounted('get', cell) ? super.atomic_inc_not_zero(cell) : this.give(true);
  }

  override atomic_dec(cell: Cell<number>): Step<void> {
    return this.#isCounted('put', cell) ? super.atomic_dec(cell) : this.give(undefined);
  }

  override atomic_dec_and_test(cell: Cell<number>): Step<boolean> {
    return this.#isCounted('put', cell) ? super.atomic_dec_and_test(cell) : this.give(false);
  }

  override atomic_add_unless(cell: Cell<number>, n: number, unless: number): Step<boolean> {
    const isCounted = this.#isCounted(n > 0 ? 'get' : 'put', cell);
    return isCounted ? super.atomic_add_unless(cell, n, unless) : this.give(true);
  }

  #isCounted(kind: 'get' | 'put', cell: Cell<number>): boolean {
    if (!cell.isRefcount) return true;
    const counter = fieldOf(cell.name);
    return !this.#drops.some(
      (drop) => drop.kind === kind && drop.counter === counter && drop.place === placeOf(this.slot),
    );
  }
}
