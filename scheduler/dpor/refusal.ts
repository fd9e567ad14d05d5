// What this search cannot reduce soundly. It says so before the search where it can be seen there, and at the first
// execution otherwise; another engine has to take these programs.
import { type Machine, UsageError } from '../../src/machine/index.js';
import type { Footprints } from './footprints.js';

/** The program cannot be searched by this engine; the message says what stands in the way. */
export class DporRefusal extends UsageError {
  constructor(reason: string) {
    super(`--engine dpor cannot handle ${reason}; use another engine`);
  }
}

/** Why a machine in its initial state cannot be searched, or undefined. */
export function dporRefuses(machine: Machine): string | undefined {
  if (machine.profile.memory === 'tso') return 'store buffers (--memory tso)';
  for (let index = 0; index < machine.threadCount; index++) {
    const { role } = machine.thread(index);
    if (role === 'idle') return 'a load balancer';
    if (role !== 'task') return 'interrupts';
  }
  return undefined;
}

/** @throws DporRefusal for what the last steps have shown */
export function whileRunning(footprints: Footprints): void {
  if (footprints.refused !== undefined) throw new DporRefusal(footprints.refused);
}

/** @throws DporRefusal for what the whole execution has shown */
export function atEndOf(machine: Machine): void {
  if (machine.loops.isActive) throw new DporRefusal('loops with a head (cpu.loop)');
  for (let index = 0; index < machine.threadCount; index++) {
    if (machine.thread(index).role !== 'task') throw new DporRefusal('interrupts and timers');
  }
}
