// A step of a path. An operation is one reusable iterable per thread: `yield*` shows it to the scheduler, which
// decides inline whether the thread goes on. Going on suspends nothing and allocates nothing; only a switch does.
import { type Cell, load, poison, store } from './cell.js';
import { ModelError } from './errors.js';
import { actAcquire, actRelease, announceSleeping } from './locks/exclusive.js';
import type { Lock } from './locks/lock.js';
import type { Machine } from './machine.js';
import { type AccessUse, PLAIN_READ, PLAIN_WRITE } from './races/access.js';
import type { Thread } from './thread.js';

/** What a path is: a generator of announced operations that returns R. */
export type Path<R = void> = Generator<Operation, R, void>;

/** What a primitive of `cpu` returns: `yield*` it to take the step and get its result. */
export interface Step<out R> {
  [Symbol.iterator](): Iterator<Operation, R, void>;
}

/** What a step does to the thing it names, seen by another thread. */
export type Effect = 'reads' | 'writes';

/** What a primitive does to a lock: for whoever looks at all locks alike, as lockdep and the race detector do. */
export interface LockUse {
  readonly does: 'acquire' | 'try' | 'release';
  readonly mode: 'read' | 'write';
  /** False for what keeps nobody out: whoever takes a seqcount comes after nothing that was done under it. */
  readonly orders?: false;
}

/**
 * What a step does about an event that another thread brings about: a wake-up, a completion, the end of a thread or of a
 * work item. The event belongs to the step's subject; for spawn it is the thread that it returns, whose start waits.
 * Everything that a thread did before it `signals` comes before what others do after they `waits`, and whoever `waits`
 * with a lock held needs those who take that lock before they signal.
 */
export type Signal = 'waits' | 'signals';
/** A store: what a cell is to hold. */
export interface Change {
  readonly cell: Cell<unknown>;
  readonly value: unknown;
}

/** What a primitive is made of; see Primitive. */
export interface PrimitiveParts {
  /** The kernel's name: `down_read`. */
  readonly name: string;
  /** Takes effect and returns the result. It may leave the operation pending: see Operation.keepPending. */
  readonly act: (op: Operation) => unknown;
  /** For a primitive that may have to wait: blocks the thread if it could not go on now. */
  readonly announce?: (op: Operation) => void;
  /** The thread suspends before this: from now on others must keep its being runnable up to date. */
  readonly park?: (op: Operation) => void;
  /** Undoes what park did outside the journal, when an execution is abandoned. */
  readonly forget?: (op: Operation) => void;
  /** Whether a pending one could take place now, CPUs aside. Default: always. */
  readonly isEnabled?: (op: Operation) => boolean;
  /** Visits the threads that must go on before this one can, while it waits. */
  readonly blockers?: (op: Operation, visit: (thread: number) => void) => void;
  /** Whether two of these on the same thing commute when they meet. Default: writes. */
  readonly effect?: Effect;
  /** A thread that waits before it keeps no execution from ending: an interrupt that has not come. */
  readonly idle?: boolean;
  /** Whether it waits for, or brings about, an event. Default: neither. */
  readonly signal?: Signal;
  /** The thread that it waits for besides: it comes after everything which that one has done. */
  readonly follows?: (op: Operation) => number | undefined;
  /** Simulated nanoseconds from its announcement until it falls due, for strategies that keep time. Default: none. */
  readonly delay?: (op: Operation) => number;
  /** How the step reads in a column, once its result is known. Default: `name(subject)`. */
  readonly narrate?: (op: Operation, result: unknown) => string;
  /** For a primitive whose subject is a lock. */
  readonly lock?: LockUse;
  /** For a primitive that reads or writes shared memory. */
  readonly access?: AccessUse;
  /**
   * Made of ordinary loads and stores by op.load() and op.store(): under TSO its stores are buffered. Default: true
   * for what only reads or writes a cell; everything else waits there for the CPU's own stores.
   */
  readonly plain?: boolean;
  /** For an acquisition: `a` is a nesting level, as in mutex_lock_nested(). */
  readonly nests?: boolean;
  /** The thread that announces it remembers nothing of what it has done: it does the same for ever. */
  readonly forgets?: boolean;
}

