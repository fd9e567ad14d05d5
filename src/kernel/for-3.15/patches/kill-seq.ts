// b69bb476dee9 "cgroup: fix race between fork and cgroup.kill" (v6.14): a counter that goes up with every kill, read when
// the fork takes its css_set and again when the child is linked. A flag that is set and cleared in between is not seen.
import type { Path } from '../../../machine/index.js';
import type { Patch } from '../../patch.js';
import type { cgroup, css_set } from '../css-set.js';
import type { Cpu } from '../task.js';
import type { Kernel612 } from './v6.12/index.js';

/** Stands on v6.12: see task-migration.ts. */
export const killSeq: Patch<Kernel612> = (Base) =>
  class KillSeq extends Base {
    /** In cgroup_css_set_fork(), kernel/cgroup/cgroup.c, after the commit. Under css_set_lock. */
    override *sample_kill(cpu: Cpu, cset: css_set): Path<number> {
      return yield* cpu.read((yield* this.dfl_cgrp(cpu, cset)).kill_seq);
    }

    /** In cgroup_post_fork(), kernel/cgroup/cgroup.c, after the commit. Under css_set_lock. */
    override *is_killed(cpu: Cpu, cgrp: cgroup, sampled: number): Path<boolean> {
      return (yield* cpu.read(cgrp.kill_seq)) !== sampled;
    }

    /** __cgroup_kill(), kernel/cgroup/cgroup.c, after the commit. Under cgroup_mutex; takes css_set_lock once. */
    override *__cgroup_kill(cpu: Cpu, cgrp: cgroup): Path {
      yield* cpu.lockdep_assert_held(this.cgroup_mutex);
      yield* cpu.spin_lock_irq(this.css_set_lock);
      yield* cpu.fetch_add(cgrp.kill_seq, 1);
      yield* cpu.emit(this.events.kill_started, { cgrp });
      yield* cpu.spin_unlock_irq(this.css_set_lock);
      yield* this.kill_processes(cpu, cgrp);
    }
  };
