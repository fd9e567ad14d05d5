// What should have been given back when every thread has ended.
import { load } from './cell.js';
import type { Machine } from './machine.js';

/** For properties: the locks still held, and the threads and CPUs that did not leave atomic context. */
export function leftoversOf(machine: Machine): string[] {
  const left = [...machine.locks, ...machine.allocator.liveLocks()]
    .filter((lock) => lock.isHeld())
    .map((lock) => `${lock.name} is held`);
  for (let t = 0; t < machine.threadCount; t++) {
    const { name, preemptDepth } = machine.thread(t);
    if (load(preemptDepth) !== 0) left.push(`${name} ended with preemption off`);
  }
  for (const processor of machine.placement.processors) {
    if (processor.irqsAreOff) left.push(`interrupts are masked on ${processor.name}`);
    if (processor.bhIsOff) left.push(`softirqs are off on ${processor.name}`);
  }
  return left;
}
