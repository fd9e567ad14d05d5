// A search by states that gets help comes to what it comes to alone, to the last count. Here the helpers take turns in one
// thread, in orders that workers might come to as well.
import { describe, expect, it } from 'vitest';
import {
  Helper,
  type Helped,
  type Helpers,
  type Program,
  prove,
  type Rest,
  searchStates,
  SharedStates,
  type TrailPart,
} from '../../../scheduler/index.js';
import { program } from '../../support/program.js';
import { allocations, lockedUpdate, lostUpdate, noisyUpdate } from '../../support/samples.js';
import * as small from './programs.js';

/** Helpers that work on shared states, each for one part, which hand on something at each opportunity. */
class Turns implements Helpers {
  parts = 0;
  readonly #program: Program;
  readonly #count: number;
  readonly #takes: 'first' | 'last';

  constructor(of: Program, count: number, takes: 'first' | 'last') {
    this.#program = of;
    this.#count = count;
    this.#takes = takes;
  }

  readonly areWanted = (): boolean => true;

  readonly finish = (rest: Rest): Helped | undefined => {
    const states = SharedStates.withRoom(1 << 16);
    rest.addStatesTo((a, b) => states.add(a, b));
    const helpers = Array.from({ length: this.#count }, () => new Helper(this.#program, {}, rest));
    const queue: TrailPart[] = [rest.part];
    let [transitions, runs] = [0, 0];
    let locks: Helped['locks'] = { seen: [], deadlocks: [] };
    for (let turn = 0; queue.length > 0; turn++) {
      const part = (this.#takes === 'first' ? queue.shift() : queue.pop()) as TrailPart;
      this.parts++;
      const helper = helpers[turn % helpers.length] as Helper;
      const done = helper.run(part, states, (give) => {
        const left = queue.length < 3 ? give() : undefined;
        if (left !== undefined) queue.push(left);
      });
      if (!done.isClean) return undefined;
      transitions += done.transitions;
      runs += done.runs;
      locks = { ...locks, seen: [...locks.seen, ...done.locks.seen] };
    }
    return { known: states, transitions, runs, locks };
  };
}

/** Many states, and nothing is wrong with them. */
const wide = program('wide', (m) => {
  const cells = [0, 1, 2].map((n) => m.cell(`x${String(n)}`, 0));
  const lock = m.mutex('lock');
  return {
    actors: Object.fromEntries(
      cells.map((cell, n) => [
        `t${String(n)}`,
        function* (cpu) {
          for (let k = 0; k < 2; k++) {
            yield* cpu.write(cell, (yield* cpu.read(cells[(n + 1) % 3] ?? cell)) % 3);
            yield* cpu.mutex_lock(lock);
            yield* cpu.fetch_add(cell, 1);
            yield* cpu.mutex_unlock(lock);
          }
        },
      ]),
    ),
  };
});

const programs = [
  wide,
  lostUpdate(),
  lockedUpdate(),
  noisyUpdate(2, 2),
  allocations(0),
  allocations(2),
  ...small.all(),
];

describe('a search by states', () => {
  it.each(programs.map((one) => [one.name, one] as const))(
    'of "%s" is the same with helpers',
    (_, of) => {
      const alone = { ...searchStates(of), bytes: 0 };
      for (const [count, takes] of [
        [1, 'first'],
        [2, 'last'],
        [3, 'first'],
      ] as const) {
        const helpers = new Turns(of, count, takes);
        expect({ ...searchStates(of, { helpers }), bytes: 0 }).toEqual(alone);
      }
    },
  );

  it('is finished by helpers in many parts', () => {
    const helpers = new Turns(wide, 3, 'last');
    const { exhausted, failures, states } = searchStates(wide, { helpers });
    expect({ exhausted, failures }).toEqual({ exhausted: true, failures: 0 });
    expect(states).toBeGreaterThan(1_000);
    expect(helpers.parts).toBeGreaterThan(8);
  });

  it('proves the same with helpers, and shows the same counterexample', () => {
    for (const of of programs) {
      const helpers = new Turns(of, 2, 'first');
      const engine = 'auto' as const;
      const [alone, helped] = [prove(of, { engine }), prove(of, { engine, helpers })];
      expect({ ...helped, bytes: 0 }).toEqual({ ...alone, bytes: 0 });
    }
  });
});

describe('shared states', () => {
  it('are each noted once, whoever comes first', () => {
    const states = SharedStates.withRoom(1_000);
    const other = new SharedStates(states.memory);
    for (let n = 0; n < 800; n++) {
      const [one, two] = n % 2 === 0 ? [states, other] : [other, states];
      expect([one.add(n, -n), two.add(n, -n)]).toEqual([true, false]);
    }
    expect([states.size, other.size]).toEqual([800, 800]);
  });

  it('are told apart by all of their 64 bits', () => {
    const states = SharedStates.withRoom(1_000);
    for (let n = 1; n <= 100; n++) {
      expect([states.add(7, n), states.add(n + 100, 7)]).toEqual([true, true]);
    }
    for (let n = 1; n <= 100; n++) expect(states.add(7, n)).toBe(false);
    expect(states.size).toBe(200);
  });
});
