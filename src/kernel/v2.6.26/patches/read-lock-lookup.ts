// 7e9abd89cbdf "cgroup: use read lock to guard find_existing_css_set()", v2.6.27.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { cgroup, css_set } from '../css-set.js';
import type { Cpu } from '../task.js';
import type { V2626 } from '../v2.6.26.js';

export const readLockLookup: Patch<V2626> = (Base) =>
  class ReadLockLookup extends Base {
    /** The first section of find_css_set(), kernel/cgroup.c, v2.6.27. Takes css_set_lock for reading. */
    override *look_up_css_set(
      cpu: Cpu,
      oldcg: css_set,
      cgrp: cgroup,
    ): Path<readonly [template: readonly cgroup[], cset: css_set | undefined]> {
      yield* cpu.read_lock(this.css_set_lock);
      const found = yield* this.find_existing_css_set(cpu, oldcg, cgrp);
      const [, existing] = found;
      if (existing !== undefined) yield* this.get_css_set(cpu, existing);
      yield* cpu.read_unlock(this.css_set_lock);
      return found;
    }
  };
