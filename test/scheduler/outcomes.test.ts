// Histograms, judged by litmus tests: which outcomes there are is known from an abstract machine that shares no code.
import { describe, expect, it } from 'vitest';
import { lostUpdate as lostUpdateScenario, programOf, scenario } from '../../scenarios/index.js';
import {
  defaultPortfolio,
  enumerate,
  explore,
  Histogram,
  type OutcomeTable,
  type Program,
} from '../../scheduler/index.js';
import { atEnd } from '../../src/machine/index.js';
import { referenceOutcomes, thread } from '../support/litmus.js';
import { program } from '../support/program.js';

/** Every outcome, over all schedules. */
function all(subject: Program): OutcomeTable {
  const histogram = new Histogram();
  enumerate(subject, { all: true, onRun: ({ machine }) => histogram.add(machine) });
  return histogram.table;
}

const texts = ({ rows }: OutcomeTable): string[] =>
  rows.map(({ values }) => values.map(({ name, text }) => `${name}=${text}`).join(' '));

const counts = ({ rows }: OutcomeTable): number[] => rows.map(({ count }) => count);

/** Two threads each store, and return what the other one's cell holds. */
const storeBuffering = scenario({
  name: 'store-buffering',
  about: 'Each thread stores, and loads what the other one stores.',
  setup: (m) => ({ x: m.cell('x', 0), y: m.cell('y', 0) }),
  actors: ({ x, y }) => ({
    *a(cpu) {
      yield* cpu.write(x, 1);
      return yield* cpu.read(y);
    },
    *b(cpu) {
      yield* cpu.write(y, 1);
      return yield* cpu.read(x);
    },
  }),
});

describe('the outcomes of a program', () => {
  it.each([
    ['sc', 3],
    ['tso', 4],
  ] as const)('of store buffering under %s are %i: what the actors have returned', (memory, n) => {
    const table = all(programOf(storeBuffering, undefined, { memory }));
    expect(table.rows).toHaveLength(n);
    const test = [thread('x=1 r1=y'), thread('y=1 r1=x')];
    const expected = referenceOutcomes(test, memory).map((text) => {
      const value = (t: number): string =>
        new RegExp(`${String(t)}:r1=(\\d)`).exec(text)?.[1] ?? '';
      return `a=${value(0)} b=${value(1)}`;
    });
    expect(texts(table)).toEqual([...new Set(expected)].sort());
    expect(texts(table).includes('a=0 b=0')).toBe(memory === 'tso');
    expect(table.rows.every(({ failed }) => !failed)).toBe(true);
  });

  it('are what the scenario says, with the verdict, each with its number of schedules', () => {
    const table = all(programOf(lostUpdateScenario));
    expect(table).toEqual({
      rows: [
        {
          values: [{ name: 'x', text: '2' }],
          signature: 'ok',
          verdict: undefined,
          failed: false,
          count: 2,
          by: [],
        },
        {
          values: [{ name: 'x', text: '1' }],
          signature: 'violation both updates count',
          verdict: 'both updates count: x is 1',
          failed: true,
          count: 4,
          by: [],
        },
      ],
      others: 0,
    });
  });

  it('can be declared by a program that is no scenario, and are ordered as numbers', () => {
    const table = all(
      program('sums', (m) => {
        const x = m.cell('x', 1);
        m.outcome.declare(() => ({ x: x.peek(), who: x.peek() === 12 ? null : m.outcome }));
        return {
          actors: {
            *add(cpu) {
              yield* cpu.fetch_add(x, 5);
            },
            *double(cpu) {
              yield* cpu.write(x, 2 * (yield* cpu.read(x)));
            },
          },
        };
      }),
    );
    expect(texts(table)).toEqual(['x=2 who=#?', 'x=7 who=#?', 'x=12 who=NULL']);
    expect(counts(table)).toEqual([1, 1, 1]);
  });

  it('tell what went wrong apart where the values are the same', () => {
    const table = all(
      program('blame', (m) => {
        const x = m.cell('x', 0);
        m.outcome.declare(() => ({}));
        return {
          actors: {
            *a(cpu) {
              yield* cpu.write(x, 1);
            },
            *b(cpu) {
              yield* cpu.write(x, 2);
            },
          },
          properties: [atEnd('not 1', () => x.peek() !== 1), atEnd('not 2', () => x.peek() !== 2)],
        };
      }),
    );
    expect(table.rows.map(({ verdict }) => verdict)).toEqual([
      'not 1: it does not hold',
      'not 2: it does not hold',
    ]);
  });
});

describe('a campaign', () => {
  const options = { seed: '1', runs: 2_000, strategies: defaultPortfolio, all: true };

  it('counts outcomes by the strategy that came to them', () => {
    const { outcomes, runs, failures, sampled } = explore(programOf(lostUpdateScenario), {
      ...options,
      outcomes: true,
    });
    const rows = outcomes?.rows ?? [];
    expect(rows.map(({ values }) => values[0]?.text)).toEqual(['2', '1']);
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(runs);
    expect(rows.filter(({ failed }) => failed).map(({ count }) => count)).toEqual([failures]);
    for (const { strategy, runs: own } of sampled) {
      const found = rows.flatMap(({ by }) => by.filter((one) => one.strategy === strategy));
      expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(own);
    }
  });

  it('counts nothing unless it is asked', () => {
    expect(explore(programOf(lostUpdateScenario), options).outcomes).toBeUndefined();
  });
});
