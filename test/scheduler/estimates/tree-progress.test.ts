import { describe, expect, it } from 'vitest';
import * as memory from '../../../bench/yardsticks/programs/memory.js';
import { memoryRows } from '../../../bench/yardsticks/rows.js';
import { DporSearch } from '../../../scheduler/dpor/search.js';
import {
  dpor,
  enumerate,
  Execution,
  type Program,
  prove,
  type ProveProgress,
} from '../../../scheduler/index.js';
import { TreeProgress, weightDone } from '../../../scheduler/estimates/tree-progress.js';
import { lostUpdate, programOf } from '../../../scenarios/index.js';
import { crowd, program } from '../../support/program.js';

/** Threads that each read one cell so often: all schedules have the same number of steps. */
const readers = (threads: number, steps: number): Program =>
  program('readers', (m) => {
    const x = m.cell('x', 0);
    return {
      actors: crowd('t', threads, () => ({
        *path(cpu) {
          for (let n = 0; n < steps; n++) yield* cpu.read(x);
        },
      })),
    };
  });

/** One thread takes a lock that the other one holds for long: the tree is lopsided. */
const lopsided: Program = program('lopsided', (m) => {
  const l = m.mutex('l');
  const x = m.cell('x', 0);
  return {
    actors: {
      *a(cpu) {
        yield* cpu.mutex_lock(l);
        for (let n = 0; n < 4; n++) yield* cpu.read(x);
        yield* cpu.mutex_unlock(l);
      },
      *b(cpu) {
        if ((yield* cpu.read(x)) === 1) return;
        yield* cpu.mutex_lock(l);
        yield* cpu.mutex_unlock(l);
      },
      *c(cpu) {
        yield* cpu.write(x, 1);
      },
    },
  };
});

/** Each step leads to another state: enough of them to be told about. */
const writers: Program = program('writers', (m) => {
  const x = m.cell('x', 0);
  return {
    actors: crowd('t', 4, (i) => ({
      *path(cpu) {
        for (let n = 0; n < 6; n++) yield* cpu.write(x, 4 * n + i);
      },
    })),
  };
});

const quickRows = memoryRows.filter(
  ({ reach, traces }) => reach === 'test' && traces > 4 && traces < 150,
);

describe('the part of a tree that is done', () => {
  it('is the weight of the finished branches on the path', () => {
    expect(weightDone([])).toBe(0);
    expect(weightDone([{ finished: 1, ways: 2 }])).toBe(0.5);
    const path = [
      { finished: 1, ways: 4 },
      { finished: 2, ways: 4 },
    ];
    expect(weightDone(path)).toBe(0.25 + 2 / 16);
  });

  it.each([
    ['threads alike', readers(3, 3)],
    ['a lopsided tree', lopsided],
    ['a scenario', programOf(lostUpdate)],
  ])(
    'of %s is the probability of the finished leaves, grows with each leaf, and ends at 1',
    (_, subject) => {
      let weight = 0;
      let last = 0;
      let runs = 0;
      const { exhausted } = enumerate(subject, {
        all: true,
        onRun: (_execution, { probability, remaining }) => {
          weight += probability;
          runs++;
          const { done, leaves } = remaining();
          expect(done).toBeCloseTo(weight, 10);
          expect(done).toBeGreaterThan(last);
          expect(leaves).toBeCloseTo(runs / weight, 4);
          last = done;
        },
      });
      expect(exhausted).toBe(true);
      expect(last).toBe(1);
    },
  );

  it('is below 1 until nothing is left, however its sum is rounded', () => {
    let done = 0;
    let runsAtOne = 0;
    const { runs } = enumerate(readers(5, 2), {
      runsMax: 113_399,
      onRun: (_execution, { remaining }) => {
        ({ done } = remaining());
        if (done === 1) runsAtOne++;
      },
    });
    expect(runs).toBe(113_399);
    expect(runsAtOne).toBe(0);
    expect(done).toBeGreaterThan(0.99);
  });

  it('gives the exact number of leaves where all branches are alike', () => {
    const total = 6;
    const estimates: (number | undefined)[] = [];
    enumerate(
      program('alike', (m) => {
        const x = m.cell('x', 0);
        return {
          actors: crowd('t', 3, () => ({
            *path(cpu) {
              yield* cpu.read(x);
            },
          })),
        };
      }),
      { onRun: (_execution, { remaining }) => void estimates.push(remaining().leaves) },
    );
    expect(estimates).toHaveLength(total);
    for (const estimate of estimates) expect(estimate).toBeCloseTo(total, 10);
  });

  it('stands still where a search learns that there is more than it knew', () => {
    const progress = new TreeProgress();
    expect(progress.look([{ finished: 1, ways: 2 }], 1).done).toBe(0.5);
    const later = progress.look([{ finished: 1, ways: 4 }], 1);
    expect(later).toEqual({ done: 0.5, leaves: 4 });
    expect(progress.look([{ finished: 3, ways: 4 }], 3).done).toBe(0.75);
    expect(progress.look([], 3)).toEqual({ done: 0.75, leaves: undefined });
    expect(progress.finish(9)).toEqual({ done: 1, leaves: 9 });
  });
});

