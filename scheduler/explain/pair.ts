// The two operations whose order decides. At the critical step the thread that took it did X, and from then on
// nothing ended well. So somewhere among the steps that others can take first there is one, Y, before which X is still
// fatal and after which it is not: two neighbouring steps, both orders of which were tried. They conflict, for if they
// did not, both orders would lead to the same state.
import type { Program, RunOptions } from '../program.js';
import type { Continuation, Continuations } from './continuations.js';
import type { Course, Move } from './course.js';
import { Driver } from './drive.js';
import { conflict, Footprints } from './footprints.js';
import { Alone, InOrder, withoutFirst } from './orders.js';

export interface Pair {
  /** The step of the failing execution that came too early, counted from 0. */
  readonly taken: number;
  /** An execution in which the other one comes first, and which ends well. */
  readonly good: readonly Move[];
  /** Which step of that execution is the other one. */
  readonly other: number;
  /** And which is the first one there. */
  readonly takenThere: number;
  /** Apart from this, and what must come before it, the threads go on in the same order as in the failing execution. */
  readonly isSameOrder: boolean;
  /** What both touch, by the names of the cells and by how these read. */
  readonly cells: readonly { readonly name: string; readonly label: string }[];
}

export type Deciding =
  | ({ readonly kind: 'pair' } & Pair)
  /** No step of others before it makes it harmless: only that it is not taken would. */
  | { readonly kind: 'none' }
  | { readonly kind: 'undecided' };

/** Steps of one thread that may be moved before the critical one. */
const leadMax = 1_000;

/** @param good an execution that begins as `course` does, up to before `step`, and ends well */
export function findPair(
  program: Program,
  course: Course,
  step: number,
  good: Course,
  continuations: Continuations,
  options: RunOptions,
): Deciding {
  const search = new PairSearch(program, course, step, continuations, options);
  let isDecided = true;
  for (const lead of search.leads(good)) {
    const found = search.flip(lead);
    if (found.kind === 'pair') return found;
    if (found.kind === 'undecided') isDecided = false;
  }
  return { kind: isDecided ? 'none' : 'undecided' };
}

class PairSearch {
  readonly #driver: Driver;
  readonly #footprints: Footprints;
  readonly #continuations: Continuations;
  readonly #course: Course;
  readonly #step: number;
  readonly #before: Course;
  readonly #taken: Move;

  constructor(
    program: Program,
    course: Course,
    step: number,
    continuations: Continuations,
    options: RunOptions,
  ) {
    this.#driver = new Driver(program, options);
    this.#footprints = new Footprints(this.#driver.machine);
    this.#driver.listen(this.#footprints);
    this.#continuations = continuations;
    this.#course = course;
    this.#step = step;
    this.#before = course.slice(0, step);
    this.#taken = course[step] as Move;
  }

  /** What others could do first: each thread alone, in the order of their next steps; then all as in the good one. */
  *leads(good: Course): Generator<Course> {
    const names = new Set(
      [...this.#course.slice(this.#step), ...good.slice(this.#step)].map(nameOf),
    );
    names.delete(this.#taken.name);
    const { machine } = this.#driver;
    for (const name of names) {
      this.#driver.drive(this.#before, new Alone(-1));
      const thread = Array.from({ length: machine.threadCount }, (_, t) => t).find(
        (t) => machine.threadName(t) === name && machine.runnable.has(t),
      );
      if (thread === undefined) continue;
      this.#driver.drive(this.#before, new Alone(thread, leadMax));
      yield this.#driver.taken().slice(this.#step);
    }
    const rest = good.slice(this.#step);
    const own = rest.findIndex(({ name }) => name === this.#taken.name);
    yield own < 0 ? rest : rest.slice(0, own);
  }

  /** The first step of the lead after which the critical one is harmless. */
  flip(lead: Course): Deciding {
    for (let count = 1; count <= lead.length; count++) {
      const { answer, waits } = this.#with(lead.slice(0, count));
      if (answer.kind === 'good') return this.#pair(lead.slice(0, count), answer.course, waits);
      if (answer.kind === 'undecided') return answer;
      // While it has to wait, nothing ends well: nor will it later.
      if (answer.kind === 'impossible' || waits) return { kind: 'none' };
    }
    return { kind: 'none' };
  }

  /** How it can go on after the lead and the critical step; that one may have to wait then. */
  #with(lead: Course): { readonly answer: Continuation; readonly waits: boolean } {
    const answer = this.#continuations.after([...this.#before, ...lead, this.#taken]);
    if (answer.kind !== 'impossible') return { answer, waits: false };
    return { answer: this.#continuations.after([...this.#before, ...lead]), waits: true };
  }

  #pair(lead: Course, found: readonly Move[], waits: boolean): Deciding {
    const same = this.#inSameOrder(lead, waits);
    const good = same ?? found;
    const other = this.#step + lead.length - 1;
    const takenThere = good.findIndex((move, n) => n > other && move.name === this.#taken.name);
    return {
      kind: 'pair',
      taken: this.#step,
      good,
      other,
      takenThere,
      isSameOrder: same !== undefined,
      cells: this.#cells(lead),
    };
  }

  /** The failing execution with only this order changed, if that ends well. */
  #inSameOrder(lead: Course, waits: boolean): readonly Move[] | undefined {
    let rest: Course = this.#course.slice(this.#step + 1);
    const counts = new Map<string, number>();
    for (const { name } of lead) counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const [name, count] of counts) rest = withoutFirst(rest, name, count);
    const head = [...this.#before, ...lead, ...(waits ? [] : [this.#taken])];
    const tail = new InOrder(this.#driver.machine, waits ? [this.#taken, ...rest] : rest);
    const { end, verdict } = this.#driver.drive(head, tail);
    return end === 'over' && verdict.kind === 'ok' ? this.#driver.taken() : undefined;
  }

  /** What the last step of the lead and the critical one both touch, where both could come next. */
  #cells(lead: Course): { name: string; label: string }[] {
    const state = [...this.#before, ...lead.slice(0, -1)];
    const footprintOf = (move: Move): ReturnType<Footprints['end']>[number] | undefined => {
      const { end } = this.#driver.drive([...state, move], stopNow);
      return end === 'impossible' ? undefined : this.#footprints.end()[state.length];
    };
    const other = footprintOf(lead.at(-1) as Move);
    const taken = footprintOf(this.#taken);
    return other === undefined || taken === undefined ? [] : conflict(taken, other);
  }
}

const stopNow = new Alone(-1);

function nameOf({ name }: Move): string {
  return name;
}
