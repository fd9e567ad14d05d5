// "cgroup: pids: kill pids_fork(), simplify pids_can_fork() and pids_cancel_fork()" (Oleg Nesterov, v4.4): nothing is
// remembered from one callback to the next, because the fork is in the threadgroup's read section by then.
import type { Path } from '../../../machine/index.js';
import type { cgroup_subsys } from '../../for-3.15/subsystem.js';
import type { Cpu, task_struct } from '../../for-3.15/task.js';
import type { Patch } from '../../patch.js';
import type { Pids } from '../pids.js';

export const noPidsFork: Patch<Pids> = (Base) =>
  class NoPidsFork extends Base {
    override pids_at_fork(): Partial<cgroup_subsys> {
      return {};
    }

    /** pids_can_fork(), kernel/cgroup_pids.c:249, v4.4 with the patch. In the threadgroup's read section. */
    override *pids_can_fork(cpu: Cpu, child: task_struct): Path<number> {
      const ret = yield* this.pids_try_charge(cpu, yield* this.task_pids(cpu, cpu.current), 1);
      if (ret === 0) yield* cpu.emit(this.pids_events.pids_charged, { task: child });
      return ret;
    }

    /** pids_cancel_fork(), kernel/cgroup_pids.c:263, v4.4 with the patch: the group of current, looked up anew. */
    override *pids_cancel_fork(cpu: Cpu, child: task_struct): Path {
      yield* this.pids_uncharge(cpu, yield* this.task_pids(cpu, cpu.current), 1);
      yield* cpu.emit(this.pids_events.pids_uncharged, { task: child });
    }
  };
