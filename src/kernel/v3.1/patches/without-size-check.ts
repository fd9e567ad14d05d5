// Not upstream: the walk of cgroup_attach_proc() as every other while_each_thread() is, without its BUG_ON().
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { Cpu } from '../task.js';
import type { V31 } from '../v3.1.js';

export const withoutSizeCheck: Patch<V31> = (Base) =>
  class WithoutSizeCheck extends Base {
    override *check_size(_cpu: Cpu, _taken: number, _group_size: number): Path {}
  };
