// Which steps matter to somebody who wants to see a race: what writes, what locks, what waits, and the reads that
// see, or could have seen, another thread's write. Where that is more than a screen, writes that no other thread
// could see go too, and then locks around nothing. Everything else is behind --full.
import { type StepEntry, stepsOf, type Trace } from './trace.js';

/** Numbers of the steps in which threads meet outside of locks: what one thread changes and another one sees. */
export function racingSteps(trace: Trace): Set<number> {
  const steps = stepsOf(trace);
  const uses = new Uses(steps);
  const shown = steps.filter((step) => !step.locking && uses.conflict(step));
  return new Set(shown.map(({ n }) => n));
}

/** Numbers of the steps that the short picture shows. */
export function relevantSteps(trace: Trace): Set<number> {
  const steps = stepsOf(trace);
  const uses = new Uses(steps);
  const shown = new Set<number>();
  const add = (step: StepEntry): void => {
    if (isEvent(step) || step.effect === 'writes' || uses.conflict(step)) shown.add(step.n);
  };
  steps.forEach(add);
  if (shown.size > screenSteps) {
    for (const step of steps) if (!isEvent(step) && !uses.conflict(step)) shown.delete(step.n);
    for (let t = 0; t < trace.threads.length; t++) dropEmptySections(steps, t, shown);
  }
  const last = steps.at(-1);
  if (last !== undefined && trace.verdict.kind !== 'ok') shown.add(last.n);
  return shown;
}

/** Steps that one look takes in. */
const screenSteps = 24;

/** What every other thread feels, whatever cells it touches: locks and queues, new threads, and injected faults. */
function isEvent({ locking, waits, operation, result }: StepEntry): boolean {
  return (
    locking || waits || operation === 'spawn' || (operation === 'kmalloc' && result === 'NULL')
  );
}

/** Who looks at, and who changes, each cell and each list. */
class Uses {
  readonly #readers = new Map<string, Set<number>>();
  readonly #writers = new Map<string, Set<number>>();

  constructor(steps: readonly StepEntry[]) {
    for (const { thread, subject, writes } of steps) {
      add(this.#readers, subject, thread);
      for (const name of writes) {
        add(this.#writers, name, thread);
        const list = listOf(name);
        if (list !== undefined) add(this.#writers, list, thread);
      }
    }
  }

  /** Whether another thread changes what the step looks at, or looks at what it changes. */
  conflict({ subject, writes, thread }: StepEntry): boolean {
    if (hasOther(this.#writers.get(subject), thread)) return true;
    return writes.some((name) =>
      [name, listOf(name) ?? name].some(
        (changed) =>
          hasOther(this.#writers.get(changed), thread) ||
          hasOther(this.#readers.get(changed), thread),
      ),
    );
  }
}

/** The list or node that a pointer is part of: who looks at a list looks at these. */
function listOf(cell: string): string | undefined {
  return /^(.+)\.(?:next|prev)$/.exec(cell)?.[1];
}

function add(users: Map<string, Set<number>>, name: string, thread: number): void {
  const threads = users.get(name);
  if (threads === undefined) users.set(name, new Set([thread]));
  else threads.add(thread);
}

function hasOther(threads: ReadonlySet<number> | undefined, thread: number): boolean {
  if (threads === undefined) return false;
  return threads.size > (threads.has(thread) ? 1 : 0);
}

interface Section {
  readonly lock: string;
  readonly begin: number;
  isEmpty: boolean;
}

/** Takes out the lock operations of a thread between which nothing is left, the inner ones first. */
function dropEmptySections(steps: readonly StepEntry[], thread: number, shown: Set<number>): void {
  const open: Section[] = [];
  let queued = false;
  for (const step of steps) {
    if (step.thread !== thread || !shown.has(step.n)) continue;
    const at = open.findLastIndex(({ lock }) => lock === step.subject);
    const holds = step.locks.includes(step.subject);
    if (step.locking && holds && at < 0 && !queued) {
      open.push({ lock: step.subject, begin: step.n, isEmpty: true });
      continue;
    }
    queued = step.waits;
    const [section] = step.locking && !holds && at >= 0 ? open.splice(at, 1) : [];
    if (section?.isEmpty === true) {
      shown.delete(section.begin);
      shown.delete(step.n);
    } else {
      for (const outer of open) outer.isEmpty = false;
    }
  }
}
