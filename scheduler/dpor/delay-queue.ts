// Delay bounding (Emmi, Qadeer, Rakamaric, "Delay-bounded scheduling", POPL 2011), as Concuerror combines it with optimal
// reduction: threads stand in a queue in the order of their creation, the first one that can go on does, and a delay
// moves it to the end. What needs more delays than allowed is left out; what is left of it then covers no trace for
// certain but those that it shows.
import type { Machine } from '../../src/machine/index.js';
import type { Branch } from './branch.js';
import type { Order } from './order.js';

/** A state of the present path. */
interface Mark {
  readonly queue: readonly number[];
  /** Those of the queue that could go on. */
  readonly ready: ReadonlySet<number>;
  readonly delays: number;
}

export class DelayQueue {
  /** Delays so far. */
  #delays = 0;
  #queue: number[] = [];
  readonly #marks: Mark[] = [];
  readonly #machine: Machine;
  readonly #order: Order;
  readonly #delaysMax: number;

  constructor(machine: Machine, order: Order, delaysMax: number) {
    this.#machine = machine;
    this.#order = order;
    this.#delaysMax = delaysMax;
  }

  restart(): void {
    this.#delays = 0;
    this.#queue = [];
  }

  /** The thread takes step `depth`: all before it that could go on are delayed. */
  goesOn(depth: number, thread: number): void {
    const ready = this.#ready();
    this.#marks[depth] = { queue: [...this.#queue], ready, delays: this.#delays };
    const delayed = this.#before(this.#queue, ready, thread);
    this.#queue = [...this.#queue.filter((one) => !delayed.includes(one)), ...delayed];
    this.#delays += delayed.length;
  }

  #ready(): ReadonlySet<number> {
    for (let index = this.#queue.length; index < this.#machine.threadCount; index++) {
      this.#queue.push(this.#order.numberAt(index));
    }
    return new Set(this.#machine.runnable.sorted().map((index) => this.#order.numberAt(index)));
  }

  #before(queue: readonly number[], ready: ReadonlySet<number>, thread: number): number[] {
    return queue.slice(0, queue.indexOf(thread)).filter((one) => ready.has(one));
  }

  /** Whether going on with the thread now takes more delays than there are left. */
  isTooLate(thread: number): boolean {
    const ready = this.#ready();
    return this.#delays + this.#before(this.#queue, ready, thread).length > this.#delaysMax;
  }

  /** The index of the first thread that can go on without a delay too many and is not left out, or -1. */
  first(isLeftOut: (thread: number) => boolean): number {
    const ready = this.#ready();
    const next = this.#queue.find((thread) => ready.has(thread) && !isLeftOut(thread));
    if (next === undefined || this.isTooLate(next)) return -1;
    return this.#order.indexOf[next] as number;
  }

  /** Takes out of a tree at a state what would need too many delays there; true if there was anything. */
  drop(depth: number, tree: Branch[]): boolean {
    const { queue, ready, delays } = this.#marks[depth] as Mark;
    const left = tree.filter(
      ({ thread }) => delays + this.#before(queue, ready, thread).length <= this.#delaysMax,
    );
    const isShorter = left.length < tree.length;
    tree.splice(0, tree.length, ...left);
    return isShorter;
  }
}
