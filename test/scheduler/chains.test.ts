// Chains against a brute-force look at the order that they are told of.
import { describe, expect, it } from 'vitest';
import { Chains } from '../../scheduler/strategies/chains.js';
import { Random } from '../../src/random.js';

/** The operations so far: the chain of each, and which ones come before it. */
interface Ordered {
  readonly chains: readonly number[];
  readonly before: readonly ReadonlySet<number>[];
}

/** Threads that start others, do steps and await others' ends, drawn from a seed. */
function drawn(seed: string, steps: number): Ordered {
  const random = new Random(seed);
  const chains = new Chains();
  chains.restart();
  const placed: number[] = [];
  const before: Set<number>[] = [];
  const seen: Set<number>[] = [];
  const live: number[] = [];
  const admit = (creator: number): void => {
    chains.admit(creator);
    live.push(seen.length);
    seen.push(new Set(creator < 0 ? [] : seen[creator]));
  };
  admit(-1);
  for (let step = 0; step < steps; step++) {
    const thread = live[random.below(live.length)] as number;
    const what = random.below(6);
    if (what === 0 && live.length > 1 && thread !== live[0]) {
      live.splice(live.indexOf(thread), 1);
      const heir = live[random.below(live.length)] as number;
      chains.follow(heir, thread);
      for (const one of seen[thread] as Set<number>) (seen[heir] as Set<number>).add(one);
      continue;
    }
    const own = seen[thread] as Set<number>;
    before.push(new Set(own));
    placed.push(chains.append(thread));
    own.add(placed.length - 1);
    if (what === 1 && live.length < 6) admit(thread);
  }
  return { chains: placed, before };
}

/** The most operations of which no two are ordered: by Dilworth, what a largest matching of pairs leaves. */
function widthOf({ before }: Ordered): number {
  const partner = new Map<number, number>();
  const match = (later: number, tried: Set<number>): boolean => {
    for (const earlier of before[later] as ReadonlySet<number>) {
      if (tried.has(earlier)) continue;
      tried.add(earlier);
      const other = partner.get(earlier);
      if (other === undefined || match(other, tried)) {
        partner.set(earlier, later);
        return true;
      }
    }
    return false;
  };
  const matched = before.filter((_, later) => match(later, new Set())).length;
  return before.length - matched;
}

describe('chains', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => [seed]))(
    'are in causal order, and few: drawn program %s',
    (seed) => {
      const all = drawn(String(seed), 80);
      const last = new Map<number, number>();
      all.chains.forEach((chain, op) => {
        const tail = last.get(chain);
        if (tail !== undefined) expect(all.before[op]?.has(tail)).toBe(true);
        last.set(chain, op);
      });
      const width = widthOf(all);
      expect(width).toBeGreaterThan(0);
      expect(last.size).toBeLessThanOrEqual((width * (width + 1)) / 2);
    },
  );
});
