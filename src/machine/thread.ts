// A thread: a path running on a CPU. The slot is reused by whichever thread comes to have its index in an
// execution; what must not depend on the interleaving (name, pooled objects) is on the identity.
import { Cell, isTold, load } from './cell.js';
import type { ThreadRole } from './context/interrupts.js';
import type { Processor } from './context/processor.js';
import type { Section } from './context/section.js';
import type { Cpu } from './cpu/cpu.js';
import type { CallStack } from './frames.js';
import { Pool } from './heap.js';
import { HeldLocks } from './locks/held.js';
import type { Named } from './names.js';
import { Operation, type Path } from './op.js';
import type { ThreadHandle } from './spawn.js';
import type { Sleeper } from './waiting/sleeper.js';
import type { Timer } from './time/timer.js';
import type { Machine } from './machine.js';
import { noRcuCells, RcuThread } from './rcu/rcu-thread.js';
import { BufferedOperation } from './tso/buffered-operation.js';

/** Who a thread is in every interleaving: its name, and what it makes. */
export class ThreadIdentity implements Named {
  readonly name: string;
  readonly pool: Pool;
  /** Another thread started it, and may wait for its end. */
  readonly isSpawned: boolean;
  /** The number, in the machine's lockdep, of what waits for its end, once somebody may. */
  endClass = -1;
  /** How many threads it has spawned in this execution that were not placed on a CPU by name. */
  childCount = 0;
  /** Made with the first child: of a hundred thousand threads few have any. */
  #children: Map<string, Children> | undefined = undefined;

  constructor(name: string, isSpawned = false) {
    this.name = name;
    this.isSpawned = isSpawned;
    this.pool = new Pool(name);
  }

  get label(): string {
    return this.name;
  }

  /** How many objects and threads it has made in this execution. */
  get created(): number {
    return this.pool.count + this.childCount;
  }

