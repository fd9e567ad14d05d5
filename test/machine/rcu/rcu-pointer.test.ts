import { describe, expect, it } from 'vitest';
import type { Cpu, Path, RcuPointer, Spinlock } from '../../../src/machine/index.js';
import { everySchedule, fine } from '../../support/run.js';

interface World {
  readonly gp: RcuPointer<number | null>;
  readonly lock: Spinlock;
}

function sentences(body: (cpu: Cpu, world: World) => Path): readonly string[] {
  return everySchedule((m) => {
    const world = { gp: m.rcuPointer<number | null>('gp', 1), lock: m.spinlock('lock') };
    return { actors: { t: (cpu) => body(cpu, world) } };
  }).verdicts;
}

describe('rcu_dereference()', () => {
  it('is fine in a read section, also as the first thing there', () => {
    expect(
      sentences(function* (cpu, { gp }) {
        yield* cpu.rcu_read_lock();
        yield* cpu.assert((yield* cpu.rcu_dereference(gp)) === 1);
        yield* cpu.rcu_read_unlock();
      }),
    ).toEqual([fine]);
  });

  it('is a verdict outside of any, whether or not anything was freed', () => {
    const message =
      'suspicious RCU usage: rcu_dereference(gp) by t outside any read section (K-11)';
    expect(
      sentences(function* (cpu, { gp }) {
        yield* cpu.rcu_dereference(gp);
      }),
    ).toEqual([message]);
    expect(
      sentences(function* (cpu, { gp }) {
        yield* cpu.rcu_read_lock();
        yield* cpu.rcu_dereference(gp);
        yield* cpu.rcu_read_unlock();
        yield* cpu.rcu_dereference(gp);
      }),
    ).toEqual([message]);
  });

  it('does not make do with the updaters’ lock', () => {
    expect(
      sentences(function* (cpu, { gp, lock }) {
        yield* cpu.spin_lock(lock);
        yield* cpu.rcu_dereference(gp);
        yield* cpu.spin_unlock(lock);
      }),
    ).toEqual(['suspicious RCU usage: rcu_dereference(gp) by t outside any read section (K-11)']);
  });
});

describe('rcu_dereference_check()', () => {
  it('takes a read section, the lock, or a condition', () => {
    expect(
      sentences(function* (cpu, { gp, lock }) {
        yield* cpu.rcu_read_lock();
        yield* cpu.rcu_dereference_check(gp, lock);
        yield* cpu.rcu_read_unlock();
        yield* cpu.spin_lock(lock);
        yield* cpu.rcu_dereference_check(gp, lock);
        yield* cpu.spin_unlock(lock);
        yield* cpu.rcu_dereference_check(gp, true);
      }),
    ).toEqual([fine]);
  });

  it('is a verdict where there is neither', () => {
    const message =
      'suspicious RCU usage: rcu_dereference_check(gp) by t outside any read section and without the lock (K-11)';
    for (const which of ['lock', 'condition']) {
      expect(
        sentences(function* (cpu, { gp, lock }) {
          yield* cpu.rcu_dereference_check(gp, which === 'lock' ? lock : false);
        }),
      ).toEqual([message]);
    }
  });
});

describe('rcu_dereference_protected()', () => {
  it('needs the lock: a read section is not enough', () => {
    expect(
      sentences(function* (cpu, { gp, lock }) {
        yield* cpu.spin_lock(lock);
        yield* cpu.rcu_dereference_protected(gp, lock);
        yield* cpu.spin_unlock(lock);
      }),
    ).toEqual([fine]);
    expect(
      sentences(function* (cpu, { gp, lock }) {
        yield* cpu.rcu_read_lock();
        yield* cpu.rcu_dereference_protected(gp, lock);
        yield* cpu.rcu_read_unlock();
      }),
    ).toEqual(['suspicious RCU usage: rcu_dereference_protected(gp) by t without the lock (K-11)']);
  });
});

describe('an RCU pointer', () => {
  it('is changed by rcu_assign_pointer() and RCU_INIT_POINTER(), and compared by rcu_access_pointer()', () => {
    expect(
      sentences(function* (cpu, { gp }) {
        yield* cpu.rcu_assign_pointer(gp, 2);
        yield* cpu.assert((yield* cpu.rcu_access_pointer(gp)) === 2);
        yield* cpu.RCU_INIT_POINTER(gp, null);
        yield* cpu.assert((yield* cpu.rcu_access_pointer(gp)) === null);
      }),
    ).toEqual([fine]);
  });
});