// The acts and announcements that are most of every run. next() calls them by name: V8 inlines such a call, while
// one through a field that holds many functions costs some 20 ns.
const BY_FIELD = 0;
const BY_READ = 1;
const BY_WRITE = 2;
const BY_ACQUIRE = 3;
const BY_RELEASE = 4;

function wayOf(act: (op: Operation) => unknown): number {
  if (act === readCell) return BY_READ;
  if (act === writeCell) return BY_WRITE;
  if (act === actAcquire) return BY_ACQUIRE;
  return act === actRelease ? BY_RELEASE : BY_FIELD;
}

/**
 * One primitive of the machine; operations point to it. A class, so that all primitives have one shape and the
 * hot loop reads their fields without a look-up.
 */
export class Primitive {
  /** Every primitive that there is, for whoever has to know what each one does. */
  static readonly all: Primitive[] = [];
  readonly name: string;
  readonly act: (op: Operation) => unknown;
  readonly announce: ((op: Operation) => void) | undefined;
  readonly park: ((op: Operation) => void) | undefined;
  readonly forget: ((op: Operation) => void) | undefined;
  readonly isEnabled: ((op: Operation) => boolean) | undefined;
  readonly blockers: ((op: Operation, visit: (thread: number) => void) => void) | undefined;
  readonly effect: Effect;
  readonly idle: boolean;
  readonly signal: Signal | undefined;
  readonly follows: ((op: Operation) => number | undefined) | undefined;
  readonly delay: ((op: Operation) => number) | undefined;
  readonly narrate: ((op: Operation, result: unknown) => string) | undefined;
  /** It waits for, or brings about, an event or the end of a thread. */
  readonly meetsEvents: boolean;
  readonly lock: LockUse | undefined;
  readonly access: AccessUse | undefined;
  readonly plain: boolean;
  readonly nests: boolean;
  /** Two of these on one thing commute: both only look, or take a lock that they share. */
  readonly onlyLooks: boolean;
  /** What it touches besides its subject: nothing, the neighbours on a list, or the fields of an object. */
  readonly reach: 'subject' | 'list' | 'object';
  readonly forgets: boolean;
  /** How next() calls `act`. */
  readonly way: number;

  constructor(parts: PrimitiveParts) {
    this.name = parts.name;
    this.act = parts.act;
    this.announce = parts.announce;
    this.park = parts.park;
    this.forget = parts.forget;
    this.isEnabled = parts.isEnabled;
    this.blockers = parts.blockers;
    this.effect = parts.effect ?? 'writes';
    this.idle = parts.idle ?? false;
    this.signal = parts.signal;
    this.follows = parts.follows;
    this.meetsEvents = parts.signal !== undefined || parts.follows !== undefined;
    this.delay = parts.delay;
    this.narrate = parts.narrate;
    this.lock = parts.lock;
    this.access = parts.access;
    this.nests = parts.nests ?? false;
    this.onlyLooks = this.effect === 'reads' || parts.lock?.mode === 'read';
    const of = parts.access?.of ?? 'cell';
    this.reach = of === 'cell' ? 'subject' : of;
    this.forgets = parts.forgets ?? false;
    this.way = wayOf(parts.act);
    Primitive.all.push(this);
    this.plain = parts.plain ?? (this.way === BY_READ || this.way === BY_WRITE);
  }
}

