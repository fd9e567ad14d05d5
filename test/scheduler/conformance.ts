// What holds for every strategy: one suite, run over each of them.
import { describe, expect, it } from 'vitest';
import { mpat } from '../../bench/yardsticks/programs/locks.js';
import { philosophersLeftFirst } from '../../bench/yardsticks/programs/philosophers.js';
import {
  type Choice,
  Execution,
  type Lesson,
  type Program,
  type Strategy,
  type View,
} from '../../scheduler/index.js';
import { type DataPurpose, ModelError } from '../../src/machine/index.js';
import { allocations, family, many } from '../support/samples.js';

/** `asked` says how many questions the execution has asked before. */
export type Make = (seed: string, asked: () => number) => Strategy;

export interface Traits {
  /** Another seed gives other schedules. */
  readonly random: boolean;
  /** It copes with small programs only. */
  readonly small?: boolean;
}

/** Where it is run: programs with locks, spawned threads, very many threads, and data choices. */
interface Programs {
  readonly all: readonly Program[];
  /** All of their threads come to their ends in every execution. */
  readonly ending: readonly Program[];
  readonly threads: Program;
  readonly data: Program;
}

const large = (): Programs => ({
  all: [philosophersLeftFirst(4), mpat(3), family(), many(40), allocations(2)],
  ending: [family(), many(40)],
  threads: many(5),
  data: allocations(2),
});

const small = (): Programs => ({
  all: [philosophersLeftFirst(4), mpat(2), family(2, 1), many(4), allocations(2)],
  ending: [family(2, 1), many(4)],
  threads: many(4),
  data: allocations(2),
});

/** A strategy under test on a program; every answer is checked. */
class Bench {
  readonly strategy: Strategy;
  readonly execution: Execution;

  constructor(make: Make, program: Program, seed = 'seed') {
    this.strategy = make(seed, () => this.execution.asked);
    this.strategy.study?.(program, {});
    this.execution = new Execution(program.build('search'), new Checked(this.strategy));
  }

  /** The schedules of some executions of one block. */
  block(block: number, runs: number): Choice[][] {
    this.strategy.beginBlock(block);
    return Array.from({ length: runs }, () => {
      this.execution.run();
      return this.execution.recorder.copy();
    });
  }
}

/** Passes every question on and checks question and answer. */
class Checked implements Strategy {
  readonly name = 'checked';
  readonly keepsTime: boolean;
  readonly #inner: Strategy;
  #view: View | undefined = undefined;

  constructor(inner: Strategy) {
    this.#inner = inner;
    this.keepsTime = inner.keepsTime ?? false;
  }
  beginBlock(block: number): void {
    this.#inner.beginBlock(block);
  }
  begin(view: View): void {
    this.#view = view;
    this.#inner.begin(view);
  }
  choose(current: number): number {
    const view = this.#view;
    if (view === undefined || view.runnable.count < (this.keepsTime ? 1 : 2))
      throw new ModelError('there is nothing to choose');
    const before = view.runnable.sorted().join();
    const choice = this.#inner.choose(current);
    if (!view.runnable.has(choice)) throw new ModelError(`thread ${String(choice)} cannot go on`);
    if (view.runnable.sorted().join() !== before) throw new ModelError('it changed who can go on');
    return choice;
  }
  draw(ways: number, purpose: DataPurpose): number {
    const value = this.#inner.draw(ways, purpose);
    if ([0, 1, 2, 3].slice(0, ways).includes(value)) return value;
    throw new ModelError(`there are ${String(ways)} ways, and it drew ${String(value)}`);
  }
  learn(lesson: Lesson): void {
    this.#inner.learn(lesson);
  }
}

const uses = [
  { of: 'x', times: 1, changes: true, under: [] },
  { of: 'lock', times: 1, changes: true, under: [] },
];
const lesson: Lesson = {
  decisionsMax: 40,
  drawsMax: 8,
  profile: { threads: ['t0', 't1'].map((name) => ({ name, creator: undefined, events: 3, uses })) },
};

export function describeStrategy(name: string, make: Make, traits: Traits): void {
  const { random } = traits;
  const programs = traits.small === true ? small() : large();
  describe(`the strategy ${name}`, () => {
    it.each(programs.all.map((program) => [program.name, program] as const))(
      'chooses only among runnable threads and draws only what is offered: %s',
      (_, program) => {
        const bench = new Bench(make, program);
        bench.block(0, 20);
        bench.strategy.learn(lesson);
        bench.block(1, 20);
      },
    );

    it('lets every thread come to its end, spawned ones and more than 32 of them included', () => {
      for (const program of programs.ending) {
        const { execution, strategy } = new Bench(make, program);
        for (let run = 0; run < 20; run++) {
          expect(execution.run()).toEqual({ kind: 'ok' });
          expect(execution.machine.endedCount).toBe(execution.threadCount);
        }
        strategy.learn(lesson);
      }
    });

    it('gives the same schedules for the same seed, and when a block begins again', () => {
      for (const program of programs.all) {
        const bench = new Bench(make, program);
        const first = bench.block(3, 30);
        bench.block(4, 7);
        expect(bench.block(3, 30)).toEqual(first);
        expect(new Bench(make, program).block(3, 30)).toEqual(first);
      }
    });

    it(`gives ${random ? 'other' : 'the same'} schedules for another seed and another block`, () => {
      const schedules = (seed: string, block: number): string => {
        const bench = new Bench(make, programs.threads, seed);
        bench.strategy.learn(lesson);
        return JSON.stringify(bench.block(block, 30));
      };
      const all = [schedules('one', 0), schedules('two', 0), schedules('one', 1)];
      expect(new Set(all).size).toBe(random ? 3 : 1);
    });

    it('learns from lessons only, not from the executions themselves', () => {
      for (const program of [programs.threads, programs.data]) {
        const taught = (runsBefore: number): Choice[][] => {
          const bench = new Bench(make, program);
          bench.block(0, runsBefore);
          bench.strategy.learn(lesson);
          bench.block(1, runsBefore);
          return bench.block(2, 30);
        };
        expect(taught(50)).toEqual(taught(0));
      }
    });

    it.runIf(traits.small !== true)('draws within any number of ways', () => {
      const bench = new Bench(make, many(3));
      bench.execution.run();
      bench.strategy.learn(lesson);
      bench.strategy.beginBlock(0);
      for (let run = 0; run < 50; run++) {
        bench.strategy.begin(bench.execution);
        for (let i = 0; i < 20; i++) {
          const value = bench.strategy.draw(3, 'allocation failure');
          expect([0, 1, 2]).toContain(value);
        }
      }
    });
  });
}
