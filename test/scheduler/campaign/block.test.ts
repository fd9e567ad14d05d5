// A block is a function of its order: the machine's past must not show.
import { describe, expect, it } from 'vitest';
import { allScenarios, programOf, ruleScenarios } from '../../../scenarios/index.js';
import {
  type BlockOrder,
  type BlockResult,
  BlockRunner,
  defaultPortfolio,
  type Program,
} from '../../../scheduler/index.js';
import { noisyUpdate } from '../../support/samples.js';

const options = { stepsMax: 2_000, all: true };
const strategies = [...defaultPortfolio, 'urw', 'pctcp:2', 'delay:2', 'timed', 'go-on'];

const order = (block: number, strategy: string, more: Partial<BlockOrder> = {}): BlockOrder => ({
  block,
  strategy,
  seed: '7',
  runs: 12,
  learned: { decisionsMax: 20, drawsMax: 3 },
  watches: { events: false, interrupts: false },
  profiles: true,
  scouts: 4,
  ...more,
});

const inOrder = strategies.map((strategy, block) => order(block, strategy));

function fresh(program: Program): BlockResult[] {
  return inOrder.map((one) => new BlockRunner(program, options).run(one));
}

describe('a block of a campaign', () => {
  it('comes to the same on a new machine as on one that has run others before, of every scenario', () => {
    const sightings: number[] = [];
    for (const scenario of [...allScenarios, ...ruleScenarios()]) {
      const program = programOf(scenario);
      const expected = fresh(program);
      const used = new BlockRunner(program, options);
      const backwards = [...inOrder].reverse().map((one) => used.run(one));
      expect(backwards.reverse(), scenario.name).toEqual(expected);
      sightings.push(...expected.map(({ locks }) => locks.seen.length));
    }
    expect(Math.max(...sightings)).toBeGreaterThan(3);
  });

  it('is plain data that survives a way to another thread', () => {
    const { first, ...result } = new BlockRunner(noisyUpdate(2, 4), options).run(
      order(0, 'random', { runs: 64 }),
    );
    expect(first?.run).toBeGreaterThan(0);
    expect(structuredClone({ first, ...result })).toEqual({ first, ...result });
  });

  it('ends with its first failure, unless all are wanted', () => {
    const one = order(0, 'random', { runs: 64 });
    const stopped = new BlockRunner(noisyUpdate(2, 4), {}).run(one);
    const whole = new BlockRunner(noisyUpdate(2, 4), { all: true }).run(one);
    expect(stopped).toMatchObject({ failures: 1, runs: stopped.first?.run, isCut: false });
    expect(whole).toMatchObject({ runs: 64, isCut: false });
    expect(whole.failures).toBeGreaterThan(1);
    expect(whole.first?.finding.schedule).toEqual(stopped.first?.finding.schedule);
  });

  it('says that it was cut off', () => {
    let asked = 0;
    const runner = new BlockRunner(noisyUpdate(2, 4), {
      all: true,
      interrupted: () => ++asked > 5,
    });
    expect(runner.run(order(0, 'random'))).toMatchObject({ runs: 5, isCut: true });
  });

  it('tells of its first failure at once', () => {
    const told: number[] = [];
    const runner = new BlockRunner(noisyUpdate(2, 4), { all: true });
    const { first } = runner.run(order(0, 'random', { runs: 64 }), ({ run }) => told.push(run));
    expect(told).toEqual([first?.run]);
  });
});
