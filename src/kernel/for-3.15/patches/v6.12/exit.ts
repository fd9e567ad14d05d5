// v6.12: exit. A task leaves the list of its css_set for that of the dying, and that one when it is released; its
// css_set it keeps until it is freed, so that a zombie still has one.
import type { Path } from '../../../../machine/index.js';
import type { KernelClass } from '../../../patch.js';
import { type Cpu, EXIT_DEAD, EXIT_ZOMBIE, type task_struct } from '../../task.js';
import type { CssSets } from './css-sets.js';
import type { Until612 } from './history.js';

export interface Release {
  cgroup_release(cpu: Cpu, task: task_struct): Path;
}

export const exit = (
  Base: KernelClass<Until612 & CssSets>,
): KernelClass<Until612 & CssSets & Release> =>
  class Exit612 extends Base {
    /** do_exit(), kernel/exit.c, v6.12, after exit_signals(): one live thread less. */
    override *do_exit_from_mm(cpu: Cpu): Path {
      yield* cpu.atomic_dec((yield* cpu.read(cpu.current.signal)).live);
      yield* super.do_exit_from_mm(cpu);
    }

    /**
     * cgroup_exit(), kernel/cgroup/cgroup.c, v6.12. The caller holds nothing; takes css_set_lock.
     * Leaves out: deadline tasks, and the count of frozen ones.
     */
    override *cgroup_exit(cpu: Cpu, task: task_struct, _run_callbacks: boolean): Path {
      yield* cpu.spin_lock_irq(this.css_set_lock);
      const unlinked = yield* cpu.list_empty(task.cg_list);
      yield* cpu.WARN_ON(unlinked, 'cgroup_exit() of a task that is on no list');
      const cset = yield* cpu.read(task.cgroups);
      yield* this.css_set_move_task(cpu, task, cset, null, false);
      yield* cpu.list_add_tail(task.cg_list, cset.dying_tasks);
      yield* cpu.fetch_add(cset.nr_tasks, -1);
      yield* cpu.emit(this.events.exit_unlinked, { task, wasLinked: !unlinked });
      yield* cpu.spin_unlock_irq(this.css_set_lock);
      yield* this.subsys_exit(cpu, cset, task);
      yield* cpu.emit(this.events.cgroup_exit_done, { task });
    }

    /** cgroup_release(), kernel/cgroup/cgroup.c, v6.12. The caller holds nothing; takes css_set_lock. */
    *cgroup_release(cpu: Cpu, task: task_struct): Path {
      for (const ss of this.tops.flatMap(({ root }) => root.subsystems)) {
        if (ss.release === undefined) continue;
        yield* ss.release(cpu, task);
        yield* this.tell_subsys_called(cpu, ss.name, 'release', 0);
      }
      yield* cpu.spin_lock_irq(this.css_set_lock);
      yield* this.css_set_skip_task_iters(cpu, yield* cpu.read(task.cgroups), task);
      yield* cpu.list_del_init(task.cg_list);
      yield* cpu.spin_unlock_irq(this.css_set_lock);
    }

    /** release_task(), kernel/exit.c, v6.12: cgroups come first. Leaves out: what its elisions list. */
    override *release_task(cpu: Cpu, task: task_struct): Path {
      let dead: task_struct | undefined = task;
      while (dead !== undefined) {
        yield* this.cgroup_release(cpu, dead);
        yield* cpu.write_lock_irq(this.tasklist_lock);
        yield* this.__exit_signal(cpu, dead);
        const leader: task_struct = yield* cpu.read(dead.group_leader);
        const zap_leader: boolean =
          leader !== dead &&
          (yield* cpu.list_empty(leader.thread_group)) &&
          (yield* cpu.read(leader.exit_state)) === EXIT_ZOMBIE;
        if (zap_leader) yield* cpu.write(leader.exit_state, EXIT_DEAD);
        yield* cpu.write_unlock_irq(this.tasklist_lock);
        yield* cpu.emit(this.events.task_released, { task: dead });
        const released: task_struct = dead;
        yield* cpu.call_rcu('delayed_put_task_struct', (own) =>
          this.put_task_struct(own, released),
        );
        dead = zap_leader ? leader : undefined;
      }
    }

    /** __put_task_struct() with cgroup_free(), kernel/fork.c, v6.12: the css_set goes with the task. */
    override *put_task_struct(cpu: Cpu, task: task_struct): Path {
      if (!(yield* cpu.atomic_dec_and_test(task.usage))) return;
      yield* this.put_css_set(cpu, yield* cpu.read(task.cgroups), true);
      yield* cpu.kfree(task);
    }
  };
