// What it means that threads go round in their loops for ever, as sentences: who is kept waiting, and by what.
import { load } from '../cell.js';
import { Lock } from '../locks/lock.js';
import type { Machine } from '../machine.js';
import type { Operation } from '../op.js';
import type { Thread } from '../thread.js';
import type { Verdict } from '../verdict.js';
import type { Loop } from './loop.js';
import type { Snapshot } from './snapshot.js';

/** Nobody outside of a circle could go on anywhere in it: somebody starves, or nothing gets done at all. */
export function circleVerdict(
  machine: Machine,
  thread: Thread,
  loop: Loop,
  movers: readonly number[],
  since: Snapshot,
): Verdict {
  const starved = starvedBy(machine, movers, since);
  if (starved !== undefined) return starved;
  const names = movers.map((mover) => machine.threadName(mover)).sort();
  const steps = machine.loops.tick - since.tick;
  const who = names.length === 1 ? `${thread.name} goes round` : `${names.join(' and ')} go round`;
  const message =
    `${who} in ${loop.label} for ever: after ${String(steps)} more steps everything is as it was, ` +
    `and nobody else could go on in between`;
  return {
    kind: 'livelock',
    form: 'livelock',
    thread: names.length === 1 ? thread.name : names.join(', '),
    message: message + hostages(machine, thread),
  };
}

/** Whoever waits for a lock that the circle takes again and again (I-29). */
function starvedBy(
  machine: Machine,
  movers: readonly number[],
  since: Snapshot,
): Verdict | undefined {
  for (const waiter of unfinished(machine)) {
    const lock = waiter.op.subject;
    if (movers.includes(waiter.index) || !waiter.op.isPending || !(lock instanceof Lock)) continue;
    const passes = machine.loops.grants.filter(
      (grant) => grant.lock === lock && grant.tick > since.tick,
    ).length;
    if (passes > 0) return starvation(machine, waiter, lock, 'and so on for ever');
  }
  return undefined;
}

/** The thread waits for the lock while others are granted it again and again. */
export function starvation(machine: Machine, waiter: Thread, lock: Lock, rest: string): Verdict {
  const passes = machine.loops.passes(lock, waiter.index);
  const message =
    `${waiter.name} starves: it waits for ${lock.name} in ${waiter.op.primitive.name}(), while others ` +
    `were granted it ${String(passes)} time${passes === 1 ? '' : 's'}, ${rest}`;
  return { kind: 'livelock', form: 'starvation', thread: waiter.name, message };
}

/** The state keeps changing, and the thread does not come out of its loop under a fair scheduler either. */
export function unboundedLoop(thread: Thread, loop: Loop, rounds: number): Verdict {
  const message =
    `${thread.name} has gone round ${String(rounds)} times in ${loop.label}, the last of them under a fair ` +
    `scheduler: something changes in each round, and it does not end`;
  return { kind: 'livelock', form: 'unbounded loop', thread: thread.name, message };
}

/** Nothing can go on, and somebody waits at a loop's head: undefined where nobody does. */
export function stuckInLoop(machine: Machine): Verdict | undefined {
  const [first] = [...machine.loops.spinners].sort((a, b) => a.thread - b.thread);
  if (first === undefined) return undefined;
  const { slot } = first;
  const loop = (first.subject as Loop).label;
  const others = unfinished(machine).filter((thread) => thread !== slot);
  const rest =
    others.length === 0
      ? 'no other thread is left that could change what it waits for'
      : 'nobody can change what it waits for';
  const how = isPinned(slot) ? `soft lockup: ${slot.name} spins` : `${slot.name} goes round`;
  const message = `${how} in ${loop} for ever: ${rest}${hostages(machine, slot)}`;
  return { kind: 'livelock', form: 'livelock', thread: slot.name, message };
}

/** A spinning thread that nobody can take the CPU from. */
function isPinned({ preemptDepth, processor, isHandler }: Thread): boolean {
  return load(preemptDepth) > 0 || processor.irqsAreOff || isHandler;
}

/** The threads of the model that have not ended. */
export function unfinished(machine: Machine): Thread[] {
  const threads = Array.from({ length: machine.threadCount }, (_, t) => machine.thread(t));
  return threads.filter(({ ended, stopped, isIdle }) => !ended && !stopped && !isIdle);
}

/** Whom the spinning thread keeps from going on, each as half a sentence. */
function hostages(machine: Machine, spinner: Thread): string {
  return unfinished(machine)
    .filter((thread) => thread !== spinner)
    .map((thread) => hostage(machine, spinner, thread))
    .join('');
}

function hostage(machine: Machine, spinner: Thread, thread: Thread): string {
  const { op, name, processor } = thread;
  if (op.isEnabled && !machine.contexts.admits(thread)) {
    if (processor !== spinner.processor) return '';
    const why = spinner.isHandler ? 'which it has interrupted' : 'whose CPU it does not give up';
    return `; it spins on ${processor.name}, and keeps ${name} from going on, ${why}`;
  }
  if (op.isEnabled || !waitsFor(op, spinner)) return '';
  const what = op.subject instanceof Lock ? op.subject.name : spinner.name;
  const held = op.subject instanceof Lock ? `it holds ${what}, for which` : `for it`;
  return `; ${held} ${name} waits in ${op.primitive.name}()`;
}

function waitsFor(op: Operation, spinner: Thread): boolean {
  let found = false;
  op.primitive.blockers?.(op, (blocker) => {
    if (blocker === spinner.index) found = true;
  });
  return found;
}
