// How much is done under which locks: from a trace, for each function and each class of locks, the number of steps that
// were taken while a lock of the class was held, and the longest section. These are counts of model steps. They say
// nothing about time: a model leaves out most of what a function does, and no step has a duration.
import { type StepEntry, stepsOf, type Trace } from './trace.js';

export interface LockSteps {
  /** The function, or, outside of any, the thread. */
  readonly function: string;
  /** The locks' name without the object that they are part of, as lockdep's classes have it. */
  readonly lockClass: string;
  /** Steps that the function, or one that it called, took under such a lock; its acquisition is not counted, its release is. */
  readonly steps: number;
  /** The most of them in a row under one acquisition: what somebody who waits for the lock has to wait through. */
  readonly longest: number;
}

/** By function in the order of their first step under a lock, then by class in the order of theirs. */
export function lockSteps(trace: Trace): LockSteps[] {
  const tally = new Tally();
  const threads = trace.threads.map(() => new ThreadCount(tally));
  for (const step of stepsOf(trace)) {
    threads[step.thread]?.count(step, trace.threads[step.thread]?.name ?? '');
  }
  return tally.rows();
}

/** `css_set:fork/1.lock` is of the class `lock`. */
function classOf(lock: string): string {
  return lock.slice(lock.lastIndexOf('.') + 1);
}

interface Count {
  steps: number;
  longest: number;
}

class Tally {
  readonly #functions = new Map<string, Map<string, Count>>();

  of(name: string, lockClass: string): Count {
    let classes = this.#functions.get(name);
    if (classes === undefined) this.#functions.set(name, (classes = new Map<string, Count>()));
    let count = classes.get(lockClass);
    if (count === undefined) classes.set(lockClass, (count = { steps: 0, longest: 0 }));
    return count;
  }

  rows(): LockSteps[] {
    return [...this.#functions].flatMap(([name, classes]) =>
      [...classes].map(([lockClass, count]) => ({ function: name, lockClass, ...count })),
    );
  }
}

/** What one thread does. */
class ThreadCount {
  readonly #tally: Tally;
  /** The locks that it held after its last step. */
  #held: readonly string[] = [];
  /** Per lock that it holds, how many steps each open function has taken since the acquisition. */
  readonly #sections = new Map<string, Map<string, number>>();

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  count({ frames, locks }: StepEntry, thread: string): void {
    const functions = new Set(frames.length === 0 ? [thread] : frames);
    const classes = new Set(this.#held.map(classOf));
    for (const name of functions) {
      for (const lockClass of classes) this.#tally.of(name, lockClass).steps++;
      for (const lock of this.#held) this.#lengthen(lock, name);
    }
    for (const lock of this.#held) if (!locks.includes(lock)) this.#sections.delete(lock);
    this.#held = locks;
  }

  #lengthen(lock: string, name: string): void {
    let section = this.#sections.get(lock);
    if (section === undefined) this.#sections.set(lock, (section = new Map<string, number>()));
    const length = (section.get(name) ?? 0) + 1;
    section.set(name, length);
    const count = this.#tally.of(name, classOf(lock));
    count.longest = Math.max(count.longest, length);
  }
}

/** The table, for people. */
export function renderLockSteps(rows: readonly LockSteps[]): string {
  if (rows.length === 0) return 'No step was taken under a lock.';
  const heads = ['function', 'lock class', 'steps', 'longest section'];
  const body = rows.map(({ function: name, lockClass, steps, longest }) => [
    name,
    lockClass,
    String(steps),
    String(longest),
  ]);
  const widths = heads.map((head, i) =>
    Math.max(head.length, ...body.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, i) => (i < 2 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  const note = 'Counts of model steps in this execution; they say nothing about time.';
  return [line(heads), ...body.map(line), '', note].join('\n');
}
