// Samplers fail as often as their distributions say: section 3 of the published yardsticks, the quick rows. The others
// are in `npm run yardsticks`.
import { describe, expect, it } from 'vitest';
import { agrees, sample } from '../../bench/yardsticks/sample.js';
import { samplerRows } from '../../bench/yardsticks/rows.js';
import { enumerate, Execution, Uniform } from '../../scheduler/index.js';
import { countInterleavings } from '../../scheduler/strategies/interleavings.js';
import { program } from '../support/program.js';
import { allocations, family, lostUpdate, many, noisyUpdate } from '../support/samples.js';
import { byEventsLeft, profileOf, weighTree } from '../support/weighed-tree.js';

const runs = 8_000;
const quick = samplerRows
  .filter(({ interleavings }) => interleavings <= 10_000)
  .map((row) => [row.program.name, row] as const);

describe.each(quick)('%s', (_, row) => {
  const { program } = row;

  it('fails under random walk as dynamic programming says', () => {
    const sampled = sample(program, 'random', { seed: 'a', runs });
    expect(agrees(Number(row.randomWalk), sampled)).toBe(true);
  });

  it('fails under uniform in the buggy share of all interleavings', () => {
    const sampled = sample(program, 'uniform', { seed: 'a', runs });
    expect(agrees(row.buggy / row.interleavings, sampled)).toBe(true);
  });

  it("fails under URW as the schedules' tree says, weighed by the events left", () => {
    const { events } = weighTree(program, () => 1);
    const { probability, schedules } = weighTree(program, byEventsLeft(events));
    expect(schedules).toBe(row.interleavings);
    if (row.urw !== undefined) expect(probability).toBeCloseTo(row.urw, 4);
    const profile = profileOf(program, events);
    expect(agrees(probability, sample(program, 'urw', { seed: 'a', runs, profile }))).toBe(true);
  });
});

/** Down and up have no results: only that a writer queued tells what its thread has yet to do. */
const queueing = program('queueing', (m) => {
  const [sem, x] = [m.rwsem('sem'), m.cell('x', 0)];
  return {
    actors: {
      *writer(cpu) {
        yield* cpu.down_write(sem);
        yield* cpu.up_write(sem);
        yield* cpu.write(x, 1);
        yield* cpu.write(x, 1);
      },
      *reader(cpu) {
        yield* cpu.down_read(sem);
        yield* cpu.up_read(sem);
      },
    },
  };
});

describe('POS', () => {
  /** One thread has a step that must not come after all those of another one. */
  const notLast = (steps: number, sameCell: boolean) =>
    program('not last', (m) => {
      const [x, y] = [m.cell('x', 0), m.cell('y', 0)];
      return {
        actors: {
          *busy(cpu) {
            for (let n = 0; n < steps; n++) yield* cpu.fetch_add(x, 1);
          },
          *late(cpu) {
            yield* cpu.fetch_add(sameCell ? x : y, 100);
            yield* cpu.BUG_ON(x.peek() % 100 === steps, 'it was last');
          },
        },
      };
    });

  it('keeps a priority that nothing races with: all places are equally likely', () => {
    const sampled = sample(notLast(9, false), 'pos', { seed: 'a', runs });
    expect(agrees(1 / 10, sampled)).toBe(true);
  });

  it('draws anew where operations race: each step of the one is a fair draw', () => {
    expect(agrees(1 / 16, sample(notLast(4, true), 'pos', { seed: 'a', runs }))).toBe(true);
  });
});

describe('URW', () => {
  it('gives a thread what its descendants have to do', () => {
    // Main and its child have three steps between them, the other one three: 20 orders, one of which fails.
    const spawning = program('spawning', (m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *main(cpu) {
            yield* cpu.spawn('child', function* (own) {
              yield* own.fetch_add(x, 1);
              yield* own.BUG_ON((yield* own.fetch_add(x, 1)) === 1, 'nobody else was there');
            });
          },
          *other(cpu) {
            for (let n = 0; n < 3; n++) yield* cpu.fetch_add(x, 10);
          },
        },
      };
    });
    expect(agrees(1 / 20, sample(spawning, 'urw', { seed: 'a', runs }))).toBe(true);
  });
});

describe('uniform', () => {
  const small = [
    queueing,
    family(1, 2),
    many(3),
    allocations(1),
    allocations(2),
    noisyUpdate(1, 2),
  ];
  it.each(small.map((one) => [one.name, one] as const))(
    'counts as many interleavings as there are: %s',
    (_, one) => {
      for (const all of [true, false]) {
        const uniform = new Uniform('1');
        uniform.study(one, { all });
        expect(uniform.interleavings).toBe(enumerate(one, { all }).runs);
      }
    },
  );

  it('reaches every interleaving', () => {
    const strategy = new Uniform('1');
    strategy.study(queueing, {});
    const execution = new Execution(queueing.build('search'), strategy);
    const seen = new Set<string>();
    for (let run = 0; run < 2_000; run++) {
      execution.run();
      seen.add(JSON.stringify(execution.recorder.copy()));
    }
    expect(seen.size).toBe(strategy.interleavings);
  });

  it('ends early where it is interrupted', () => {
    expect(new Uniform('1').study(many(3), { interrupted: () => true })).toBe(false);
  });

  it('says so where a program is too large, or endless', () => {
    expect(() => countInterleavings(many(6), {}, 100)).toThrow(/more than 100 states/);
    expect(() => {
      new Uniform('1').study(lostUpdate(), { stepsMax: 3 });
    }).toThrow(/endless/);
    const execution = new Execution(lostUpdate().build('search'), new Uniform('1'));
    expect(() => execution.run()).toThrow(/has to study/);
  });
});

describe('the interval', () => {
  it('knows what a sample agrees with', () => {
    expect(agrees(0.5, { runs: 100, failures: 50 })).toBe(true);
    expect(agrees(0.5, { runs: 100, failures: 32 })).toBe(false);
    expect(agrees(0.5, { runs: 100, failures: 68 })).toBe(false);
    expect(agrees(1e-6, { runs: 1000, failures: 0 })).toBe(true);
    expect(agrees(1e-6, { runs: 1000, failures: 2 })).toBe(false);
  });
});
