// Which thread and which cell of the present model is which of the recorded one. Equal names are the same thing; of
// what is left over on both sides, the things that are used alike belong together, in the order of their first use.
import type { Machine, Operation } from '../../src/machine/index.js';
import type { StepObserver } from '../../src/machine/tracer.js';
import type { Course, CourseThread, Place } from '../../src/trace/course.js';
import type { Places } from './places.js';

/** A name of the recorded model, and what is taken for the same in the present one. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

/** Collects what the threads of a model do, over several executions. */
export class Survey implements StepObserver {
  readonly #machine: Machine;
  readonly #places: Places;
  readonly #uses = new Map<string, Set<string>>();

  constructor(machine: Machine, places: Places) {
    this.#machine = machine;
    this.#places = places;
  }

  begin(): void {
    for (let t = 0; t < this.#machine.threadCount; t++) this.#of(t);
  }

  step(op: Operation): void {
    const { does, to } = this.#places.spot(op);
    this.#of(op.thread).add(`${does} ${to}`);
  }

  get threads(): CourseThread[] {
    return [...this.#uses].map(([name, uses]) => ({ name, uses: [...uses] }));
  }

  #of(thread: number): Set<string> {
    const name = this.#machine.threadName(thread);
    let uses = this.#uses.get(name);
    if (uses === undefined) this.#uses.set(name, (uses = new Set()));
    return uses;
  }
}

/** What has another name now. Nothing stands for itself in the list. */
export function renamesOf(
  recorded: readonly CourseThread[],
  present: readonly CourseThread[],
): Rename[] {
  const threads = matchThreads(recorded, present);
  return [...threads, ...matchSubjects(recorded, present, threads)];
}

/** The course in the names of the present model. */
export function renamed(course: Course, renames: readonly Rename[]): Course {
  if (renames.length === 0) return course;
  const names = new Map(renames.map(({ from, to }) => [from, to]));
  const name = (old: string): string => names.get(old) ?? old;
  const place = (old: Place): Place => ({ ...old, to: name(old.to) });
  return {
    threads: course.threads.map((thread) => ({ ...thread, name: name(thread.name) })),
    turns: course.turns.map((turn) => ({
      ...turn,
      thread: name(turn.thread),
      before: turn.before && place(turn.before),
      after: turn.after && place(turn.after),
    })),
    draws: course.draws.map((draw) => ({
      ...draw,
      thread: name(draw.thread),
      during: place(draw.during),
    })),
  };
}

/** A sentence or a signature in the names of the present model. */
export function renamedText(text: string, renames: readonly Rename[]): string {
  const names = new Map(renames.map(({ from, to }) => [from, to]));
  return text.replaceAll(/[^\s,;()]+/g, (word) => names.get(word) ?? word);
}

function matchThreads(
  recorded: readonly CourseThread[],
  present: readonly CourseThread[],
): Rename[] {
  const renames: Rename[] = [];
  const known = new Set(recorded.map(({ name }) => name));
  const free = present.filter(({ name }) => !known.has(name));
  const there = new Set(present.map(({ name }) => name));
  for (const thread of recorded) {
    if (there.has(thread.name)) continue;
    const child = free.find(({ name }) => name === renamedPrefix(thread.name, renames));
    const match = child ?? mostAlike(thread, free);
    if (match === undefined) continue;
    free.splice(free.indexOf(match), 1);
    renames.push({ from: thread.name, to: match.name });
  }
  return renames;
}

/** `main/worker`, where main is called boss now: `boss/worker`. */
function renamedPrefix(name: string, renames: readonly Rename[]): string {
  const rename = renames.find(({ from }) => name.startsWith(`${from}/`));
  return rename === undefined ? name : rename.to + name.slice(rename.from.length);
}

/** The thread that does most of the same; of several, the first one. One that has nothing in common is none. */
function mostAlike(
  thread: CourseThread,
  candidates: readonly CourseThread[],
): CourseThread | undefined {
  let best: CourseThread | undefined;
  let bestScore = 0;
  for (const candidate of candidates) {
    const operations = candidate.uses.map(operationOf);
    const score =
      1 +
      2 * thread.uses.filter((use) => candidate.uses.includes(use)).length +
      thread.uses.filter((use) => operations.includes(operationOf(use))).length;
    if (score <= bestScore || score === 1) continue;
    best = candidate;
    bestScore = score;
  }
  return best;
}

function operationOf(use: string): string {
  return use.slice(0, use.indexOf(' '));
}

function subjectOf(use: string): string {
  return use.slice(use.indexOf(' ') + 1);
}

/** By subject: who does what to it, in the order of first uses. */
function usersOf(
  threads: readonly CourseThread[],
  renames: readonly Rename[],
): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const { name, uses } of threads) {
    const who = renames.find(({ from }) => from === name)?.to ?? name;
    for (const use of uses) {
      const subject = subjectOf(use);
      const found = users.get(subject);
      const what = `${who} ${operationOf(use)}`;
      if (found === undefined) users.set(subject, [what]);
      else found.push(what);
    }
  }
  users.delete('');
  return users;
}

function matchSubjects(
  recorded: readonly CourseThread[],
  present: readonly CourseThread[],
  threads: readonly Rename[],
): Rename[] {
  const old = usersOf(recorded, threads);
  const now = usersOf(present, []);
  const free = new Set([...now.keys()].filter((subject) => !old.has(subject)));
  const renames: Rename[] = [];
  for (const [subject, users] of old) {
    if (now.has(subject)) continue;
    const byThread = inNamesOf(subject, threads);
    const match = free.has(byThread) ? byThread : usedAlike(users, free, now);
    if (match === undefined) continue;
    free.delete(match);
    renames.push({ from: subject, to: match });
  }
  return renames;
}

/** `css_set:transfer/1.tasks`, where transfer is called mover now: `css_set:mover/1.tasks`. */
function inNamesOf(subject: string, threads: readonly Rename[]): string {
  const thread = threads.find(({ from }) => subject.includes(`:${from}/`));
  return thread === undefined ? subject : subject.replace(`:${thread.from}/`, `:${thread.to}/`);
}

/** The first of the free subjects to which the same is done; else the one to which most of the same is done. */
function usedAlike(
  users: readonly string[],
  free: ReadonlySet<string>,
  now: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  let best: string | undefined;
  let bestScore = 0;
  for (const subject of free) {
    const others = now.get(subject) ?? [];
    const common = users.filter((use) => others.includes(use)).length;
    const score = common / Math.max(users.length, others.length);
    if (score < 0.5 || score <= bestScore) continue;
    best = subject;
    bestScore = score;
  }
  return best;
}
