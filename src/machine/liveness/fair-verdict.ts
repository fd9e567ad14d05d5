// What it means that an execution does not end under a fair scheduler either: somebody waits for a lock that others are
// granted again and again, or somebody does not come out of a loop although the state keeps changing. Circles of states
// are noticed before (loop-watch.ts). Undefined where neither holds: then the execution is merely long.
import { limits } from '../../limits.js';
import { Lock } from '../locks/lock.js';
import type { Machine } from '../machine.js';
import type { Verdict } from '../verdict.js';
import { starvation, unboundedLoop, unfinished } from './verdicts.js';

export function fairVerdict(machine: Machine): Verdict | undefined {
  return starved(machine) ?? endless(machine);
}

/** A thread that has waited for one lock all through the fair phase (I-29). */
function starved(machine: Machine): Verdict | undefined {
  const { loops } = machine;
  for (const thread of unfinished(machine)) {
    const { op, index } = thread;
    const lock = op.subject;
    if (!op.isPending || op.isEnabled || !(lock instanceof Lock)) continue;
    if (loops.movedSinceFair(index)) continue;
    if (loops.grantsSinceFair(lock) < limits.starvationGrants) continue;
    return starvation(machine, thread, lock, 'the last of them under a fair scheduler');
  }
  return undefined;
}

/** A thread that has gone round in one loop all through the fair phase. */
function endless(machine: Machine): Verdict | undefined {
  for (const thread of unfinished(machine)) {
    const busiest = machine.loops.busiest(thread.index);
    if (busiest === undefined || busiest.fairRounds <= limits.unboundedRounds) continue;
    return unboundedLoop(thread, busiest.loop, busiest.rounds);
  }
  return undefined;
}
