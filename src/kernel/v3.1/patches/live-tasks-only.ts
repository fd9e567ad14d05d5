// cd3d09527537 "cgroup: always lock threadgroup during migration" (v3.3). Single threads are locked too from then on,
// but their move is not modelled here.
import type { Path } from '../../../machine/index.js';
import { requires } from '../../patch.js';
import type { cgroup, css_set } from '../css-set.js';
import type { Cpu, task_struct } from '../task.js';
import { extendThreadgroupLock } from './extend-threadgroup-lock.js';

/** Exiting threads are not taken into the array; the others stay alive, so that a move cannot find one exiting. */
export const liveTasksOnly = requires(
  extendThreadgroupLock,
  (Base) =>
    class LiveTasksOnly extends Base {
      override *is_target(cpu: Cpu, tsk: task_struct): Path<boolean> {
        return !(yield* this.is_exiting(cpu, tsk));
      }

      /** Step 2 tests PF_EXITING no more. */
      override *get_task_css_set(cpu: Cpu, tsk: task_struct): Path<css_set | undefined> {
        yield* cpu.spin_lock(tsk.alloc_lock);
        const oldcg = yield* cpu.read(tsk.cgroups);
        yield* this.get_css_set(cpu, oldcg);
        yield* cpu.spin_unlock(tsk.alloc_lock);
        return oldcg;
      }

      /** cgroup_task_migrate(), reconstructed from v3.0, v3.4 and the message: no -ESRCH, but a warning. */
      override *cgroup_task_migrate(cpu: Cpu, cgrp: cgroup, tsk: task_struct): Path<number> {
        const exiting = yield* this.is_exiting(cpu, tsk);
        yield* cpu.WARN_ON(exiting, 'cgroup_task_migrate() of an exiting task');
        const oldcg = yield* cpu.read(tsk.cgroups);
        yield* cpu.read_lock(this.css_set_lock);
        const [, newcg] = yield* this.find_existing_css_set(cpu, oldcg, cgrp);
        yield* cpu.BUG_ON(newcg === undefined, 'the css_set was not fetched');
        if (newcg === undefined) return 0;
        yield* this.get_css_set(cpu, newcg);
        yield* cpu.read_unlock(this.css_set_lock);

        yield* cpu.spin_lock(tsk.alloc_lock);
        yield* cpu.write(tsk.cgroups, newcg);
        yield* cpu.spin_unlock(tsk.alloc_lock);
        yield* cpu.emit(this.events.task_committed, { task: tsk });
        yield* cpu.write_lock(this.css_set_lock);
        if (!(yield* cpu.list_empty(tsk.cg_list))) yield* cpu.list_move(tsk.cg_list, newcg.tasks);
        yield* cpu.write_unlock(this.css_set_lock);
        yield* this.put_css_set(cpu, oldcg);
        return 0;
      }
    },
);
