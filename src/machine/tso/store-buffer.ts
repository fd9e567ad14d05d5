// The store buffer of one CPU: what its threads have stored and nobody else sees yet, oldest first. All of it is in
// cells, so that it is undone and digested like memory. All entries are of one thread: see StoreBuffers.
import { Cell, load, store } from '../cell.js';
import type { Journal } from '../journal.js';
import type { Lock } from '../locks/lock.js';
import { identify, type Named, showValue } from '../names.js';
import type { Change } from '../op.js';
import type { Thread } from '../thread.js';

/** One store on its way to memory; immutable. */
export class BufferedStore implements Named {
  /** Who has made it. */
  readonly thread: Thread;
  /** What becomes visible with it: one cell, or all those of an object that is freed. */
  readonly changes: readonly Change[];
  /** The lock that is free then. */
  readonly releases: Lock | undefined;
  readonly #label: string | undefined;

  /** @param label how it reads, where that is not `cell = value` */
  constructor(thread: Thread, changes: readonly Change[], label?: string, releases?: Lock) {
    this.thread = thread;
    this.changes = changes;
    this.releases = releases;
    this.#label = label;
  }

  /** For digests. */
  get name(): string {
    return this.changes.map(({ cell, value }) => `${cell.name}=${identify(value)}`).join();
  }

  get label(): string {
    if (this.#label !== undefined) return this.#label;
    return this.changes
      .map(({ cell, value }) => `${cell.label} = ${cell.show?.(value) ?? showValue(value)}`)
      .join(', ');
  }

  /** For fingerprints of states. */
  get stateName(): string {
    return `${this.thread.name} ${this.name} ${this.releases?.name ?? ''}`;
  }

  /** What it stores in the cell, as a change; undefined if nothing. */
  to(cell: Cell<unknown>): Change | undefined {
    return this.changes.find((change) => change.cell === cell);
  }
}

export class StoreBuffer implements Named {
  readonly name: string;
  /** Oldest first. */
  readonly entries: Cell<readonly BufferedStore[]>;
  /** The pseudo-thread that moves them to memory; there is none before the first store. */
  readonly drainer: Cell<Thread | undefined>;

  constructor(cpu: Named) {
    this.name = `${cpu.name}.store_buffer`;
    this.entries = new Cell<readonly BufferedStore[]>(cpu, 'store_buffer', []);
    this.drainer = new Cell<Thread | undefined>(cpu, 'drainer', undefined);
  }

  get label(): string {
    return this.name;
  }

  get isEmpty(): boolean {
    return load(this.entries).length === 0;
  }

  /** Whose stores they are; undefined where there are none. */
  get owner(): Thread | undefined {
    return load(this.entries)[0]?.thread;
  }

  /** The newest store to a cell that is not visible yet. */
  newest(cell: Cell<unknown>): Change | undefined {
    const entries = load(this.entries);
    for (let n = entries.length - 1; n >= 0; n--) {
      const change = entries[n]?.to(cell);
      if (change !== undefined) return change;
    }
    return undefined;
  }

  releases(lock: Lock): boolean {
    return load(this.entries).some((entry) => entry.releases === lock);
  }

  append(entry: BufferedStore, journal: Journal): void {
    store(this.entries, [...load(this.entries), entry], journal);
  }

  /** Takes the oldest one out; there must be one. */
  take(journal: Journal): BufferedStore {
    const [oldest, ...others] = load(this.entries);
    store(this.entries, others, journal);
    return oldest as BufferedStore;
  }
}