export const READ = new Primitive({
  name: 'read',
  access: PLAIN_READ,
  act: readCell,
  effect: 'reads',
});
export const WRITE = new Primitive({ name: 'write', access: PLAIN_WRITE, act: writeCell });
/** A thread that met a panic: it never goes on. */
export const HALT = new Primitive({
  name: 'halt',
  isEnabled: () => false,
  announce: (op) => {
    op.machine.block(op);
  },
  act: (op) => {
    op.keepPending();
  },
});

const IDLE = 0;
const MADE = 1;
const PENDING = 2;

interface Suspended {
  readonly done: false;
  readonly value: Operation;
}
interface Finished {
  readonly done: true;
  value: unknown;
}

/**
 * What an operation's next() returns. One of each for the whole machine, because whoever calls next() looks at it at
 * once: of a hundred thousand threads each would have its own otherwise, and none of them in the processor's caches.
 */
export class StepResults {
  readonly #suspended: { done: false; value: Operation | undefined } = {
    done: false,
    value: undefined,
  };
  readonly #finished: Finished = { done: true, value: undefined };

  suspend(op: Operation): Suspended {
    this.#suspended.value = op;
    return this.#suspended as Suspended;
  }

  finish(value: unknown): Finished {
    this.#finished.value = value;
    return this.#finished;
  }
}

/** The results of the steps that a thread has taken, for a thread that is made anew. */
export interface Feed {
  /** Goes on to the next one; false if there is none. */
  next(): boolean;
  readonly result: unknown;
}

/** A pending operation that was set aside. */
export type PendingOperation = Pick<Operation, 'primitive' | 'subject' | 'a' | 'b' | 'phase'>;

/** The pending operation of one thread: refilled for each step. */
export class Operation implements Iterator<Operation, unknown, void> {
  /** The thread's index in this execution. */
  readonly thread: number;
  readonly slot: Thread;
  readonly machine: Machine;
  primitive: Primitive = READ;
  /** What the primitive acts on: a cell, a lock, a list, a thread. */
  subject: unknown = undefined;
  a: unknown = undefined;
  b: unknown = undefined;
  /** 0 when announced; 1 once a first event (joining a queue) has happened and the second is awaited. */
  phase = 0;
  #state = IDLE;

  constructor(slot: Thread, machine: Machine) {
    this.thread = slot.index;
    this.slot = slot;
    this.machine = machine;
  }

