import { describe, expect, it } from 'vitest';
import { reorder } from '../../bench/yardsticks/programs/bugs.js';
import { Execution, Follow, GoOn, makeStrategy, type Program } from '../../scheduler/index.js';
import { isFailure, UsageError } from '../../src/machine/index.js';
import { crowd, program } from '../support/program.js';
import { noisyUpdate } from '../support/samples.js';
import { describeStrategy } from './conformance.js';

const names = [
  'random',
  'pct:1',
  'pct:2',
  'pct:3',
  'pct:4',
  'pctcp:1',
  'pctcp:3',
  'delay:1',
  'delay:4',
  'pos',
  'urw',
  'surw',
  'timed',
  'timed:0',
  'timed:1',
  'go-on',
];
for (const name of names) {
  describeStrategy(name, (seed) => makeStrategy(name, seed), { random: name !== 'go-on' });
}
describeStrategy('uniform', (seed) => makeStrategy('uniform', seed), { random: true, small: true });
describeStrategy(
  'follow',
  (_, asked) =>
    new Follow(
      [1, 2, 5, 9, 14].map((at, i) => ({ at, pick: i % 3 })),
      asked,
      false,
    ),
  { random: false },
);

/** How many of so many executions fail, after one lesson from an execution without preemptions. */
function failures(name: string, of: Program, runs: number): { failures: number; k: number } {
  const execution = new Execution(of.build('search'), new GoOn(), { all: true });
  execution.run();
  const k = execution.decisions;
  const strategy = makeStrategy(name, 'fixed');
  strategy.learn({ decisionsMax: k, drawsMax: 0 });
  execution.use(strategy);
  let found = 0;
  for (let run = 0; run < runs; run++) {
    if (run % 256 === 0) strategy.beginBlock(run / 256);
    if (isFailure(execution.run())) found++;
  }
  return { failures: found, k };
}

/** 99.9 % of all samples deviate less from a probability. */
const deviation = (p: number, runs: number): number => 3.29 * Math.sqrt((p * (1 - p)) / runs);

describe('PCT', () => {
  const threads = 5;
  const lastFirst = program('the last thread must not be first', (m) => {
    const x = m.cell('x', 0);
    return {
      actors: {
        ...crowd(
          'early',
          threads - 1,
          () =>
            function* (cpu) {
              yield* cpu.fetch_add(x, 1);
              yield* cpu.fetch_add(x, 1);
            },
        ),
        *late(cpu) {
          yield* cpu.BUG_ON((yield* cpu.read(x)) === 0, 'it is first');
        },
      },
    };
  });

  it.each(['pct:1', 'pct:2'])('finds a bug of depth 1 in one of n runs at least: %s', (name) => {
    const runs = 4000;
    const { failures: found } = failures(name, lastFirst, runs);
    const p = 1 / threads;
    expect(found / runs).toBeGreaterThan(p - deviation(p, runs));
    if (name === 'pct:1') expect(found / runs).toBeLessThan(p + deviation(p, runs));
  });

  it('finds a bug of depth 2 in one of n k runs at least, and never with depth 1', () => {
    const runs = 4000;
    const noisy = noisyUpdate(3, 6);
    const { failures: found, k } = failures('pct:2', noisy, runs);
    const p = 1 / (5 * k);
    expect(k).toBeGreaterThan(10);
    expect(found / runs).toBeGreaterThan(p - deviation(p, runs));
    expect(failures('pct:1', noisy, runs).failures).toBe(0);
  });
});

describe('the random walk', () => {
  it('fails as often as dynamic programming says', () => {
    const runs = 20_000;
    const p = 0.049383;
    const { failures: found } = failures('random', reorder(2, 1), runs);
    expect(Math.abs(found / runs - p)).toBeLessThan(deviation(p, runs));
  });
});

describe('a strategy', () => {
  it('is made by its name', () => {
    const whole = [
      'random',
      'pct:1',
      'pct:20',
      'pos',
      'urw',
      'uniform',
      'timed:0',
      'timed:1000000',
      'go-on',
    ];
    expect(whole.map((name) => makeStrategy(name, '1').name)).toEqual(whole);
    expect(makeStrategy('pct', '1').name).toBe('pct:3');
    expect(makeStrategy('pctcp', '1').name).toBe('pctcp:3');
    expect(makeStrategy('delay', '1').name).toBe('delay:2');
    expect(makeStrategy('timed', '1').name).toBe('timed:100');
  });

  it.each([
    '',
    'pct:0',
    'pct:21',
    'pct:',
    'PCT',
    'pos:1',
    'delay:0',
    'pctcp:21',
    'constructor',
    'dfs',
    'timed:',
    'timed:-1',
    'timed:1000001',
  ])('is not made by a wrong one: "%s"', (name) => {
    expect(() => makeStrategy(name, '1')).toThrow(UsageError);
  });
});
