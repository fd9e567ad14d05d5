// 5153faac18d2 "cgroup: remove cgroup_enable_task_cg_lists() optimization" (v5.5): tasks are linked from the first
// one on, so there is no walk that could link an exiting one.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { For315 } from '../for-3.15.js';
import type { Cpu } from '../task.js';

export const noLazyLists: Patch<For315> = (Base) =>
  class NoLazyLists extends Base {
    /**
     * Before the first mount tasks are linked as well: they are all in the root cgroups. The tests of
     * use_task_css_set_links that the commit removes stay, of a flag that is always true.
     */
    override before_first_mount(): void {
      this.machine.settle(this.use_task_css_set_links, true);
    }

    /** cgroup_do_get_tree(), kernel/cgroup/cgroup.c, v5.5: a mount finds the lists there are. */
    override *cgroup_mount(_cpu: Cpu): Path {}
  };