describe('the progress of a proof', () => {
  it.each([
    ['enumerate', readers(3, 4)],
    ['stateful', writers],
  ] as const)('by %s never falls within a level, and levels only rise', (engine, subject) => {
    const heard: ProveProgress[] = [];
    const onProgress = (progress: ProveProgress): void => void heard.push(progress);
    const proof = prove(subject, { engine, preemptionsMax: 8, onProgress });
    expect(proof.outcome).toBe('proved');
    expect(heard.length).toBeGreaterThan(5);
    for (const [i, { preemptions, remaining, runs }] of heard.entries()) {
      expect(remaining.done).toBeLessThan(1);
      const before = heard[i - 1];
      if (before === undefined) continue;
      expect(runs).toBeGreaterThanOrEqual(before.runs);
      expect(preemptions).toBeGreaterThanOrEqual(before.preemptions);
      if (preemptions > before.preemptions) continue;
      expect(remaining.done).toBeGreaterThanOrEqual(before.remaining.done);
    }
    expect(new Set(heard.map(({ remaining }) => remaining.done)).size).toBeGreaterThan(3);
  });
});

describe('the progress of an optimal reduction', () => {
  /** What it says after each execution, and how many there were in all. */
  function heard(subject: Program): { readonly done: number[]; readonly runs: number } {
    const machine = subject.build('search');
    const search = new DporSearch(machine, () => true, undefined);
    const execution = new Execution(machine, search, { all: true });
    search.run = () => void execution.run();
    const progress = new TreeProgress();
    const done: number[] = [];
    for (let runs = 1; ; runs++) {
      execution.run();
      search.conclude();
      const isOver = !search.advance();
      done.push((isOver ? progress.finish(runs) : progress.look(search.path(), runs)).done);
      if (isOver) return { done, runs };
    }
  }

  it.each([
    ...quickRows.map((row) => [row.program.name, row.program] as const),
    ['a lopsided tree', lopsided] as const,
  ])('never falls, and is 1 only at the end: %s', (_, subject) => {
    const { done, runs } = heard(subject);
    expect(runs).toBe(dpor(subject).traces);
    expect(done.at(-1)).toBe(1);
    expect(done[0]).toBeGreaterThan(0);
    expect(done.toSorted((a, b) => a - b)).toEqual(done);
    expect(done.slice(0, -1).every((part) => part < 1)).toBe(true);
  });

  it('is told now and then', () => {
    const parts: number[] = [];
    const { traces } = dpor(memory.ainc(7), { onProgress: (_, { done }) => parts.push(done) });
    expect(traces).toBe(5_040);
    expect(parts).toHaveLength(4);
    expect(parts.toSorted((a, b) => a - b)).toEqual(parts);
  });
});
