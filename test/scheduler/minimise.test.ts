// What shrinking does beside dropping choices: leaving out actors, and moving preemptions to their earliest positions.
import { describe, expect, it } from 'vitest';
import {
  enumerate,
  Execution,
  explore,
  type Finding,
  findingOf,
  Follow,
  type Program,
  reduce,
} from '../../scheduler/index.js';
import { atEnd, type Cpu, type Path } from '../../src/machine/index.js';
import { program } from '../support/program.js';

/** Two updates of x that take each other's place, and whoever else is about. */
function updates(others: Record<string, (cpu: Cpu) => Path>): Program {
  const make = (without: readonly string[]): Program =>
    program('updates', (m) => {
      const x = m.cell('x', 0);
      const noise = m.cell('noise', 0);
      function* add(cpu: Cpu): Path {
        yield* cpu.write(noise, 1);
        const old = yield* cpu.read(x);
        yield* cpu.write(noise, 2);
        yield* cpu.write(noise, 3);
        yield* cpu.write(x, old + 1);
      }
      const all = { ...others, a: add, b: add };
      const actors = Object.fromEntries(
        Object.entries(all).filter(([name]) => !without.includes(name)),
      );
      return { actors, properties: [atEnd('no update is lost', () => x.peek() === 2)] };
    });
  const actors = [...Object.keys(others), 'a', 'b'];
  return { ...make([]), cast: { actors, without: make } };
}

function firstFinding(of: Program, seed: string): Finding {
  const { finding } = explore(of, { seed, runs: 5_000, strategies: ['random'] });
  if (finding === undefined) throw new Error('the campaign found nothing');
  return finding;
}

function* idle(cpu: Cpu): Path {
  yield* cpu.schedule();
}

describe('a counterexample', () => {
  it('does without actors that have no part in it', () => {
    const crowded = updates({ before: idle, another: idle });
    const reduced = reduce(crowded, firstFinding(crowded, '1'), { leaveOut: true });
    expect(reduced.leftOut).toEqual(['before', 'another']);
    expect(reduced.finding.preemptions).toBe(1);
    expect(reduced.minimal).toBe(true);
    expect(reduced.program.build('search').threadCount).toBe(2);
  });

  it('keeps an actor without which the initial state is wrong, or nothing fails', () => {
    const of = updates({});
    const { leftOut } = reduce(of, firstFinding(of, '1'), { leaveOut: true });
    expect(leftOut).toEqual([]);
  });

  it.each(['1', '2', '3', '4'])('comes to the same positions from any start (seed %s)', (seed) => {
    const of = updates({});
    const { finding, minimal, program: left } = reduce(of, firstFinding(of, seed));
    expect(minimal).toBe(true);
    // a reads x in its second step: that is the earliest place to go on with b.
    expect(finding.schedule).toEqual([{ at: 2, pick: 1 }]);
    const follow = new Follow(finding.schedule, () => execution.asked, true);
    const execution: Execution = new Execution(left.build('search'), follow);
    execution.run();
    expect(findingOf(execution)).toEqual(finding);
  });

  it('has no earlier one among all schedules that are as simple', () => {
    const of = updates({});
    const { finding } = reduce(of, firstFinding(of, '1'));
    const firsts: number[] = [];
    enumerate(of, {
      preemptionsMax: finding.preemptions,
      onRun: (execution, { failed }) => {
        const found = findingOf(execution);
        const { switches, schedule } = found;
        if (!failed || switches > finding.switches) return;
        if (schedule.length <= finding.schedule.length) firsts.push(schedule[0]?.at ?? 0);
      },
    });
    expect(Math.min(...firsts)).toBe(finding.schedule[0]?.at);
  });
});
