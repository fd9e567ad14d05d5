// Samplers fail as often as their distributions say: section 3 of the published yardsticks, the quick rows. The others
// are in `npm run yardsticks`.
import { describe, expect, it } from 'vitest';
import { agrees, sample } from '../../bench/yardsticks/sample.js';
import { samplerRows } from '../../bench/yardsticks/rows.js';
import { enumerate, Execution, Uniform } from '../../scheduler/index.js';
import { countInterleavings } from '../../scheduler/strategies/interleavings.js';
import { reorder } from '../../bench/yardsticks/programs/bugs.js';
import type { Cpu, Path } from '../../src/machine/index.js';
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

describe('SURW', () => {
  /** Two threads use x three times each, with other steps in between; only one order of these fails. */
  const mixed = (lengths: readonly [number, number]) =>
    program('mixed', (m) => {
      const x = m.cell('x', 0);
      const body = (weight: number, steps: number, name: string) => {
        const own = m.cell(name, 0);
        return function* (cpu: Cpu): Path {
          for (let n = 0; n < 3; n++) {
            for (let i = 0; i < steps; i++) yield* cpu.fetch_add(own, 1);
            const before = yield* cpu.fetch_add(x, weight);
            yield* cpu.BUG_ON(weight === 10 && n === 2 && before === 20, 'a was not there at all');
          }
        };
      };
      return { actors: { a: body(1, lengths[0], 'as'), b: body(10, lengths[1], 'bs') } };
    });

  it.each([[[0, 0]], [[6, 0]], [[0, 6]], [[3, 1]]] as const)(
    'orders the uses of one thing evenly, whatever is in between: %j',
    (lengths) => {
      expect(agrees(1 / 20, sample(mixed(lengths), 'surw', { seed: 'a', runs }))).toBe(true);
    },
  );

  it('hands a share of being intended to a new thread', () => {
    const spawning = program('spawning', (m) => {
      const [x, own] = [m.cell('x', 0), m.cell('own', 0)];
      return {
        actors: {
          *main(cpu) {
            for (let n = 0; n < 5; n++) yield* cpu.fetch_add(own, 1);
            yield* cpu.spawn('child', function* (child) {
              yield* child.fetch_add(x, 1);
              yield* child.BUG_ON((yield* child.fetch_add(x, 1)) === 1, 'nobody else was there');
            });
          },
          *other(cpu) {
            for (let n = 0; n < 2; n++) yield* cpu.fetch_add(x, 10);
          },
        },
      };
    });
    expect(agrees(1 / 6, sample(spawning, 'surw', { seed: 'a', runs }))).toBe(true);
  });

  it('decides the order of a lock where that decides the order of what it protects', () => {
    const locked = program('locked', (m) => {
      const [x, y, lock] = [m.cell('x', 0), m.cell('y', 0), m.mutex('lock')];
      const add = (weight: number) =>
        function* (cpu: Cpu): Path {
          for (let n = 0; n < 2; n++) {
            yield* cpu.mutex_lock(lock);
            const before = yield* cpu.fetch_add(x, weight);
            yield* cpu.write(y, weight);
            yield* cpu.BUG_ON(weight === 10 && n === 1 && before === 10, 'a was not there at all');
            yield* cpu.mutex_unlock(lock);
          }
        };
      return { actors: { a: add(1), b: add(10) } };
    });
    expect(agrees(1 / 6, sample(locked, 'surw', { seed: 'a', runs }))).toBe(true);
  });
});

describe('PCTCP', () => {
  const workers = 8;
  /** Each worker ends before the next one begins; a step of another thread must not come last. */
  const oneAfterTheOther = program('one after the other', (m) => {
    const x = m.cell('x', 0);
    return {
      actors: {
        *main(cpu) {
          for (let n = 0; n < workers; n++) {
            const worker = yield* cpu.spawn('worker', function* (own) {
              yield* own.fetch_add(x, 1);
              yield* own.fetch_add(x, 1);
            });
            yield* cpu.join(worker);
          }
        },
        *other(cpu) {
          yield* cpu.BUG_ON((yield* cpu.read(x)) === 2 * workers, 'it was last');
        },
      },
    };
  });

  it('counts how wide a program is, and not its threads', () => {
    // Two chains: main with its workers, and the other thread.
    expect(agrees(1 / 2, sample(oneAfterTheOther, 'pctcp:1', { seed: 'a', runs }))).toBe(true);
    const threads = workers + 2;
    const sampled = sample(oneAfterTheOther, 'pct:1', { seed: 'a', runs });
    expect(agrees(1 / threads, sampled)).toBe(true);
  });

  it('finds a bug of depth 2 only with a change of priorities', () => {
    const noisy = noisyUpdate(3, 6);
    expect(sample(noisy, 'pctcp:1', { seed: 'a', runs: 2_000 }).failures).toBe(0);
    expect(sample(noisy, 'pctcp:2', { seed: 'a', runs: 2_000 }).failures).toBeGreaterThan(20);
  });
});

describe('delay bounding', () => {
  it('passes over one thread, at any decision', () => {
    // Of the two decisions of a, only the second one breaks its update.
    expect(agrees(1 / 2, sample(lostUpdate(), 'delay:1', { seed: 'a', runs }))).toBe(true);
  });

  it('passes over no more threads than it may', () => {
    expect(sample(reorder(2, 1), 'delay:1', { seed: 'a', runs: 2_000 }).failures).toBe(0);
    expect(sample(reorder(2, 1), 'delay:2', { seed: 'a', runs: 2_000 }).failures).toBeGreaterThan(
      20,
    );
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
