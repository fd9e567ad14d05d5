// A property that looks at the wrong moment speaks of correct code: half-way through a fork or a move, what it
// promises does not hold yet.
import { describe, expect, it } from 'vitest';
import {
  everyTaskIsLinked,
  linkedExactlyOnce,
  referencesAreCounted,
  transferLeavesNothing,
} from '../../properties/index.js';
import { prove, replay } from '../../scheduler/index.js';
import type { For315 } from '../../src/kernel/index.js';
import { atEnd, atEvent, type Property } from '../../src/machine/index.js';
import { kernelProgram, type Staging } from './kernel-program.js';
import * as stagings from './stagings.js';

/** The same property, looked at after every step. */
function inEveryState(property: Property): Property {
  const rules = property.rules.map(({ step }) => ({ moment: { kind: 'always' } as const, step }));
  return { ...property, rules };
}

const early: readonly (readonly [string, (k: For315) => Property, Staging])[] = [
  ['I-01 while css_set_rwsem is held', linkedExactlyOnce, stagings.attach],
  ['I-02 before the end', everyTaskIsLinked, stagings.fork],
  ['I-06 while css_set_rwsem is held', referencesAreCounted, stagings.fork],
];

describe.each(early)('%s', (_, property, staging) => {
  it('is broken by the whole series, and at its own moment it is not', () => {
    const always = kernelProgram(staging, (k) => [inEveryState(property(k))]);
    const inTime = kernelProgram(staging, (k) => [property(k)]);
    expect(prove(always).outcome).toBe('broken');
    expect(prove(inTime).outcome).toBe('proved');
  });
});

describe('I-11', () => {
  it('says nothing of a child that is half forked when the transfer returns', () => {
    const allMoved = (k: For315): Property =>
      atEvent(k.events.transfer_returned, 'everybody is in the destination', ({ to }) =>
        k.tasks().every((task) => task.name === 'other' || k.membersOf(to).includes(task)),
      );
    const strict = kernelProgram(stagings.forkVsTransfer, (k) => [allMoved(k)]);
    const right = kernelProgram(stagings.forkVsTransfer, (k) => [transferLeavesNothing(k)]);
    expect(prove(strict, { preemptionsMax: 1 }).outcome).toBe('broken');
    expect(prove(right, { preemptionsMax: 1 }).outcome).toBe('proved');
  });

  it('speaks when the fork is done, not when the transfer returns', () => {
    const armed = (k: For315) => [transferLeavesNothing(k)];
    const program = kernelProgram(stagings.forkVsTransfer, armed, { upTo: '0004' });
    const { finding } = prove(program, { preemptionsMax: 1 });
    const { trace } = replay(program, finding?.schedule ?? []);
    const told = trace.entries.flatMap((entry) =>
      entry.kind === 'event' ? [entry.name] : entry.kind === 'verdict' ? [entry.kind] : [],
    );
    expect(told).toEqual([
      'cgroup_transfer_tasks() called',
      'cgroup_transfer_tasks() has picked a task',
      'a css_set was linked',
      'a task was moved',
      'cgroup_transfer_tasks() returned',
      'a task was linked',
      'cgroup_post_fork() done',
      'verdict',
    ]);
  });

  it('does not count what somebody else brought', () => {
    const emptied = (k: For315): Property =>
      atEnd('the source is empty', () => {
        const [, source] = k.cgroups();
        return source !== undefined && k.membersOf(source).length === 0;
      });
    const strict = kernelProgram(stagings.transferVsArrival, (k) => [emptied(k)]);
    const right = kernelProgram(stagings.transferVsArrival, (k) => [transferLeavesNothing(k)]);
    expect(prove(strict, { preemptionsMax: 0 }).outcome).toBe('broken');
    expect(prove(right, { preemptionsMax: 1 }).outcome).toBe('proved');
  });
});
