// Stopped tasks and the freezer: what orders the two looks at each other is load-bearing, wherever it stands.
import { describe, expect, it } from 'vitest';
import { r58, r58b } from '../../scenarios/gallery/r58-traced-escapes.js';
import { programOf } from '../../scenarios/index.js';
import { defaultPortfolio, explore, prove } from '../../scheduler/index.js';
import type { Cpu, Patch, StoppedTasks } from '../../src/kernel/index.js';
import type { Composition } from '../../src/kernel/series.js';
import { PF_FREEZER_SKIP } from '../../src/kernel/v3.7/stopped-tasks.js';
import type { MemoryOrder, Path } from '../../src/machine/index.js';

/** freezer_count() as it was before it got its barrier. */
const countsWithoutBarrier: Patch<StoppedTasks> = (Base) =>
  class CountsWithoutBarrier extends Base {
    override *freezer_count(cpu: Cpu): Path {
      yield* cpu.clear_bits(cpu.current.flags, PF_FREEZER_SKIP);
      yield* this.try_to_freeze(cpu);
    }
  };

/** A task that has stopped does not look whether it is to freeze. */
const neverLooks: Patch<StoppedTasks> = (Base) =>
  class NeverLooks extends Base {
    override *freeze_after_stop(_cpu: Cpu): Path {}
  };

function verdictOf(
  { scenario }: typeof r58,
  composition: Composition<StoppedTasks>,
  memory: MemoryOrder,
): string {
  const program = programOf(scenario, composition as unknown as Composition<object>, { memory });
  if (memory === 'sc') return prove(program, { preemptionsMax: 2 }).outcome;
  const { finding } = explore(program, { seed: 'r58', runs: 2000, strategies: defaultPortfolio });
  return finding?.signature ?? 'nothing was found';
}

const escaped = /^violation I-16b nobody runs where FROZEN was said/u;

describe('a traced task whose group is frozen', () => {
  it('runs on where the unlock orders no load, and memory is not sequentially consistent', () => {
    expect(verdictOf(r58b, { upTo: 'release-unlock' }, 'tso')).toMatch(escaped);
    expect(verdictOf(r58b, { upTo: 'release-unlock' }, 'sc')).toBe('proved');
  });

  it('runs on under x86-TSO if freezer_count() has no barrier', () => {
    const with58 = { upTo: 'base', with: ['freezable-schedule'] };
    expect(verdictOf(r58, { ...with58, mutants: [countsWithoutBarrier] }, 'tso')).toMatch(escaped);
    expect(verdictOf(r58, { ...with58, mutants: [countsWithoutBarrier] }, 'sc')).toBe('proved');
  });

  it('runs on under any memory if it does not look', () => {
    expect(verdictOf(r58, { upTo: 'base', mutants: [neverLooks] }, 'sc')).toBe('broken');
  });
});
