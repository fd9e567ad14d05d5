import { describe, expect, it } from 'vitest';
import { programOf, scenario } from '../../scenarios/index.js';
import { explore, prove } from '../../scheduler/index.js';
import {
  type Allocated,
  atEnd,
  type Cpu,
  faultPlace,
  type Gfp,
  type Memory,
  type Path,
  path,
  UsageError,
} from '../../src/machine/index.js';
import { program } from '../support/program.js';
import { everySchedule, executionOf, fine, sentenceOf, type Setup } from '../support/run.js';

class Page implements Allocated {
  readonly memory: Memory;
  constructor(memory: Memory) {
    this.memory = memory;
  }
}

const underSpinlock =
  (gfp: Gfp): Setup =>
  (m) => {
    const lock = m.spinlock('lock');
    return {
      actors: {
        *charge(cpu) {
          yield* cpu.spin_lock(lock);
          yield* cpu.kmalloc(Page, 'page', gfp);
          yield* cpu.spin_unlock(lock);
        },
      },
    };
  };

describe('an allocation under a spinlock', () => {
  it('may not sleep, whether or not it could fail', () => {
    for (const faults of [0, 1]) {
      const run = (gfp: Gfp) => everySchedule(underSpinlock(gfp), { faults }).verdicts;
      const asleep = 'sleeping function kmalloc() called from invalid context (thread charge)';
      expect(run('GFP_KERNEL')).toEqual([asleep]);
      expect(run('GFP_KERNEL|__GFP_NOFAIL')).toEqual([asleep]);
      expect(run('GFP_ATOMIC')).toEqual([fine]);
      expect(run('GFP_NOWAIT')).toEqual([fine]);
    }
  });

  it('never fails with __GFP_NOFAIL', () => {
    const { looks, schedules } = everySchedule(
      (m) => ({
        actors: {
          *a(cpu) {
            return (yield* cpu.kmalloc(Page, 'page', 'GFP_KERNEL|__GFP_NOFAIL')) === null;
          },
        },
        look: () => m.thread(0).result,
      }),
      { faults: 1, fail: ['a:1'] },
    );
    expect({ looks, schedules }).toEqual({ looks: [false], schedules: 1 });
  });
});

/** Two allocations and a callback that may refuse, in a function of their own. */
const attach: Setup = (m) => {
  const find_css_set = path('find_css_set', function* (cpu: Cpu): Path<string> {
    if ((yield* cpu.kmalloc(Page)) === null) return 'no cset';
    return (yield* cpu.kmalloc(Page)) === null ? 'no link' : 'found';
  });
  const cgroup_attach_task = path('cgroup_attach_task', function* (cpu: Cpu): Path<string> {
    if (yield* cpu.veto('can_attach')) return 'refused';
    if (yield* cpu.may_fail('copy_from_user')) return 'fault';
    return yield* find_css_set(cpu);
  });
  return {
    actors: {
      *attach(cpu) {
        const first = yield* cgroup_attach_task(cpu);
        return [first, yield* cgroup_attach_task(cpu)].join(', ');
      },
    },
    look: () => m.thread(0).result,
  };
};

describe('the budget', () => {
  it('is shared by allocations, vetoes and other failing steps', () => {
    expect(everySchedule(attach, { faults: 0 })).toMatchObject({
      looks: ['found, found'],
      steps: 0,
    });
    const { looks, schedules } = everySchedule(attach, { faults: 1 });
    const one = ['refused', 'fault', 'no cset', 'no link'];
    expect(looks).toEqual(
      ['found, found', ...one.flatMap((what) => [`${what}, found`, `found, ${what}`])].sort(),
    );
    expect(schedules).toBe(9);
  });

  it.each(['random', 'pct:2'])('is spent on each of them by %s', (strategy) => {
    const seen = new Set<unknown>();
    const attached = program(
      'attach',
      (m) => {
        const noted = atEnd('noted', () => {
          seen.add(m.thread(0).result);
          return true;
        });
        return { ...attach(m), properties: [noted] };
      },
      { faults: 1 },
    );
    const { runs } = explore(attached, { seed: '1', runs: 512, strategies: [strategy] });
    expect(runs).toBe(512);
    for (const what of ['refused', 'fault', 'no cset', 'no link']) {
      expect([...seen].join('; ')).toContain(`${what}, found`);
    }
  });
});