  /** Fills the operation for the next step. */
  make(primitive: Primitive, subject: unknown, a?: unknown, b?: unknown): this {
    if (this.#state !== IDLE) this.#complain();
    this.#state = MADE;
    this.primitive = primitive;
    this.subject = subject;
    this.a = a;
    this.b = b;
    return this;
  }

  /** Takes an action at once, which is no event: the thread is between two steps. */
  perform(primitive: Primitive, subject: unknown, a?: unknown, b?: unknown): unknown {
    if (this.#state !== IDLE) this.#complain();
    this.primitive = primitive;
    this.subject = subject;
    this.a = a;
    this.b = b;
    return primitive.act(this);
  }

  /** The thread was stopped by an action: it waits for ever. */
  halt(): this {
    this.primitive = HALT;
    this.#state = PENDING;
    return this;
  }

  /** For act(): the event happened, but the operation is not done; the thread may have to wait. */
  keepPending(): void {
    this.#state = PENDING;
  }

  /** True between the announcement and the end of the operation. */
  get isPending(): boolean {
    return this.#state === PENDING;
  }

  /** True from cpu.something() until its yield*. */
  get isMade(): boolean {
    return this.#state === MADE;
  }

  /** Whether the thread could go on, as far as its pending operation goes. */
  get isEnabled(): boolean {
    if (this.#state !== PENDING || this.primitive.isEnabled === undefined) return true;
    return this.primitive.isEnabled(this);
  }

  /** Makes the operation empty, to be put back later as it is. */
  setAside(): PendingOperation {
    const { primitive, subject, a, b, phase } = this;
    this.reset();
    return { primitive, subject, a, b, phase };
  }

  putBack(pending: PendingOperation): void {
    this.primitive = pending.primitive;
    this.subject = pending.subject;
    this.a = pending.a;
    this.b = pending.b;
    this.phase = pending.phase;
    this.#state = PENDING;
  }

  /** Makes the operation empty again, for a new execution. */
  reset(): void {
    this.#state = IDLE;
    this.phase = 0;
  }

  /** The value of a cell as the thread sees it, or poison. */
  load<T>(cell: Cell<T>): T {
    return load(cell);
  }

  /** A store of the thread. */
  store<T>(cell: Cell<T>, value: T): void {
    store(cell, value, this.machine.journal);
  }

  /** A plain store that is part of a step which is more than that. */
  storePlainly<T>(cell: Cell<T>, value: T): void {
    this.store(cell, value);
  }

  /** Several stores that become visible at once. */
  storeTogether(changes: readonly Change[], _label: string): void {
    for (const { cell, value } of changes) this.store(cell, value);
  }

  /** Whether the thread has released a lock that others still see held. */
  hasReleased(_lock: Lock): boolean {
    return false;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): Suspended | Finished {
    const machine = this.machine;
    if (this.#state === MADE) {
      this.#state = PENDING;
      // The atomic block that the last step began ends here.
      if (machine.attention) {
        if (machine.feed !== undefined) return this.#fed(machine.feed);
        machine.announced(this);
      } else this.announce();
      if (machine.priming || !machine.host.goOn(this.thread)) {
        const primitive = this.primitive;
        if (primitive.park !== undefined && !this.slot.stopped) primitive.park(this);
        return machine.results.suspend(this);
      }
    }
    for (;;) {
      this.#state = IDLE;
      if (!machine.isPlain && this.slot.entering.length !== 0) this.slot.enterSections();
      const result = this.act();
      if (machine.attention) machine.traceStep(this, result);
      if (this.#state === IDLE) {
        return machine.results.finish(result);
      }
      if (machine.attention) machine.blockEnded(this.slot);
      if (machine.priming || !machine.host.goOn(this.thread)) return machine.results.suspend(this);
    }
  }

  /** The step was taken before: its result is known, or it is the one before which the thread stood. */
  #fed(feed: Feed): Suspended | Finished {
    const { machine } = this;
    if (!feed.next()) return machine.results.suspend(this);
    // What a thread does before its first step is announced like steps; from here on it is not.
    machine.priming = false;
    this.#state = IDLE;
    return machine.results.finish(feed.result);
  }

  /** Blocks the thread if it cannot go on now. */
  announce(): void {
    const announce = this.primitive.announce;
    if (announce === announceSleeping) announceSleeping(this);
    else if (announce !== undefined) announce(this);
  }

  /** Takes effect. */
  protected act(): unknown {
    const primitive = this.primitive;
    const way = primitive.way;
    if (way === BY_READ) return readCell(this);
    if (way === BY_WRITE) writeCell(this);
    else if (way === BY_ACQUIRE) actAcquire(this);
    else if (way === BY_RELEASE) actRelease(this);
    else {
      const result = primitive.act(this);
      if (primitive.meetsEvents) this.machine.lockdep.meetsEvent(this);
      return result;
    }
    return undefined;
  }

  #complain(): void {
    throw new ModelError(
      `${this.machine.threadName(this.thread)} began a step while ${this.primitive.name}() of the same thread ` +
        `was still pending: a call on cpu stands without yield*, or cpu of another thread is used`,
    );
  }
}

function readCell(op: Operation): unknown {
  const cell = op.subject as Cell<unknown>;
  const value = op.load(cell);
  if (value !== poison) return value;
  op.machine.useAfterFree(op, cell);
  return undefined;
}

function writeCell(op: Operation): void {
  const cell = op.subject as Cell<unknown>;
  if (op.load(cell) === poison) op.machine.useAfterFree(op, cell);
  else op.store(cell, op.a);
}
