// DEFINE_PER_CPU: one cell per CPU under one name. Which one `this CPU` means follows from where a thread is when it
// takes the step.
import { Cell, type Show } from '../cell.js';
import * as memory from '../memory.js';
import { checkCpu } from './processor.js';
import { type Named, showValue } from '../names.js';
import { type Operation, Primitive, READ, WRITE } from '../op.js';
import { type AccessUse, MARKED_READ, MARKED_WRITE, RELAXED_UPDATE } from '../races/access.js';

export class PerCpu<in out T> implements Named {
  readonly name: string;
  readonly #initial: T;
  readonly #show: Show<T> | undefined;
  readonly #cells: Cell<T>[] = [];

  constructor(name: string, initial: T, show?: Show<T>) {
    this.name = name;
    this.#initial = initial;
    this.#show = show;
  }

  get label(): string {
    return this.name;
  }

  /**
   * per_cpu(variable, id): the cell of one CPU, for whatever takes a cell.
   * @throws ModelError for the number of a CPU that there cannot be
   */
  on(id: number): Cell<T> {
    checkCpu(id);
    for (let next = this.#cells.length; next <= id; next++) {
      const options = this.#show === undefined ? {} : { show: this.#show };
      this.#cells.push(new Cell<T>(this, `cpu${String(next)}`, this.#initial, options));
    }
    return this.#cells[id] as Cell<T>;
  }

  /** The variables of the CPUs that were used so far, on this machine: of the others it is as at first. */
  get cells(): readonly Cell<T>[] {
    return this.#cells;
  }

  /** For properties: the values of the CPUs that were used so far. */
  peekAll(): T[] {
    return this.#cells.map((cell) => cell.peek());
  }
}

/**
/**
 * The same primitive on the variable of the CPU on which the thread is when the step is taken. One instruction, so an
 * interrupt cannot cut it in two; but it is not locked: other CPUs cannot rely on any order.
 */
function thisCpu(name: string, access: AccessUse, { act, effect, narrate }: Primitive): Primitive {
  return new Primitive({
    name,
    access,
    effect,
    plain: true,
    act: (op) => {
      op.subject = (op.subject as PerCpu<unknown>).on(op.slot.processor.id);
      return act(op);
    },
    narrate: narrate ?? narrateCell(name),
  });
}

function narrateCell(name: string): (op: Operation, result: unknown) => string {
  return (op, result) => {
    const argument = op.a === undefined ? '' : `, ${showValue(op.a)}`;
    const outcome = result === undefined ? '' : `: ${showValue(result)}`;
    return `${name}(${(op.subject as Named).label}${argument})${outcome}`;
  };
}

export const THIS_CPU_READ = thisCpu('this_cpu_read', MARKED_READ, READ);
export const THIS_CPU_WRITE = thisCpu('this_cpu_write', MARKED_WRITE, WRITE);
export const THIS_CPU_ADD = thisCpu('this_cpu_add', RELAXED_UPDATE, memory.FETCH_ADD);
export const THIS_CPU_CMPXCHG = thisCpu('this_cpu_cmpxchg', RELAXED_UPDATE, memory.CMPXCHG);
