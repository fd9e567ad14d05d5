// Which executions are the same but for the order of steps that have nothing to do with each other. Each step is
// hashed with the steps that it comes after: the last one of its thread, and those that it conflicts with. The sum
// over an execution names its Mazurkiewicz trace, and after equal traces the state is equal. So a search need not go
// on from a trace that it has met before: Musuvathi and Qadeer, "Partial-order reduction for context-bounded state
// exploration" (MSR-TR-2007-12). Here conflicts are the cells that the steps, and properties after them, looked at.
import type { AccessListener, Cell, Machine } from '../../src/machine/index.js';
import type { StepListener } from './drive.js';

/** What is known of one cell. */
class History {
  /** The execution that this is about. */
  run = 0;
  /** The step in which it was touched last, counted from 1. */
  step = 0;
  wrote = false;
  writeA = 0;
  writeB = 0;
  /** The sum of the steps that have read it since. */
  readsA = 0;
  readsB = 0;
}

/** Numbers that no cell has: the making of threads, and what does not count. */
const THREADS = 0;
const IGNORED = 1;

/**
 * Says that a property may have to be looked at. It need not be told apart who said so first: it follows from the
 * writes of what the property looked at the last time, and from the looks, and all of these count.
 */
function isMarkOfProperty(cell: Cell<unknown>): boolean {
  return /^property .*\.dirty$/.test(cell.name);
}

const nothing = 0x9e3779b9;

function mix(hash: number, value: number): number {
  let h = Math.imul(hash ^ value, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Listens to a machine, and names the trace of the execution so far. */
export class HappensBefore implements AccessListener, StepListener {
  readonly #machine: Machine;
  readonly #cells: History[] = [];
  /** The cells of the step that goes on, by number. */
  readonly #touched: number[] = [];
  #run = 0;
  #step = 1;
  #drawsA = 0;
  #sumA = 0;
  #sumB = 0;
  /** By thread index: the hash of its name, and of its last step. */
  readonly #names: { readonly name: string; readonly hash: number }[] = [];
  readonly #lastA: number[] = [];
  readonly #lastB: number[] = [];

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#cells.push(new History(), new History());
    machine.listen(this);
    // Threads are numbered, and placed, in the order of their making: it must be the same.
    machine.observe({
      begin: () => undefined,
      spawned: () => {
        this.#touch(THREADS, true);
      },
      step: () => undefined,
    });
  }

  /** Names the trace so far; undefined where loops make the future depend on more than the trace. */
  get key(): number | undefined {
    if (this.#machine.loops.isActive) return undefined;
    return (this.#sumA >>> 0) * 0x200000 + (this.#sumB >>> 11);
  }

  begin(): void {
    this.#run++;
    this.#step = 1;
    this.#touched.length = 0;
    this.#drawsA = this.#sumA = this.#sumB = 0;
    this.#lastA.length = this.#lastB.length = 0;
  }

  drew(pick: number): void {
    this.#drawsA = mix(this.#drawsA + 1, pick);
  }

  read(cell: Cell<unknown>): void {
    this.#touch(this.#idOf(cell), false);
  }

  wrote(cell: Cell<unknown>): void {
    this.#touch(this.#idOf(cell), true);
  }

  #idOf(cell: Cell<unknown>): number {
    if (cell.searchId < 0) {
      if (isMarkOfProperty(cell)) return (cell.searchId = IGNORED);
      cell.searchId = this.#cells.length;
      this.#cells.push(new History());
    }
    return cell.searchId;
  }

  #touch(id: number, writes: boolean): void {
    if (id === IGNORED) return;
    const history = this.#cells[id] as History;
    if (history.run !== this.#run) {
      history.run = this.#run;
      history.step = 0;
      history.writeA = history.writeB = nothing;
      history.readsA = history.readsB = 0;
    }
    if (history.step !== this.#step) {
      history.step = this.#step;
      history.wrote = false;
      this.#touched.push(id);
    }
    if (writes) history.wrote = true;
  }

  over(thread: number): void {
    const name = this.#nameOf(thread);
    let a = mix(mix(name, this.#lastA[thread] ?? nothing), this.#drawsA);
    let b = mix(mix(name ^ nothing, this.#lastB[thread] ?? nothing), this.#drawsA);
    for (const id of this.#touched) {
      const { wrote, writeA, writeB, readsA, readsB } = this.#cells[id] as History;
      a = (a + mix(mix(id, writeA), wrote ? readsA + 1 : 0)) | 0;
      b = (b + mix(mix(id, writeB), wrote ? readsB + 1 : 0)) | 0;
    }
    a = mix(a, nothing);
    b = mix(b, ~nothing);
    for (const id of this.#touched) {
      const history = this.#cells[id] as History;
      if (history.wrote) {
        history.writeA = a;
        history.writeB = b;
        history.readsA = history.readsB = 0;
      } else {
        history.readsA = (history.readsA + a) | 0;
        history.readsB = (history.readsB + b) | 0;
      }
    }
    this.#lastA[thread] = a;
    this.#lastB[thread] = b;
    this.#sumA = (this.#sumA + a) | 0;
    this.#sumB = (this.#sumB + b) | 0;
    this.#touched.length = 0;
    this.#drawsA = 0;
    this.#step++;
  }

  #nameOf(thread: number): number {
    const name = this.#machine.threadName(thread);
    const known = this.#names[thread];
    if (known?.name === name) return known.hash;
    let hash = nothing;
    for (let i = 0; i < name.length; i++) hash = mix(hash, name.charCodeAt(i));
    this.#names[thread] = { name, hash };
    return hash;
  }
}
