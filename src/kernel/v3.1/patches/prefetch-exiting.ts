// e0197aae59e5 "cgroups: fix a css_set not found bug in cgroup_attach_proc" (v3.2, and v3.0.y).
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { css_set } from '../css-set.js';
import type { Cpu, task_struct } from '../task.js';
import type { V31 } from '../v3.1.js';

/** A css_set is fetched for an exiting task, too: step 3 looks for one before it tests PF_EXITING. */
export const prefetchExiting: Patch<V31> = (Base) =>
  class PrefetchExiting extends Base {
    override *get_task_css_set(cpu: Cpu, tsk: task_struct): Path<css_set | undefined> {
      yield* cpu.spin_lock(tsk.alloc_lock);
      const oldcg = yield* cpu.read(tsk.cgroups);
      yield* this.get_css_set(cpu, oldcg);
      yield* cpu.spin_unlock(tsk.alloc_lock);
      return oldcg;
    }
  };
