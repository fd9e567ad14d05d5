// The words of a deadlock: who waits for what, who has it, since when, and which function took it.
import type { Verdict, Wait } from '../machine/index.js';
import { type StepEntry, stepsOf, type Trace } from './trace.js';

type Deadlock = Extract<Verdict, { readonly kind: 'deadlock' }>;

/** The first line names the cycle, then there is one line for each wait. No line is wrapped. */
export function deadlockText(verdict: Deadlock, trace: Trace): string {
  const { cycle } = verdict;
  const head = isCycle(cycle)
    ? `circular wait: ${[...cycle, ...cycle.slice(0, 1)].map((wait) => wait.thread).join(' -> ')}`
    : 'no thread can go on';
  return [head, ...cycle.map((wait) => `  ${waitText(wait, trace)}`)].join('\n');
}

/** `a (CPU0) waits for B in mutex_lock(), held by b since step 3, taken in g()` */
function waitText(wait: Wait, trace: Trace): string {
  const { thread, waitsFor, operation, heldBy, asleep } = wait;
  const cpu = trace.threads.find(({ name }) => name === thread)?.cpu ?? 0;
  const what = `${thread} (CPU${String(cpu)}) waits for ${waitsFor} in ${operation}()`;
  return `${what}, ${asleep === true ? 'and nobody is left to wake it' : reason(waitsFor, heldBy, trace)}`;
}

function reason(waitsFor: string, heldBy: string | undefined, trace: Trace): string {
  if (heldBy === undefined) return 'which nobody will give up';
  const holder = trace.threads.findIndex((thread) => thread.name === heldBy);
  const held = trace.held.find(({ lock, thread }) => lock === waitsFor && thread === holder);
  if (held !== undefined) {
    const place = held.takenIn === undefined ? '' : `, taken in ${held.takenIn}()`;
    return `held by ${heldBy} since step ${String(held.step)}${place}`;
  }
  const last = stepsOf(trace).findLast((step) => step.thread === holder);
  if (isQueueing(last, waitsFor)) return `behind ${heldBy}, which queued first`;
  if (waitsFor.startsWith('CPU')) {
    const isHandler = trace.threads[holder]?.interrupt === true;
    return isHandler ? `which ${heldBy} has interrupted` : `where ${heldBy} cannot be preempted`;
  }
  return waitsFor.endsWith(heldBy) ? 'which cannot go on' : `held by ${heldBy}`;
}

function isQueueing(step: StepEntry | undefined, lock: string): boolean {
  return step?.waits === true && step.subject === lock;
}

/** True if every wait is for the next thread, and the last one for the first. */
function isCycle(waits: readonly Wait[]): boolean {
  return waits.every((wait, i) => wait.heldBy === waits[(i + 1) % waits.length]?.thread);
}
