// Scenarios without some of their actors.
import { describe, expect, it } from 'vitest';
import { programOf, scenario } from '../../scenarios/index.js';
import { prove, reduce } from '../../scheduler/index.js';
import { atEnd, UsageError } from '../../src/machine/index.js';

/** c has no part in what goes wrong between a and b. */
const crowd = scenario({
  name: 'crowd',
  about: 'Two increments without a lock, and one who only reads.',
  setup: (m) => ({ x: m.cell('x', 0) }),
  actors: ({ x }) => ({
    *c(cpu) {
      yield* cpu.read(x);
    },
    *a(cpu) {
      yield* cpu.write(x, (yield* cpu.read(x)) + 1);
    },
    *b(cpu) {
      yield* cpu.write(x, (yield* cpu.read(x)) + 1);
    },
  }),
  properties: ({ x }) => [atEnd('both count', () => x.peek() === 2)],
});

describe('a scenario without some of its actors', () => {
  it('has the others only', () => {
    const { machine, actors } = crowd.build({ leaveOut: ['c'] });
    expect(machine.threadCount).toBe(2);
    expect(machine.threadName(0)).toBe('a');
    expect(actors).toEqual(['c', 'a', 'b']);
  });

  it('must have one left, and know those that are left out', () => {
    expect(() => crowd.build({ leaveOut: ['d'] })).toThrow(UsageError);
    expect(() => crowd.build({ leaveOut: ['d'] })).toThrow(/there are c, a, b/);
    expect(() => crowd.build({ leaveOut: ['a', 'b', 'c'] })).toThrow(/no actor; leave out fewer/);
  });

  it('shows a failure that does not need them', () => {
    const program = programOf(crowd);
    const { finding } = prove(program);
    if (finding === undefined) throw new Error('nothing was found');
    const reduced = reduce(program, finding, { leaveOut: true });
    expect(reduced.leftOut).toEqual(['c']);
    expect(reduced.finding).toMatchObject({ preemptions: 1, steps: 4 });
    expect(reduce(program, finding).leftOut).toEqual([]);
  });
});
