// Every property of charges dies of a small wrong in the pids controller, and says nothing of the controller of 5.1.
import { describe, expect, it } from 'vitest';
import {
  chargesAddUp,
  limitHolds,
  neverNegative,
  pidFreeIsChargeFree,
  refusedOnlyIfFull,
} from '../../properties/index.js';
import { on, programOf, scenario } from '../../scenarios/index.js';
import { prove } from '../../scheduler/index.js';
import {
  type Composition,
  type Cpu,
  EAGAIN,
  type Patch,
  type Pids,
  type pids_cgroup,
  pidsController,
  type task_struct,
} from '../../src/kernel/index.js';
import type { Path, Property } from '../../src/machine/index.js';

/** A fork that fails keeps its charge. */
const cancelKeepsTheCharge: Patch<Pids> = (Base) =>
  class CancelKeepsTheCharge extends Base {
    override *pids_cancel_fork(_cpu: Cpu, _child: task_struct): Path {}
  };

/** A charge is returned three times, and nobody warns. */
const returnedTooOften: Patch<Pids> = (Base) =>
  class ReturnedTooOften extends Base {
    override *pids_cancel(cpu: Cpu, pids: pids_cgroup, num: number): Path {
      yield* cpu.fetch_add(pids.counter, -3 * num);
    }
  };

/** The limit is looked at, and the charge made after that: two steps for what is one. */
const looksThenCharges: Patch<Pids> = (Base) =>
  class LooksThenCharges extends Base {
    override *pids_try_charge(cpu: Cpu, pids: pids_cgroup, num: number): Path<number> {
      for (let p = pids; p.parent !== undefined; p = p.parent) {
        if ((yield* cpu.read(p.counter)) + num > (yield* cpu.read(p.limit))) return -EAGAIN;
        yield* cpu.fetch_add(p.counter, num);
      }
      return 0;
    }
  };

const forkAndWait = (k: Pids) =>
  function* (cpu: Cpu): Path {
    const child = yield* k.copy_process(cpu);
    if (typeof child === 'number') return;
    yield* cpu.spawn('child', (own: Cpu) => k.do_exit(own), child);
    yield* k.wait_for_child(cpu, child);
    yield* k.copy_process(cpu);
  };

const events = (k: Pids) => ({
  released: k.events.task_released,
  uncharged: k.pids_events.pids_uncharged,
  refused: k.pids_events.pids_refused,
});

interface Wrong {
  readonly wrong: string;
  readonly property: (k: Pids) => Property;
  readonly composition: Composition<Pids>;
  readonly preemptions: number;
}

const wrongs: readonly Wrong[] = [
  {
    wrong: 'a fork that fails keeps its charge',
    property: chargesAddUp,
    composition: { mutants: [cancelKeepsTheCharge] },
    preemptions: 0,
  },
  {
    wrong: 'a charge is returned more than once',
    property: neverNegative,
    composition: { mutants: [returnedTooOften] },
    preemptions: 0,
  },
  {
    wrong: 'the limit is looked at in one step, and the charge made in another',
    property: (k) => limitHolds(k, k.pids_events.pids_forced),
    composition: { mutants: [looksThenCharges] },
    preemptions: 1,
  },
  {
    wrong: 'the charge goes with the memory of the task',
    property: (k) => pidFreeIsChargeFree(events(k)),
    composition: { upTo: 'no-pids-fork' },
    preemptions: 0,
  },
  {
    wrong: 'the charge goes with the memory of the task, which a user can see',
    property: (k) => refusedOnlyIfFull(k, events(k)),
    composition: { upTo: 'no-pids-fork' },
    preemptions: 0,
  },
];

/** One who is interrupted by a signal, one who waits for its child, and one who forks once; two may be in /F/G. */
function cast(property: (k: Pids) => Property) {
  return scenario({
    name: 'charges',
    about: 'A cast for the properties of charges.',
    series: pidsController,
    setup: (k) => {
      const [F, G, D] = [k.mkdir('/F'), k.mkdir('/F/G'), k.mkdir('/D')];
      k.set_pids_max(G, 3);
      const interrupted = k.task('interrupted', D);
      k.set_sigpending(interrupted);
      return { interrupted, waiting: k.task('waiting', G), other: k.task('other', G), F };
    },
    actors: ({ k, interrupted, waiting, other }) => ({
      interrupted: on(interrupted, (cpu: Cpu) => k.copy_process(cpu)),
      waiting: on(waiting, forkAndWait(k)),
      other: on(other, (cpu: Cpu) => k.copy_process(cpu)),
    }),
    properties: ({ k }) => [property(k)],
  });
}

describe.each(wrongs)('$wrong', ({ property, composition, preemptions }) => {
  it(`breaks its property with ${String(preemptions)} preemptions`, () => {
    const program = programOf(cast(property), composition as Composition<object>);
    const { outcome, finding } = prove(program, { preemptionsMax: preemptions });
    expect(outcome).toBe('broken');
    expect(finding?.signature).toMatch(/^violation I-2[013]/u);
  });

  it('is not said of the controller of 5.1', () => {
    const program = programOf(cast(property), { upTo: 'release' });
    const bounds = { preemptionsMax: 1, statesMax: 1_000, runsMax: 1_000 };
    expect(prove(program, bounds).outcome).not.toBe('broken');
  });
});
