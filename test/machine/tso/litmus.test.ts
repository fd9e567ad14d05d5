// The litmus tests of the x86-TSO papers: exactly what may come out of each, under either memory order.
import { describe, expect, it } from 'vitest';
import {
  type Litmus,
  type MemoryOrder,
  referenceOutcomes,
  simulatedOutcomes,
  thread,
} from '../../support/litmus.js';

interface Named {
  readonly name: string;
  readonly test: Litmus;
  /** What the question of the test is about, as a part of an outcome. */
  readonly asked: readonly string[];
  readonly sc: 'allowed' | 'forbidden';
  readonly tso: 'allowed' | 'forbidden';
}

const litmus = (
  name: string,
  threads: readonly string[],
  asked: string,
  sc: Named['sc'],
  tso: Named['tso'],
): Named => ({ name, test: threads.map(thread), asked: asked.split(' '), sc, tso });

/** Named as in the papers and in herd's catalogue of shapes. */
const tests: readonly Named[] = [
  litmus('SB', ['x=1 r1=y', 'y=1 r1=x'], '0:r1=0 1:r1=0', 'forbidden', 'allowed'),
  litmus('SB+mfences', ['x=1 mf r1=y', 'y=1 mf r1=x'], '0:r1=0 1:r1=0', 'forbidden', 'forbidden'),
  litmus('SB+mfence+po', ['x=1 mf r1=y', 'y=1 r1=x'], '0:r1=0 1:r1=0', 'forbidden', 'allowed'),
  litmus(
    'SB+xchgs',
    ['r0=xchg(x,1) r1=y', 'r0=xchg(y,1) r1=x'],
    '0:r1=0 1:r1=0',
    'forbidden',
    'forbidden',
  ),
  litmus(
    'SB with an xchg elsewhere',
    ['x=1 r2=xchg(a,1) r1=y', 'y=1 r2=xchg(b,1) r1=x'],
    '0:r1=0 1:r1=0',
    'forbidden',
    'forbidden',
  ),
  litmus(
    'SB with a lock taken after the store',
    ['x=1 lock(a) r1=y unlock(a)', 'y=1 lock(b) r1=x unlock(b)'],
    '0:r1=0 1:r1=0',
    'forbidden',
    'forbidden',
  ),
  litmus(
    'SB with the store in a lock and the load after it',
    ['lock(a) x=1 unlock(a) r1=y', 'lock(b) y=1 unlock(b) r1=x'],
    '0:r1=0 1:r1=0',
    'forbidden',
    'allowed',
  ),
  litmus(
    'SB in one lock',
    ['lock(a) x=1 r1=y unlock(a)', 'lock(a) y=1 r1=x unlock(a)'],
    '0:r1=0 1:r1=0',
    'forbidden',
    'forbidden',
  ),
  litmus('MP', ['x=1 y=1', 'r1=y r2=x'], '1:r1=1 1:r2=0', 'forbidden', 'forbidden'),
  litmus('LB', ['r1=x y=1', 'r1=y x=1'], '0:r1=1 1:r1=1', 'forbidden', 'forbidden'),
  litmus('S', ['x=2 y=1', 'r1=y x=1'], '1:r1=1 x=2', 'forbidden', 'forbidden'),
  litmus('R', ['x=1 y=1', 'y=2 r1=x'], '1:r1=0 y=2', 'forbidden', 'allowed'),
  litmus('2+2W', ['x=1 y=2', 'y=1 x=2'], 'x=1 y=1', 'forbidden', 'forbidden'),
  litmus('WRC', ['x=1', 'r1=x y=1', 'r1=y r2=x'], '1:r1=1 2:r1=1 2:r2=0', 'forbidden', 'forbidden'),
  litmus(
    'IRIW',
    ['x=1', 'y=1', 'r1=x r2=y', 'r1=y r2=x'],
    '2:r1=1 2:r2=0 3:r1=1 3:r2=0',
    'forbidden',
    'forbidden',
  ),
  litmus('n6', ['x=1 r1=x r2=y', 'y=2 x=2'], '0:r1=1 0:r2=0 x=1', 'forbidden', 'allowed'),
  litmus('n5', ['x=1 r1=x', 'x=2 r1=x'], '0:r1=2 1:r1=1', 'forbidden', 'forbidden'),
  litmus('n4b', ['r1=x x=1', 'r1=x x=2'], '0:r1=2 1:r1=1', 'forbidden', 'forbidden'),
  litmus('n4', ['r1=x x=1 r2=x', 'r1=x x=2 r2=x'], '0:r1=2 1:r1=1', 'forbidden', 'forbidden'),
  litmus(
    'one sees its own store first (Intel 8-5)',
    ['x=1 r1=x r2=y', 'y=1 r1=y r2=x'],
    '0:r1=1 0:r2=0 1:r1=1 1:r2=0',
    'forbidden',
    'allowed',
  ),
  litmus('CoWR: one always sees its own store', ['x=1 r1=x'], '0:r1=0', 'forbidden', 'forbidden'),
];

