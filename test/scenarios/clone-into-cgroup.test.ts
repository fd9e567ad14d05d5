// CLONE_INTO_CGROUP, one execution at a time; and what it takes besides the lock for the race of R29 to be there.
import { describe, expect, it } from 'vitest';
import { programOf } from '../../scenarios/index.js';
import { r29 } from '../../scenarios/gallery/r29-clone-into-vs-rmdir.js';
import { prove } from '../../scheduler/index.js';
import {
  type cgroup,
  type CloneInto,
  cloneIntoCgroup,
  type Composition,
  type Cpu,
  EBUSY,
  ENOENT,
  type For315,
  type Patch,
} from '../../src/kernel/index.js';
import type { Path } from '../../src/machine/index.js';
import { boot, on, run } from '../kernel/go-on.js';

function outcome(composition: Composition<object>): string {
  const { finding, outcome } = prove(programOf(r29.scenario, composition), { preemptionsMax: 1 });
  if (finding === undefined) return outcome;
  return `${finding.signature.slice(0, 'violation I-08'.length)} after ${String(finding.preemptions)}`;
}

/** What rmdir asked until v4.3. */
const asksForCssSets: Patch<CloneInto> = (Base) =>
  class AsksForCssSets extends Base {
    override *may_destroy(cpu: Cpu, cgrp: cgroup): Path<boolean> {
      yield* cpu.spin_lock_irq(this.css_set_lock);
      const empty = yield* cpu.list_empty(cgrp.cset_links);
      yield* cpu.spin_unlock_irq(this.css_set_lock);
      return empty;
    }
  };

describe('a fork into a cgroup', () => {
  it('puts the child there, and keeps rmdir away; into a directory that is gone it fails', () => {
    const k = boot(cloneIntoCgroup.compose().Kernel);
    const [D, E] = [k.mkdir('/D'), k.mkdir('/E')];
    const parent = k.task('parent');
    const returned: number[] = [];
    let forked: unknown;
    const path = function* (cpu: Cpu): Path {
      forked = yield* k.clone3(cpu, k.dir(D));
      returned.push(yield* k.vfs_rmdir(cpu, k.dir(D)), yield* k.vfs_rmdir(cpu, k.dir(E)));
      const late = yield* k.clone3(cpu, k.dir(E));
      returned.push(typeof late === 'number' ? late : 1);
    };
    expect(run(k as unknown as For315, [on('clone3', parent, path)])).toEqual({ kind: 'ok' });
    expect(returned).toEqual([-EBUSY, 0, -ENOENT]);
    expect(k.membersOf(D)).toEqual([forked]);
    expect(k.membersOf(k.tops[0] as cgroup)).toEqual([parent]);
    expect(k.heldLocks()).toEqual([]);
  });

  it('ends in a dead cgroup where it drops cgroup_mutex too soon, with the test of the dead and without', () => {
    expect(outcome({ upTo: 'base' })).toBe('violation I-08 after 1');
    expect(outcome({ upTo: 'dead-test' })).toBe('violation I-08 after 1');
  });

  it('would not, if rmdir still refused a cgroup for which a css_set stands', () => {
    const mutants = [asksForCssSets as unknown as Patch<object>];
    expect(outcome({ upTo: 'base', mutants })).toBe('proved');
  });
});
