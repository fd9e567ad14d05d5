// Gives each thread its CPU: the plain one, or where the machine is to leave something out one that does.
import { SecondLooks } from '../drops/second-looks.js';
import type { Machine } from '../machine.js';
import type { Thread } from '../thread.js';
import type { CallListener } from '../tracer.js';
import { Cpu } from './cpu.js';
import { DroppingCpu } from './dropping-cpu.js';

/** @param listeners who hears of calls: while there is nobody, calls are not told apart */
export function cpuMaker(machine: Machine, listeners: CallListener[]): (thread: Thread) => Cpu {
  const { drop } = machine.profile;
  if (drop.length === 0) return (thread) => new Cpu(machine, thread);
  listeners.push({ enter: () => undefined, leave: () => undefined });
  const looks = new SecondLooks(machine);
  if (drop.some(({ kind }) => kind === 'recheck')) machine.observe(looks);
  return (thread) => new DroppingCpu(machine, thread, drop, looks);
}
