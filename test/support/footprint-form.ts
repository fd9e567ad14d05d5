// Which Mazurkiewicz trace an execution belongs to, as the cells say that its steps have touched: two steps of different
// threads depend on each other if they touch one cell and do not both read it or both add to it. It shares with the
// searches that it judges what the machine tells of each step, and nothing else. See canonical.ts for the form itself.
import type {
  AccessListener,
  Allocated,
  Cell,
  Machine,
  Operation,
  Thread,
  ThreadHandle,
} from '../../src/machine/index.js';
import type { StepObserver } from '../../src/machine/tracer.js';

type Way = 'read' | 'added' | 'wrote';

/** The highest levels at which one cell was touched so far. */
interface Levels {
  read: number;
  added: number;
  wrote: number;
}

/** A step that has taken effect. */
interface Taken {
  readonly thread: number;
  readonly words: string;
  /** The index of the thread that it has waited for. */
  readonly joins: number | undefined;
  /** The index of the thread that it has made. */
  readonly makes: number | undefined;
}

/** Listens to all executions of a machine and knows the form of the one that runs. */
export class FootprintForm implements AccessListener, StepObserver {
  readonly #machine: Machine;
  /** What the present step has touched. */
  readonly #touched = new Map<Cell<unknown>, Way>();
  /** The present step, once it has taken effect; when it ends, its operation is already filled for the next one. */
  #step: Taken | undefined;
  #cells = new Map<Cell<unknown>, Levels>();
  /** By thread index: the level of its last step, or of the spawn that made it. */
  #levels: number[] = [];
  /** By thread index: its steps. */
  #steps: string[] = [];

  constructor(machine: Machine) {
    this.#machine = machine;
    machine.listen(this);
    machine.observe(this);
    this.#hearOfBoundaries();
  }

  /** Nothing tells where a step ends, so the machine's own methods are asked to. */
  #hearOfBoundaries(): void {
    const machine = this.#machine;
    const begin = machine.begin.bind(machine);
    const announced = machine.announced.bind(machine);
    const blockEnded = machine.blockEnded.bind(machine);
    machine.begin = () => {
      begin();
      this.#restart();
      machine.watchers.resumeTelling();
    };
    machine.announced = (op: Operation) => {
      announced(op);
      if (!machine.priming) machine.watchers.resumeTelling();
    };
    machine.blockEnded = (thread: Thread) => {
      blockEnded(thread);
      if (!machine.priming) this.#end();
    };
  }

  /** The form of the execution that has ended. */
  take(): string {
    this.#machine.watchers.pauseTelling();
    const threads: string[] = [];
    for (let thread = 0; thread < this.#machine.threadCount; thread++) {
      const { name } = this.#machine.thread(thread);
      threads.push(`${name}: ${this.#steps[thread] ?? ''}`);
    }
    return threads.sort().join('\n');
  }

  #restart(): void {
    this.#touched.clear();
    this.#step = undefined;
    this.#cells = new Map();
    this.#levels = [];
    this.#steps = [];
  }

  begin(): void {
    this.#machine.watchers.pauseTelling();
  }

  step(op: Operation, result: unknown): void {
    const { name } = op.primitive;
    if (name === 'halt') return;
    // Where schedule() sleeps is looked up when it is announced, so it may differ within one trace.
    const subject = name === 'schedule' ? '' : nameOf(op.subject);
    this.#step = {
      thread: op.thread,
      words: `${name} ${subject} ${result === null ? 'null' : ''}`,
      joins: name === 'join' ? (op.subject as ThreadHandle).index : undefined,
      makes: name === 'spawn' ? (result as ThreadHandle).index : undefined,
    };
  }

  read(cell: Cell<unknown>): void {
    const before = this.#touched.get(cell);
    if (before === 'added') this.#touched.set(cell, 'wrote');
    else if (before === undefined) this.#touched.set(cell, 'read');
  }

  wrote(cell: Cell<unknown>): void {
    this.#touched.set(cell, 'wrote');
  }

  added(cell: Cell<unknown>): void {
    const before = this.#touched.get(cell);
    if (before === 'read') this.#touched.set(cell, 'wrote');
    else if (before === undefined) this.#touched.set(cell, 'added');
  }

  /** The present step is over, with all that properties looked at after it. */
  #end(): void {
    const step = this.#step;
    if (step === undefined) return;
    this.#step = undefined;
    const { thread, words, joins, makes } = step;
    let level = this.#levels[thread] ?? 0;
    if (joins !== undefined) level = Math.max(level, this.#levels[joins] ?? 0);
    for (const cell of this.#touched.keys()) {
      // Only one thread comes by, or it follows from other cells.
      if (cell.isUncontended) this.#touched.delete(cell);
    }
    for (const [cell, way] of this.#touched) level = Math.max(level, this.#before(cell, way));
    level++;
    for (const [cell, way] of this.#touched) {
      const levels = this.#levelsOf(cell);
      levels[way] = Math.max(levels[way], level);
    }
    this.#touched.clear();
    this.#levels[thread] = level;
    this.#steps[thread] = `${this.#steps[thread] ?? ''}${words}${String(level)};`;
    if (makes !== undefined) this.#levels[makes] = level;
  }

  #levelsOf(cell: Cell<unknown>): Levels {
    let levels = this.#cells.get(cell);
    if (levels === undefined) this.#cells.set(cell, (levels = { read: 0, added: 0, wrote: 0 }));
    return levels;
  }

  /** The highest level of an earlier step that one which touches the cell in this way depends on. */
  #before(cell: Cell<unknown>, way: Way): number {
    const { read, added, wrote } = this.#levelsOf(cell);
    if (way === 'read') return Math.max(added, wrote);
    if (way === 'added') return Math.max(read, wrote);
    return Math.max(read, added, wrote);
  }
}

function nameOf(subject: unknown): string {
  const { name, memory } = (subject ?? {}) as Partial<Allocated> & { readonly name?: string };
  return name ?? memory?.name ?? '';
}
