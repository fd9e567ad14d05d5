// Telling userspace that a cgroup has become empty: who notices, and who is queued for it.
import type { Path } from '../../machine/index.js';
import { type cgroup, CGRP_NOTIFY_ON_RELEASE, CGRP_RELEASABLE, CGRP_REMOVED } from './css-set.js';
import { Setup } from './setup.js';
import type { Cpu } from './task.js';

export abstract class Release extends Setup {
  /** notify_on_release(), kernel/cgroup.c:143, v2.6.26. No lock. */
  *reads_notify_on_release(cpu: Cpu, cgrp: cgroup): Path<boolean> {
    return ((yield* cpu.read(cgrp.flags)) & CGRP_NOTIFY_ON_RELEASE) !== 0;
  }

  /** cgroup_is_releasable(), kernel/cgroup.c:135, v2.6.26. No lock; both bits by one read. */
  *cgroup_is_releasable(cpu: Cpu, cgrp: cgroup): Path<boolean> {
    const bits = CGRP_RELEASABLE | CGRP_NOTIFY_ON_RELEASE;
    return ((yield* cpu.read(cgrp.flags)) & bits) === bits;
  }

  /**
   * check_for_release(), kernel/cgroup.c:3017, v2.6.26. The caller keeps the cgroup, by a read section of RCU;
   * takes release_list_lock. The work that runs the agent is an event.
   * Leaves out: references of non-tasks on the cgroup's subsystem states, and the work itself.
   */
  *check_for_release(cpu: Cpu, cgrp: cgroup): Path {
    if (!(yield* this.cgroup_is_releasable(cpu, cgrp))) return;
    if ((yield* cpu.atomic_read(cgrp.count)) !== 0) return;
    if (!(yield* cpu.list_empty(cgrp.children))) return;
    yield* cpu.spin_lock(this.release_list_lock);
    const removed = ((yield* cpu.read(cgrp.flags)) & CGRP_REMOVED) !== 0;
    const queued = !removed && (yield* cpu.list_empty(cgrp.release_list));
    if (queued) yield* cpu.list_add(cgrp.release_list, this.release_list);
    yield* cpu.spin_unlock(this.release_list_lock);
    if (queued) yield* cpu.emit(this.events.release_queued, { cgrp });
  }
}
