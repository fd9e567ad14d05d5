// A cell is one shared memory location. Its value is private: a path reads or writes it only through a step,
// a property through peek(). The functions above the class are its friends; src/machine/index.ts hides them.
import type { Journal } from './journal.js';
import type { Named } from './names.js';
import type { Watcher } from './watch.js';

/** What a freed cell holds. A path that meets it used memory after it was freed. */
export const poison: unknown = Object.freeze({ name: 'POISON', label: 'freed memory' });

/** The value, or poison. For the machine alone. */
export let load: <T>(cell: Cell<T>) => T;
/** The one setter of the whole machine: logged, so that it can be undone, and watched. */
export let store: <T>(cell: Cell<T>, value: T, journal: Journal) => void;
/** Puts an old value back. For Journal alone. */
export let restore: (cell: Cell<unknown>, value: unknown) => void;
/** From now on `watcher` is told when the cell changes. */
export let watch: (cell: Cell<unknown>, watcher: Watcher) => void;

/**
 * Changes a counter by so much, whatever it is: such changes commute with each other, so that searches need not try both
 * orders of two readers that enter a lock.
 */
export let add: (cell: Cell<number>, by: number, journal: Journal) => void;
/** The cell counts as changed by this step, whatever it held before: for updates that happen to leave it as it is. */
export let touch: (cell: Cell<unknown>) => void = () => {
  // Nobody has asked yet.
};

/** Who is told of every read and every change of a cell: it makes a step's footprint. */
export interface AccessListener {
  read(cell: Cell<unknown>): void;
  /** Told before the change takes place; `now` may be what the cell held before. */
  wrote(cell: Cell<unknown>, old: unknown, now: unknown): void;
  /** A change that commutes with others of its kind; who does not listen to these is told of a read and a change. */
  added?(cell: Cell<unknown>, old: number, by: number): void;
}

let listener: AccessListener | undefined;
/** Lets load() and store() ask for a listener at all: in a process that never needs one they do not. */
let askForListener: () => void;

/** Has every access told to a listener from now on, or to nobody; returns who was told until now. */
export function tellAccesses(next: AccessListener | undefined): AccessListener | undefined {
  const before = listener;
  listener = next;
  if (next !== undefined) askForListener();
  return before;
}

/** Whether somebody is told of accesses now. */
export function isTold(): boolean {
  return listener !== undefined;
}

/** Who is peeking, so that a property is evaluated again only when something that it looked at has changed. */
let observer: Watcher | undefined;

/** Runs `look` on behalf of a watcher: every cell it peeks is watched from then on. */
export function observe<R>(watcher: Watcher, look: () => R): R {
  const outer = observer;
  observer = watcher;
  try {
    return look();
  } finally {
    observer = outer;
  }
}

/** What a property looked at leads nowhere: freed memory that something still points to, or a broken list. */
export class PeekError extends Error {
  override readonly name = 'PeekError';
}

/** How a value reads in a trace, for values that are not plain (bits of a flag word). */
export type Show<T> = (value: T) => string;

export class Cell<in out T> implements Named {
  readonly #owner: Named | undefined;
  readonly #field: string;
  #value: T;
  #watchers: Watch[] | undefined = undefined;
  /** The journal's epoch in which this cell was last logged: it is logged once per epoch. */
  #logged = 0;
  /** How a value of this cell reads in a trace, if not in the common way. */
  readonly show: Show<T> | undefined;
  /** A counter of references: the machine reports when it rises from 0 or falls below. */
  readonly isRefcount: boolean;
  /** Races on it are meant to be: __data_racy. */
  readonly isDataRacy: boolean;
  /**
   * No two steps ever conflict on it: only one thread comes by, or it follows from other cells. For searches, which need
   * not look at it.
   */
  readonly isUncontended: boolean;
  /** A number that whoever searches the machine may give it; -1 until then. */
  searchId = -1;

  constructor(
    owner: Named | undefined,
    field: string,
    initial: T,
    options: {
      readonly show?: Show<T>;
      readonly isRefcount?: boolean;
      readonly isDataRacy?: boolean;
      readonly isUncontended?: boolean;
    } = {},
  ) {
    this.#owner = owner;
    this.#field = field;
    this.#value = initial;
    this.show = options.show;
    this.isRefcount = options.isRefcount ?? false;
    this.isDataRacy = options.isDataRacy ?? false;
    this.isUncontended = options.isUncontended ?? false;
  }

  /** Whether a property, or a lock that is part of the model's data, has ever looked at it. */
  get isWatched(): boolean {
    return this.#watchers !== undefined;
  }

  /** `owner.field`: the same in every interleaving. */
  get name(): string {
    return this.#owner === undefined ? this.#field : `${this.#owner.name}.${this.#field}`;
  }

  /** `owner->field`, as C has it; for people. */
  get label(): string {
    return this.#owner === undefined ? this.#field : `${this.#owner.label}->${this.#field}`;
  }

  /**
   * The value, for properties and tests. A path must not call this: what it saw would be no step.
   * @throws PeekError when the object that the cell is part of was freed
   */
  peek(): T {
    if (observer !== undefined) watch(this as Cell<unknown>, observer);
    if (listener !== undefined) listener.read(this as Cell<unknown>);
    if (this.#value === poison) {
      throw new PeekError(`${this.name} is freed memory`);
    }
    return this.#value;
  }

  static {
    load = (cell) => cell.#value;
    store = (cell, value, journal) => {
      if (cell.#logged !== journal.epoch) {
        cell.#logged = journal.epoch;
        journal.log(cell as Cell<unknown>, cell.#value);
      }
      cell.#value = value;
      if (cell.#watchers !== undefined) notify(cell.#watchers);
    };
    const plainStore = store;
    const toldLoad: typeof load = (cell) => {
      if (listener !== undefined) listener.read(cell as Cell<unknown>);
      return cell.#value;
    };
    const toldStore: typeof store = (cell, value, journal) => {
      if (listener !== undefined) listener.wrote(cell as Cell<unknown>, cell.#value, value);
      plainStore(cell, value, journal);
    };
    add = (cell, by, journal) => {
      if (listener === undefined) {
        store(cell, cell.#value + by, journal);
      } else if (listener.added === undefined) {
        listener.read(cell as Cell<unknown>);
        store(cell, cell.#value + by, journal);
      } else {
        listener.added(cell as Cell<unknown>, cell.#value, by);
        plainStore(cell, cell.#value + by, journal);
      }
    };
    askForListener = () => {
      if (load === toldLoad) return;
      load = toldLoad;
      store = toldStore;
      touch = (cell) => {
        if (listener !== undefined) listener.wrote(cell, cell.#value, cell.#value);
      };
    };
    restore = (cell, value) => {
      cell.#value = value;
    };
    watch = (cell, watcher) => {
      watcher.seen?.push(cell);
      const watches = (cell.#watchers ??= []);
      const look = watcher.lastLook;
      for (const known of watches) {
        if (known.watcher !== watcher) continue;
        known.look = look;
        return;
      }
      watches.push({ watcher, atStart: look === 0, look });
    };
  }
}

/** Who has looked at a cell: at the start, which counts until the next look of an execution, and the last time. */
interface Watch {
  readonly watcher: Watcher;
  readonly atStart: boolean;
  look: number;
}

/** Tells those whose last look in this execution saw the cell. */
function notify(watches: readonly Watch[]): void {
  for (const { watcher, atStart, look } of watches) {
    if (watcher.lastLook === 0 ? atStart : look === watcher.lastLook) watcher.changed();
  }
}
