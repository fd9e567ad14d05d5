// The pending operation of a thread of a TSO machine: the same as any other, but its loads look into the store buffer
// of its CPU first, its stores go there, and what is no plain access waits until the buffer is empty.
import type { Cell } from '../cell.js';
import type { Lock } from '../locks/lock.js';
import type { Machine } from '../machine.js';
import { type Change, Operation } from '../op.js';
import type { Thread } from '../thread.js';
import { modeOf } from './modes.js';
import { BufferedStore, type StoreBuffer } from './store-buffer.js';
import type { StoreBuffers } from './store-buffers.js';

export class BufferedOperation extends Operation {
  readonly #buffers: StoreBuffers;

  constructor(slot: Thread, machine: Machine, buffers: StoreBuffers) {
    super(slot, machine);
    this.#buffers = buffers;
  }

  get #buffer(): StoreBuffer {
    return this.#buffers.of(this.slot.processor);
  }

  override load<T>(cell: Cell<T>): T {
    const own = this.#buffer.newest(cell as Cell<unknown>);
    return own === undefined ? super.load(cell) : (own.value as T);
  }

  override store<T>(cell: Cell<T>, value: T): void {
    if (!this.primitive.plain) super.store(cell, value);
    else this.storePlainly(cell, value);
  }

  override storePlainly<T>(cell: Cell<T>, value: T): void {
    this.#append([{ cell: cell as Cell<unknown>, value }]);
  }

  override storeTogether(changes: readonly Change[], label: string): void {
    if (!this.primitive.plain) super.storeTogether(changes, label);
    else this.#append(changes, label);
  }

  override hasReleased(lock: Lock): boolean {
    return this.#buffer.releases(lock);
  }

  #append(changes: readonly Change[], label?: string): void {
    this.#buffers.append(this.slot, new BufferedStore(this.slot, changes, label));
  }

  override announce(): void {
    super.announce();
    if (!this.slot.stopped && !this.machine.contexts.admits(this.slot)) this.machine.block(this);
  }

  protected override act(): unknown {
    const mode = modeOf(this);
    const result = super.act();
    // Given up as under sequential consistency, which checks everything; only that nobody sees it yet.
    if (mode === 'release' && !this.slot.stopped) {
      this.#buffers.delayRelease(this.slot, this.subject as Lock);
    }
    return result;
  }
}
