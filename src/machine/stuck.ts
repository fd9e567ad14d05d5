// What it means that nothing can go on although not every thread has ended.
import { stuckInLoop } from './liveness/verdicts.js';
import type { Machine } from './machine.js';
import type { Verdict } from './verdict.js';
import { findLostWakeup } from './waiting/lost-wakeup.js';
import { allWaits, deadlockMessage } from './waits.js';

export function judgeStuck(machine: Machine): Verdict {
  const lost = findLostWakeup(machine);
  if (lost !== undefined) return lost;
  const spinning = stuckInLoop(machine);
  if (spinning !== undefined) return spinning;
  const cycle = allWaits(machine);
  return { kind: 'deadlock', cycle, message: deadlockMessage(cycle) };
}
