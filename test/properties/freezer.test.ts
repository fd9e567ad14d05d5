// Every property of freezers dies of a small wrong, and says nothing of the freezer of 3.15.
import { describe, expect, it } from 'vitest';
import { frozenIsTrue, nobodyEscapes } from '../../properties/index.js';
import { on, programOf, scenario } from '../../scenarios/index.js';
import { prove } from '../../scheduler/index.js';
import {
  type cgroup,
  cgroupFreezer,
  type Composition,
  type Cpu,
  type EarlyFork,
  type Patch,
  type task_struct,
} from '../../src/kernel/index.js';
import { CGROUP_FROZEN, type freezer } from '../../src/kernel/for-3.15/freezer/state.js';
import type { Path, Property } from '../../src/machine/index.js';

/** A new task is not told that its group is being frozen. */
const forkTellsNobody: Patch<EarlyFork> = (Base) =>
  class ForkTellsNobody extends Base {
    override *freezer_fork(_cpu: Cpu, _child: task_struct): Path {}
  };

/** FROZEN is said without a look at the tasks. */
const frozenAtOnce: Patch<EarlyFork> = (Base) =>
  class FrozenAtOnce extends Base {
    override *update_if_frozen(cpu: Cpu, cgrp: cgroup): Path {
      const { state } = this.css_freezer(cgrp);
      if ((yield* cpu.read(state)) !== 0) yield* cpu.set_bits(state, CGROUP_FROZEN);
    }
  };

/** freezer->lock of v3.14 on the css_set_rwsem of cgroup/for-3.15. */
const spinlockOf314: Patch<EarlyFork> = (Base) =>
  class SpinlockOf314 extends Base {
    override *lock_freezer(cpu: Cpu, { lock }: freezer): Path {
      yield* cpu.spin_lock_irq(lock);
    }

    override *unlock_freezer(cpu: Cpu, { lock }: freezer): Path {
      yield* cpu.spin_unlock_irq(lock);
    }

    override *assert_freezer_held(cpu: Cpu, { lock }: freezer): Path {
      yield* cpu.lockdep_assert_held(lock);
    }
  };

function cast(property: (k: EarlyFork) => Property) {
  return scenario({
    name: 'freezer',
    about: 'A cast for the properties of freezers.',
    series: cgroupFreezer,
    setup: (k) => {
      const F = k.mkdir('/F');
      return { F, parent: k.task('parent', F) };
    },
    actors: ({ k, F, parent }) => ({
      fork: on(parent, function* (cpu: Cpu) {
        yield* k.copy_process(cpu);
        yield* k.return_to_user(cpu);
      }),
      *freeze(cpu) {
        yield* k.freezer_write(cpu, F, true);
        yield* k.freezer_read(cpu, F);
      },
    }),
    properties: ({ k }) => [property(k)],
  });
}

const wrongs: readonly (readonly [
  string,
  (k: EarlyFork) => Property,
  Composition<EarlyFork>,
  number,
])[] = [
  ['a new task is not told', nobodyEscapes, { mutants: [forkTellsNobody] }, 1],
  [
    'FROZEN is said without a look',
    (k) => frozenIsTrue(k, k.freezer_state_read),
    { mutants: [frozenAtOnce] },
    0,
  ],
];

describe.each(wrongs)('%s', (_, property, composition, preemptions) => {
  it('breaks its property', () => {
    const program = programOf(cast(property), composition as Composition<object>);
    const { outcome, finding } = prove(program, { preemptionsMax: preemptions });
    expect(outcome).toBe('broken');
    expect(finding).toMatchObject({ preemptions });
    expect(finding?.signature).toMatch(/^violation I-16/u);
  });

  it('is not said of the freezer of 3.15', () => {
    const program = programOf(cast(property), { upTo: 'fork-after-link' });
    expect(prove(program, { preemptionsMax: 1 }).outcome).toBe('proved');
  });
});

it('the freezer of v3.14 sleeps on css_set_rwsem with its spinlock held, which e5ced8ebb10c has fixed', () => {
  const composition = { mutants: [spinlockOf314] } as unknown as Composition<object>;
  const program = programOf(cast(nobodyEscapes), composition);
  const { outcome, finding } = prove(program, { preemptionsMax: 0 });
  expect(outcome).toBe('broken');
  expect(finding?.signature).toContain('sleeping function down_read() called');
});
