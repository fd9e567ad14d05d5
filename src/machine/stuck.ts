// What it means that nothing can go on: the execution is over, or some threads are stuck.
import { stuckInLoop } from './liveness/verdicts.js';
import type { Machine } from './machine.js';
import type { Verdict } from './verdict.js';
import { findLostWakeup } from './waiting/lost-wakeup.js';
import { allWaits, deadlockMessage } from './waits.js';

/** Whether every thread that must end has ended, and the others wait for what need not happen. */
export function isOver(machine: Machine): boolean {
  if (machine.endedCount === machine.threadCount) return true;
  if (!machine.isQuiet) return false;
  for (let t = 0; t < machine.threadCount; t++) {
    const { ended, isIdle } = machine.thread(t);
    if (!ended && !isIdle) return false;
  }
  return true;
}

export function judgeStuck(machine: Machine): Verdict {
  const lost = findLostWakeup(machine);
  if (lost !== undefined) return lost;
  const spinning = stuckInLoop(machine);
  if (spinning !== undefined) return spinning;
  const cycle = allWaits(machine);
  return { kind: 'deadlock', cycle, message: deadlockMessage(cycle) };
}