describe('a fault at a place', () => {
  const at = (place: string) => everySchedule(attach, { fail: [place] });

  it('strikes in every call of the function, in every schedule, without a budget', () => {
    expect(at('find_css_set:1').looks).toEqual(['no cset, no cset']);
    expect(at('find_css_set:2')).toMatchObject({ looks: ['no link, no link'], schedules: 1 });
  });

  it('counts what happens in the functions that are called, too, all kinds of steps together', () => {
    expect(at('cgroup_attach_task:1').looks).toEqual(['refused, refused']);
    expect(at('cgroup_attach_task:2').looks).toEqual(['fault, fault']);
    expect(at('cgroup_attach_task:4').looks).toEqual(['no link, no link']);
  });

  it('can be one of a kind', () => {
    expect(at('cgroup_attach_task.kmalloc:2').looks).toEqual(['no link, no link']);
    expect(at('cgroup_attach_task.veto:1').looks).toEqual(['refused, refused']);
    expect(at('cgroup_attach_task.may_fail:1').looks).toEqual(['fault, fault']);
    expect(at('find_css_set.veto:1').looks).toEqual(['found, found']);
  });

  it('can be one of a thread', () => {
    expect(at('attach:6').looks).toEqual(['found, fault']);
  });

  it('comes besides the budget', () => {
    const { looks } = everySchedule(attach, { fail: ['find_css_set:2'], faults: 1 });
    expect(looks).toContain('no link, refused');
    expect(looks).not.toContain('found, found');
  });

  it('tells whether it was come to, and how far calls came', () => {
    const execution = executionOf(attach, { fail: ['find_css_set:3', 'attach:1'] });
    execution.run();
    execution.run();
    expect(execution.machine.faults.places?.tallies).toEqual([
      { place: 'find_css_set:3', struck: 0, most: 2 },
      { place: 'attach:1', struck: 2, most: 5 },
    ]);
  });

  it.each(['', 'find_css_set', 'find_css_set:0', 'find_css_set.lock:1', ':1', 'a b:1'])(
    'is not "%s"',
    (text) => {
      expect(() => faultPlace(text)).toThrow(UsageError);
    },
  );
});

describe('a scenario with a fault at a place', () => {
  const leak = scenario({
    name: 'leak',
    about: 'A failed second allocation leaves the first one behind.',
    setup: (m) => ({ live: m.cell('live', 0) }),
    fail: ['make:2'],
    actors: ({ live }) => ({
      *make(cpu) {
        if ((yield* cpu.kmalloc(Page)) === null) return;
        yield* cpu.fetch_add(live, 1);
        if ((yield* cpu.kmalloc(Page)) === null) return;
        yield* cpu.fetch_add(live, -1);
      },
    }),
    properties: ({ live }) => [atEnd('nothing is leaked', () => live.peek() === 0)],
  });

  it('is broken, and what the command line wants wins', () => {
    expect(prove(programOf(leak)).outcome).toBe('broken');
    expect(prove(programOf(leak, undefined, { fail: ['make:1'] })).outcome).toBe('proved');
  });
});

describe('a veto before a first step', () => {
  it('is a step of its own', () => {
    expect(
      sentenceOf(
        () => ({
          actors: {
            *a(cpu) {
              yield* cpu.BUG_ON(yield* cpu.veto('can_attach'), 'it was refused');
            },
          },
        }),
        { fail: ['a:1'] },
      ),
    ).toBe('BUG: it was refused (thread a)');
  });
});
