// A controller of v3.0 that may refuse a thread and wants to know of each that comes and goes, as those of
// scheduling and perf events do.
import { EINVAL } from '../../src/kernel/errno.js';
import type { cgroup_subsys } from '../../src/kernel/v3.1/subsystem.js';

export const threadController: cgroup_subsys = {
  name: 'controller',
  *can_attach_task(cpu) {
    return (yield* cpu.veto('can_attach_task')) ? -EINVAL : 0;
  },
  *attach_task() {
    // What it does there is its own.
  },
  *exit() {
    // Nor here.
  },
};
