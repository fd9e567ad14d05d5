// c378369d8b4f "cgroups: change css_set freeing mechanism to be under RCU", v2.6.32: meant to spare attach a grace
// period per task, it gives readers one when a task exits.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { css_set } from '../css-set.js';
import type { Cpu } from '../task.js';
import type { V2626 } from '../v2.6.26.js';

export const freeByRcu: Patch<V2626> = (Base) =>
  class FreeByRcu extends Base {
    /** At the end of __put_css_set(), kernel/cgroup.c, v2.6.32: free_css_set_rcu(). */
    override *free_css_set(cpu: Cpu, cset: css_set): Path {
      yield* cpu.kfree_rcu(cset);
    }
  };
