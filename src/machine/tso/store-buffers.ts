// x86-TSO: Sewell, Sarkar, Owens, Zappa Nardelli, Myreen, "x86-TSO: A Rigorous and Usable Programmer's Model for x86
// Multiprocessors", CACM 2010. Beyond the paper: a CPU's buffer holds stores of one thread only, for an interrupt, its
// return and a context switch drain it. Not modelled: write-combining memory, non-temporal stores, and a failed
// spin_trylock() that is no locked instruction.
import { type Cell, load, poison, store } from '../cell.js';
import type { Processor } from '../context/processor.js';
import { BALANCE } from '../context/migration.js';
import type { Lock } from '../locks/lock.js';
import { NOBODY } from '../locks/lock.js';
import type { Machine } from '../machine.js';
import type { Operation, Path } from '../op.js';
import { JOIN, type ThreadHandle } from '../spawn.js';
import { type Thread, ThreadIdentity } from '../thread.js';
import { draining } from './drain.js';
import { isBarrierEverywhere, modeOf } from './modes.js';
import { BufferedStore, StoreBuffer } from './store-buffer.js';

/** The store buffers of a machine. */
export class StoreBuffers {
  readonly #machine: Machine;
  readonly #buffers: StoreBuffer[] = [];
  /** The drainers by CPU: the same ones in every execution. */
  readonly #drainers: ThreadIdentity[] = [];

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** The buffer of a CPU, made when it is first asked for. */
  of({ id }: Processor): StoreBuffer {
    while (this.#buffers.length <= id) {
      const cpu = this.#machine.placement.processor(this.#buffers.length);
      this.#buffers.push(new StoreBuffer(cpu));
      this.#drainers.push(new ThreadIdentity(`${cpu.name}/stores`));
    }
    return this.#buffers[id] as StoreBuffer;
  }

  /** Whether the cell holds what is in a buffer. */
  has(cell: Cell<unknown>): boolean {
    return this.#buffers.some(({ entries, drainer }) => [entries, drainer].includes(cell as never));
  }

  // --- Who may go on ----------------------------------------------------------------------------------------

  /** Whether the buffers let a thread take its next step. */
  admit(thread: Thread): boolean {
    const { op } = thread;
    if (op.isPending && !this.#seesWhatItAwaits(op)) return false;
    if (thread.role === 'idle') return true;
    const { owner } = this.of(thread.processor);
    if (owner === undefined) return true;
    return owner === thread && !(op.isPending && modeOf(op) === 'fence');
  }

  /** A thread has ended, or can be moved, once its stores are visible: both take locked instructions. */
  #seesWhatItAwaits(op: Operation): boolean {
    const { primitive, subject } = op;
    if (primitive === JOIN) {
      const { index } = subject as ThreadHandle;
      return this.#areVisible(this.#machine.thread(index));
    }
    if (primitive === BALANCE) return this.#areVisible(subject as Thread);
    return !isBarrierEverywhere(op) || this.#buffers.every((buffer) => buffer.isEmpty);
  }

  #areVisible(thread: Thread): boolean {
    return this.of(thread.processor).owner !== thread;
  }

  // --- Stores -----------------------------------------------------------------------------------------------

  append(thread: Thread, entry: BufferedStore): void {
    const { processor } = thread;
    const { journal } = this.#machine;
    const buffer = this.of(processor);
    const wasEmpty = buffer.isEmpty;
    buffer.append(entry, journal);
    if (!wasEmpty) return;
    const drainer = load(buffer.drainer);
    if (drainer === undefined) store(buffer.drainer, this.#startDrainer(buffer, thread), journal);
    else this.#machine.unblock(drainer.op);
    if (!processor.isUnshared) this.#machine.contexts.refresh(processor);
    this.#settleBarriers();
  }

  #startDrainer(buffer: StoreBuffer, creator: Thread): Thread {
    const identity = this.#drainers[creator.processor.id] as ThreadIdentity;
    const drains = (_: unknown, drainer: Thread): Path => draining(drainer, buffer, this);
    return this.#machine.startPseudo(identity, creator, drains);
  }

  /** The thread has given up a lock: until others see that, the buffer has it. */
  delayRelease(thread: Thread, lock: Lock): void {
    const change = { cell: lock.holder as Cell<unknown>, value: NOBODY };
    const label = `${thread.op.primitive.name}(${lock.label})`;
    this.append(thread, new BufferedStore(thread, [change], label, lock));
    const drainer = load(this.of(thread.processor).drainer) as Thread;
    store(lock.holder, drainer.index, this.#machine.journal);
    this.#settleWaiting(lock);
  }

  /** The oldest store of a buffer becomes visible. */
  drain(buffer: StoreBuffer): BufferedStore {
    const { journal, contexts } = this.#machine;
    const entry = buffer.take(journal);
    const { thread, releases } = entry;
    if (this.#reachesFreed(entry)) return entry;
    for (const { cell, value } of entry.changes) store(cell, value, journal);
    if (releases !== undefined) this.#settleWaiting(releases);
    if (!buffer.isEmpty) return entry;
    contexts.refresh(thread.processor);
    if (thread.ended) for (const joiner of thread.joiners) this.#machine.unblock(joiner);
    this.#settleBarriers();
    return entry;
  }

  /** Makes those runnable or not who wait for the stores of every CPU. */
  #settleBarriers(): void {
    const machine = this.#machine;
    for (let t = 0; t < machine.threadCount; t++) {
      const thread = machine.thread(t);
      const { op, ended, stopped } = thread;
      if (ended || stopped || !op.isPending || !isBarrierEverywhere(op)) continue;
      if (op.isEnabled && machine.contexts.admits(thread)) machine.unblock(op);
      else machine.block(op);
    }
  }

  /** Somebody else has freed the object before the store arrives: it hits memory that may be in use again. */
  #reachesFreed({ thread, changes, label }: BufferedStore): boolean {
    const hit = changes.find(({ cell }) => load(cell) === poison);
    if (hit === undefined) return false;
    const what = hit.value === poison ? 'double free' : 'use after free';
    this.#machine.panic(
      thread.op,
      `${what}: ${label} becomes visible after ${hit.cell.name} was freed`,
    );
    return true;
  }

  /** Makes every thread that waits for the lock runnable or not. */
  #settleWaiting(lock: Lock): void {
    const machine = this.#machine;
    for (let t = 0; t < machine.threadCount; t++) {
      const { op, ended, stopped } = machine.thread(t);
      if (op.subject !== lock || !op.isPending || ended || stopped) continue;
      if (op.isEnabled) machine.unblock(op);
      else machine.block(op);
    }
  }
}
