// Which looks are second ones. It follows from what each thread has done and seen, so nothing of it is logged: whoever
// goes back in the middle of an execution has to build it anew.
import type { Cell } from '../cell.js';
import { ListHead } from '../list.js';
import type { Machine } from '../machine.js';
import type { Operation } from '../op.js';
import type { Thread } from '../thread.js';
import type { StepObserver } from '../tracer.js';
import { fieldOf, placeOf, type RecheckDrop } from './drop.js';

/** The ways of looking of which a second one can be left out. */
const ways = new Set([
  'read',
  'READ_ONCE',
  'smp_load_acquire',
  'atomic_read',
  'list_empty',
  'list_first',
]);

/** What a thread saw of something, in one way of looking. */
export interface Look {
  readonly result: unknown;
  /** How many locks the thread had taken until then. */
  readonly locks: number;
}

/** A place of second looks, and who looked there at what. */
interface Seen {
  readonly drop: RecheckDrop;
  readonly looks: Map<unknown, Set<number>>;
}

/** What one thread remembers. */
class Memory {
  locks = 0;
  readonly looks = new Map<unknown, Map<string, Look>>();
}

export class SecondLooks implements StepObserver {
  /** The second looks that there were, over all executions, by where they were taken. */
  readonly #seen = new Map<string, Seen>();
  /** The threads that have changed a cell in some execution. */
  readonly #changers = new Map<Cell<unknown>, Set<number>>();
  readonly #machine: Machine;
  readonly #memories = new Map<number, Memory>();
  /** The things that a cell is part of. */
  readonly #wholes = new Map<Cell<unknown>, unknown>();
  #mark = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  begin(): void {
    this.#memories.clear();
    this.#mark = this.#machine.journal.mark();
  }

  /** What the thread saw before, if it has taken a lock since and has not changed it: then a look is a second one. */
  earlier({ index }: Thread, primitive: string, subject: unknown): Look | undefined {
    const memory = this.#memories.get(index);
    const look = memory?.looks.get(subject)?.get(primitive);
    return look === undefined || look.locks === memory?.locks ? undefined : look;
  }

  /** The places of second looks that can see something new: where another thread has changed what is looked at. */
  places(): [string, RecheckDrop][] {
    return [...this.#seen].flatMap(([key, { drop, looks }]): [string, RecheckDrop][] =>
      [...looks].some(([subject, threads]) => this.#isChangedByOthers(subject, threads))
        ? [[key, drop]]
        : [],
    );
  }

  #isChangedByOthers(subject: unknown, threads: ReadonlySet<number>): boolean {
    return cellsOf(subject).some((cell) => {
      const changers = this.#changers.get(cell);
      if (changers === undefined) return false;
      return changers.size > 1 || [...threads].some((thread) => !changers.has(thread));
    });
  }

  step(op: Operation, result: unknown): void {
    const { journal } = this.#machine;
    const changed = journal.changedSince(this.#mark);
    this.#mark = journal.mark();
    const memory = this.#memoryOf(op.thread);
    for (const cell of changed) {
      memory.looks.delete(this.#wholes.get(cell) ?? cell);
      const changers = this.#changers.get(cell) ?? new Set();
      this.#changers.set(cell, changers.add(op.thread));
    }
    if (op.isPending) return;
    const { lock, name } = op.primitive;
    if (lock !== undefined && lock.does !== 'release') memory.locks++;
    if (ways.has(name)) this.#look(op, memory, result);
  }

  #look(op: Operation, memory: Memory, result: unknown): void {
    const { slot, subject } = op;
    const { name } = op.primitive;
    if (this.earlier(slot, name, subject) !== undefined) {
      const look = `${name}(${fieldOf((subject as Cell<unknown>).name)})`;
      const place = placeOf(slot);
      const key = `${look} ${place}`;
      const seen = this.#seen.get(key) ?? {
        drop: { kind: 'recheck', look, place },
        looks: new Map<unknown, Set<number>>(),
      };
      this.#seen.set(key, seen);
      seen.looks.set(subject, (seen.looks.get(subject) ?? new Set<number>()).add(op.thread));
    }
    for (const cell of cellsOf(subject)) this.#wholes.set(cell, subject);
    const looks = memory.looks.get(subject) ?? new Map<string, Look>();
    looks.set(name, { result, locks: memory.locks });
    memory.looks.set(subject, looks);
  }

  #memoryOf(thread: number): Memory {
    let memory = this.#memories.get(thread);
    if (memory === undefined) this.#memories.set(thread, (memory = new Memory()));
    return memory;
  }
}

function cellsOf(subject: unknown): readonly Cell<unknown>[] {
  if (subject instanceof ListHead)
    return [subject.next as Cell<unknown>, subject.prev as Cell<unknown>];
  return [subject as Cell<unknown>];
}
