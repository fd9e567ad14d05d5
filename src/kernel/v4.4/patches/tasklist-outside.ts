// d8742e22902a "cgroup: css_set_lock should nest inside tasklist_lock" (v4.7).
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { Cpu } from '../state.js';
import type { V44 } from '../v4.4.js';

export const tasklistOutside: Patch<V44> = (Base) =>
  class TasklistOutside extends Base {
    /** cgroup_enable_task_cg_lists(): tasklist_lock (read) > css_set_lock > siglock. */
    override *cgroup_enable_task_cg_lists(cpu: Cpu): Path {
      yield* cpu.read_lock(this.tasklist_lock);
      yield* this.lock_css_sets(cpu);
      if (!(yield* cpu.read(this.use_task_css_set_links))) {
        yield* cpu.write(this.use_task_css_set_links, true);
        yield* this.link_all(cpu);
      }
      yield* this.unlock_css_sets(cpu);
      yield* cpu.read_unlock(this.tasklist_lock);
    }
  };
