// What a campaign that found nothing says of itself, and that it costs the campaign no run.
import { describe, expect, it } from 'vitest';
import { booked, emptyBooks, samplingLimits } from '../../../scheduler/estimates/sample-books.js';
import { sampleTraces } from '../../../scheduler/estimates/trace-sample.js';
import {
  type BlockOrder,
  type BlockResult,
  BlockRunner,
  Campaign,
  defaultPortfolio,
  explore,
  type Program,
} from '../../../scheduler/index.js';
import { limits } from '../../../src/limits.js';
import type { Machine } from '../../../src/machine/index.js';
import { lockedUpdate, lostUpdate } from '../../support/samples.js';
import { crowd, program } from '../../support/program.js';

const options = { seed: '5', runs: 5_000, strategies: ['random', 'pct:2', 'go-on'] };

/** Each thread may fail to allocate. */
const allocating = program(
  'allocating',
  (m) => {
    const x = m.cell('x', 0);
    return {
      actors: crowd('t', 2, () => ({
        *path(cpu) {
          if (!(yield* cpu.veto('may fail'))) yield* cpu.write(x, 1);
          yield* cpu.read(x);
        },
      })),
    };
  },
  { faults: 1 },
);

describe('a campaign that finds nothing', () => {
  const campaign = explore(lockedUpdate(), options);
  const found = campaign.limits;

  it('bounds each sampler by its own runs, and leaves out who draws nothing', () => {
    expect(found?.strategies.map(({ strategy }) => strategy)).toEqual(['random', 'pct:2']);
    for (const { strategy, runs, failsAtMost } of found?.strategies ?? []) {
      expect(campaign.sampled).toContainEqual({ strategy, runs });
      expect(failsAtMost).toBeCloseTo(1 - 0.05 ** (1 / runs), 12);
    }
  });

  it("knows PCT's promise by the threads and decisions that were seen", () => {
    const pct = found?.strategies[1]?.pct;
    expect(pct).toMatchObject({ depth: 2, threads: 2, decisions: 1, perRun: 0.5 });
    // The first round did not know yet how many decisions there are.
    expect(pct?.runs).toBeGreaterThan(0);
    expect(pct?.runs).toBeLessThanOrEqual(found?.strategies[1]?.runs ?? 0);
  });

  it('counts the traces of a part of its random walks', () => {
    expect(found?.unseen?.samples).toBeGreaterThanOrEqual(limits.blockRuns);
    expect(found?.unseen).toMatchObject({ classes: 2, once: 0, mass: 0 });
  });

  it('has no bounds where it finds something', () => {
    expect(explore(lostUpdate(), options).limits).toBeUndefined();
  });

  it('says nothing of traces where no random walk ran', () => {
    expect(
      explore(lockedUpdate(), { ...options, strategies: ['pct:3'] }).limits?.unseen,
    ).toBeUndefined();
  });
});

describe('the sample of traces', () => {
  /** The orders of a campaign and what they came to. */
  function orders(subject: ReturnType<typeof lockedUpdate>) {
    const campaign = new Campaign({ ...options, strategies: defaultPortfolio });
    const runner = new BlockRunner(subject, {});
    const steps = new Map<number, number>();
    while (!campaign.isOver) {
      for (const order of campaign.nextRound()) {
        const result = runner.run(order);
        steps.set(order.block, result.steps);
        campaign.merge(result);
      }
    }
    return { alike: campaign.books.alike, steps };
  }

  it.each([
    ['threads that meet', lockedUpdate()],
    ['steps that fail', allocating],
  ])('runs the blocks of the campaign again, step by step: %s', (_, subject) => {
    const { alike, steps } = orders(subject);
    expect(alike.length).toBeGreaterThan(1);
    for (const order of alike) {
      expect(order.strategy).toBe('random');
      expect(order.learned.drawsMax).toBe(alike[0]?.learned.drawsMax);
      const sample = sampleTraces(subject, [order], Number.POSITIVE_INFINITY, {});
      expect(sample.steps).toBe(steps.get(order.block));
      expect(sample.unseen.samples).toBe(order.runs);
    }
  });

  it('begins no block once it has taken its steps', () => {
    const { alike } = orders(lockedUpdate());
    expect(sampleTraces(lockedUpdate(), alike, 1, {}).unseen.samples).toBe(alike[0]?.runs);
  });

  it('has a machine of its own: nobody listens on that of the campaign', () => {
    const machines: Machine[] = [];
    const subject = lockedUpdate();
    const build: Program['build'] = (gear) => {
      const machine = subject.build(gear);
      machines.push(machine);
      return machine;
    };
    explore({ name: 'watched', build }, options);
    const [ofCampaign, ...others] = machines.map(({ watchers }) => watchers.isEmpty);
    expect(ofCampaign).toBe(true);
    expect(others).toContain(false);
  });
});

describe('the books of a campaign', () => {
  const order = (
    block: number,
    strategy: string,
    decisionsMax: number,
    drawsMax = 0,
  ): BlockOrder => ({
    block,
    strategy,
    seed: '1',
    runs: 256,
    learned: { decisionsMax, drawsMax },
    watches: { events: false, interrupts: false },
    profiles: false,
    scouts: 0,
  });

  /** What a block comes to in which no execution had more decisions. */
  const result = ({ block, strategy, runs }: BlockOrder, decisionsMax: number): BlockResult => ({
    ...new BlockRunner(lockedUpdate(), {}).run(order(block, 'go-on', 0)),
    strategy,
    runs,
    threadsMax: 3,
    lesson: { decisionsMax, drawsMax: 0 },
  });

  it('count for PCT only what expected as many decisions as there turned out to be', () => {
    let books = emptyBooks;
    const blocks: readonly (readonly [number, number])[] = [
      [4, 9],
      [9, 9],
      [9, 7],
    ];
    for (const [block, [expected, seen]] of blocks.entries()) {
      const one = order(block, 'pct:2', expected);
      books = booked(books, one, result(one, seen));
    }
    const [bound] = samplingLimits(books, undefined).strategies;
    expect(bound).toMatchObject({ runs: 768, pct: { decisions: 9, threads: 3, runs: 512 } });
  });

  it('keep the random walks that had learned the same as the last one', () => {
    let books = emptyBooks;
    for (const [block, drawsMax] of [0, 2, 2, 5, 5, 5].entries()) {
      const one = order(block, 'random', 1, drawsMax);
      books = booked(books, one, result(one, 1));
    }
    expect(books.alike.map(({ block }) => block)).toEqual([3, 4, 5]);
  });
});