describe.each(tests)('$name', ({ test, asked, ...verdicts }) => {
  it.each(['sc', 'tso'] as const)(
    'has exactly the outcomes of the abstract machine: %s',
    (order) => {
      expect(simulatedOutcomes(test, order)).toEqual(referenceOutcomes(test, order));
    },
  );

  it.each(['sc', 'tso'] as const)('answers its question as the papers do: %s', (order) => {
    const outcomes = simulatedOutcomes(test, order);
    const found = outcomes.some((one) => asked.every((part) => one.split(' ').includes(part)));
    expect(found ? 'allowed' : 'forbidden').toBe(verdicts[order]);
  });
});

describe('random litmus tests', () => {
  it.each(['sc', 'tso'] as const)('have the outcomes of the abstract machine: %s', (order) => {
    const random = generator(20100701);
    const wrong: unknown[] = [];
    let looked = 0;
    let relaxed = 0;
    while (looked < randomTests) {
      const test = randomTest(random);
      if (schedulesAtMost(test, order) > schedulesMax) continue;
      looked++;
      const [is, should] = [simulatedOutcomes(test, order), referenceOutcomes(test, order)];
      if (order === 'tso' && referenceOutcomes(test, 'sc').join() !== should.join()) relaxed++;
      if (is.join() !== should.join()) wrong.push({ test, is, should });
    }
    expect(wrong).toEqual([]);
    // Enough of them can tell the two orders apart.
    console.log(order, relaxed);
    expect(relaxed).toBeGreaterThanOrEqual(order === 'tso' ? randomTests / 20 : 0);
  });
});

const randomTests = 300;
/** Programs with more schedules are left out, so that the plain enumerator is done with hundreds. */
const schedulesMax = 6_000;

/** Numbers below a bound, the same ones every time: xorshift. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function randomTest(random: (below: number) => number): Litmus {
  const threads = random(4) === 0 ? 3 : 2;
  return Array.from({ length: threads }, () => {
    const length = threads === 3 ? 2 + random(2) : 3 + random(2);
    return thread(
      Array.from({ length }, (_, n) => {
        const [cell, value] = ['xy'.charAt(random(2)), String(1 + random(2))];
        const store = `${cell}=${value}`;
        const load = `r${String(n)}=${cell}`;
        const locked = random(2) === 0 ? 'mf' : `r${String(n)}=xchg(${cell},${value})`;
        const kinds = [store, store, store, load, load, load, load, locked];
        return kinds[random(kinds.length)] as string;
      }).join(' '),
    );
  });
}

/** An upper bound: the interleavings of all events, as if nothing waited for anything. */
function schedulesAtMost(test: Litmus, order: MemoryOrder): number {
  const events = test.flatMap((instructions) => {
    const drains = instructions.filter(({ op }) => order === 'tso' && op === 'store').length;
    const own = instructions.filter(({ op }) => order === 'tso' || op !== 'mfence').length;
    return [own, drains];
  });
  const all = events.reduce((sum, n) => sum + n, 0);
  return factorial(all) / events.map(factorial).reduce((product, n) => product * n, 1);
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}
