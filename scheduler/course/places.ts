// Where each thread is, as places that keep their names when other threads, or other parts of the same thread, change:
// an operation, what it acts on, the function it is in, and which time it is.
import type { Operation, Primitive, Thread } from '../../src/machine/index.js';
import type { StepObserver } from '../../src/machine/tracer.js';
import type { Place } from '../../src/trace/course.js';
import { nameAndLabel } from '../../src/trace/show.js';

/** An operation on something in a function. */
export interface Spot {
  readonly function: string | undefined;
  readonly does: string;
  readonly to: string;
  /** As keys of counters, from narrow to wide: in this function; in any; anything done to that. */
  readonly keys: readonly [string, string, string];
}

/** What a thread has done so far. */
interface Past {
  /** Steps; each event of an operation that takes several is one. */
  steps: number;
  /** By key, how many operations are done. */
  readonly done: Map<string, number>;
  last: Spot | undefined;
  /** Events of the operation that is under way. */
  queued: number;
}

/** The keys of a spot. */
export function keysOf(
  where: string | undefined,
  does: string,
  to: string,
): readonly [string, string, string] {
  return [`${where ?? ''} ${does}(${to})`, `${does}(${to})`, `(${to})`];
}

/** What stops a thread by BUG_ON() is no step of a schedule. */
export function isHalt(op: Operation): boolean {
  return op.primitive.name === 'halt';
}

/** Counts the steps of all threads by their places. */
export class Places implements StepObserver {
  #pasts: Past[] = [];
  /** By function, primitive and subject: names are looked up once for each. */
  #spots = new Map<string, Map<Primitive, Map<unknown, Spot>>>();

  begin(): void {
    this.#pasts = [];
    // Slots of threads are somebody else's in each execution.
    this.#spots = new Map();
  }

  step(op: Operation): void {
    if (isHalt(op)) return;
    const past = this.#past(op.thread);
    past.steps++;
    if (op.isPending) {
      past.queued++;
      return;
    }
    const spot = this.spot(op);
    for (const key of spot.keys) past.done.set(key, (past.done.get(key) ?? 0) + 1);
    past.last = spot;
    past.queued = 0;
  }

  /** How many steps the thread has taken. */
  stepsOf(thread: number): number {
    return this.#past(thread).steps;
  }

  /** How many operations with this key the thread has done. */
  done(thread: number, key: string): number {
    return this.#past(thread).done.get(key) ?? 0;
  }

  /** How many events of its pending operation the thread has behind it. */
  queuedOf(thread: number): number {
    return this.#past(thread).queued;
  }

  /** Where an operation is, or would be if it acted on that. */
  spot({ slot, primitive, subject }: Operation, acting: unknown = subject): Spot {
    const where = slot.calls?.innermost;
    const primitives = entry(
      this.#spots,
      where ?? '',
      () => new Map<Primitive, Map<unknown, Spot>>(),
    );
    const subjects = entry(primitives, primitive, () => new Map<unknown, Spot>());
    return entry(subjects, acting, () => {
      const to = nameAndLabel(acting).name;
      return { function: where, does: primitive.name, to, keys: keysOf(where, primitive.name, to) };
    });
  }

  /** What the thread is about to do; undefined where it has ended or was stopped. */
  next({ index, ended, stopped, op }: Thread): Place | undefined {
    if (ended || stopped || isHalt(op)) return undefined;
    const spot = this.spot(op);
    const { queued } = this.#past(index);
    return { ...this.#place(index, spot, 1), ...(queued === 0 ? {} : { queued }) };
  }

  /** Where a thread is that takes this step, which is not counted yet. */
  during(op: Operation): Place {
    return this.#place(op.thread, this.spot(op), 1);
  }

  /** What the thread has done last; undefined if that is not done yet. */
  last(thread: number): Place | undefined {
    const { last, queued } = this.#past(thread);
    return last === undefined || queued > 0 ? undefined : this.#place(thread, last, 0);
  }

  #place(thread: number, { function: where, does, to, keys }: Spot, more: 0 | 1): Place {
    const [narrow, wide, widest] = keys.map((key) => this.done(thread, key) + more);
    return {
      ...(where === undefined ? {} : { in: where }),
      does,
      to,
      time: [narrow ?? 0, wide ?? 0, widest ?? 0],
    };
  }

  #past(thread: number): Past {
    while (this.#pasts.length <= thread) {
      this.#pasts.push({ steps: 0, done: new Map(), last: undefined, queued: 0 });
    }
    return this.#pasts[thread] as Past;
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