  /** Visits how many it has made of each kind in this execution, and how many threads of each name. */
  visitCounts(visit: (kind: object | string, count: number) => void): void {
    this.pool.visitCounts(visit);
    if (this.childCount > 0) visit('', this.childCount);
    if (this.#children === undefined) return;
    for (const [name, { count }] of this.#children) if (count > 0) visit(name, count);
  }

  restart(): void {
    this.pool.restart();
    this.childCount = 0;
    if (this.#children === undefined) return;
    for (const children of this.#children.values()) children.count = 0;
  }

  /** The identity of this thread's next child of a name: `main/worker`, then `main/worker#2`. */
  nextChild(name: string): ThreadIdentity {
    this.#children ??= new Map<string, Children>();
    let children = this.#children.get(name);
    if (children === undefined) this.#children.set(name, (children = { count: 0, all: [] }));
    const n = ++children.count;
    let child = children.all[n - 1];
    if (child === undefined) {
      const suffix = n === 1 ? '' : `#${String(n)}`;
      child = new ThreadIdentity(`${this.name}/${name}${suffix}`, true);
      children.all.push(child);
    }
    return child;
  }
}

/** The children of one name: how many there are in this execution, and all that there ever were. */
interface Children {
  count: number;
  readonly all: ThreadIdentity[];
}

/** Nobody else comes by, as long as nobody shares the thread's CPU or moves it away. */
const own = { isUncontended: true } as const;

export class Thread implements Named {
  readonly index: number;
  readonly op: Operation;
  // First of all what each step needs: of many threads the processor's caches have forgotten the rest.
  generator: Path<unknown> | undefined = undefined;
  /** How often this thread has switched preemption off; > 0 means nobody else gets its CPU. */
  readonly preemptDepth: Cell<number>;
  /** How often it has asked to stay on its CPU. */
  readonly migrationOff: Cell<number>;
  /** The CPU that it is on. */
  readonly home: Cell<Processor>;
  /** Sections that begin with its next step. */
  readonly entering: Section[] = [];
  readonly held = new HeldLocks();
  /** Made when RCU first has to know something of the thread. */
  #rcu: RcuThread | undefined = undefined;
  identity: ThreadIdentity;
  role: ThreadRole = 'task';
  /** An interrupt, whether or not it has come. */
  isHandler = false;
  /** The execution is not over before it has ended. */
  mustEnd = true;
  /** The timer whose interrupt it is. */
  serves: Timer | undefined = undefined;
  /** What the thread's path calls `cpu`. */
  readonly cpu: Cpu;
  /** Open calls, in trace gear. */
  calls: CallStack | undefined = undefined;
  ended = false;
  /** Stopped by a panic: it never ends. */
  stopped = false;
  /** What its path returned. */
  result: unknown = undefined;
  /** What others know it by; see handleOf(). */
  handle: ThreadHandle | undefined = undefined;
  /** What it has besides once it has to do with sleeping; see sleeperOf(). */
  sleeper: Sleeper | undefined = undefined;
  /** The threads that wait for this one to end. */
  readonly joiners: Operation[] = [];

  constructor(
    index: number,
    machine: Machine,
    identity: ThreadIdentity,
    processor: Processor,
    makeCpu: (thread: Thread) => Cpu,
  ) {
    this.index = index;
    const buffers = machine.storeBuffers;
    this.op =
      buffers === undefined
        ? new Operation(this, machine)
        : new BufferedOperation(this, machine, buffers);
    this.identity = identity;
    this.home = new Cell<Processor>(this, 'cpu', processor, own);
    this.preemptDepth = new Cell<number>(this, 'preempt_depth', 0, own);
    this.migrationOff = new Cell<number>(this, 'migration_off', 0, own);
    this.cpu = makeCpu(this);
  }

  get name(): string {
    return this.identity.name;
  }

  get label(): string {
    return this.identity.name;
  }

  get processor(): Processor {
    return load(this.home);
  }

  /** What RCU knows of the thread. */
  get rcu(): RcuThread {
    return (this.#rcu ??= new RcuThread(this));
  }

  /** What others may see of the slot, whichever thread has it: undefined where there was no need for it yet. */
  get sharedCells(): readonly (Cell<unknown> | undefined)[] {
    return [...(this.#rcu?.cells ?? noRcuCells), ...(this.sleeper?.cells ?? [])];
  }

  /** Whether an RCU read section has begun: rcu_read_lock() and the step after it. */
  get isInReadSection(): boolean {
    // Who listens must hear of the look also where nothing is known yet: the section may begin later.
    if (this.#rcu === undefined && !isTold()) return false;
    return load(this.rcu.depth) > 0;
  }

  /** Gives the slot to a thread of that kind. */
  become(role: ThreadRole): void {
    this.role = role;
    this.isHandler = role === 'hardirq' || role === 'softirq';
  }

  /** It waits for something that need not happen, such as its interrupt. */
  get isIdle(): boolean {
    return this.op.isPending && this.op.primitive.idle;
  }

  /** Opens the sections that begin with the step that is being taken. */
  enterSections(): void {
    for (const section of this.entering) section.open(this);
    this.entering.length = 0;
  }

  /** Whether one of these is a section in which nobody may sleep. */
  get isEnteringAtomic(): boolean {
    return this.entering.length > 0 && this.entering.some((section) => section.isAtomic);
  }

  isEntering(section: Section): boolean {
    return this.entering.includes(section);
  }

  /** A new execution begins, or the slot gets another thread. */
  restart(): void {
    this.op.reset();
    this.identity.restart();
    this.ended = this.stopped = false;
    this.result = this.handle = undefined;
    this.serves = undefined;
    this.held.restart();
    if (this.entering.length > 0) this.entering.length = 0;
    if (this.joiners.length > 0) this.joiners.length = 0;
    if (this.calls !== undefined) this.calls.depth = 0;
  }
}
