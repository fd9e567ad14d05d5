// The release agent: a program that user space wants to have run when a cgroup has become empty. Where no cgroup of a
// scenario can have notify_on_release, nothing of this is ever looked at.
import type { Path } from '../../machine/index.js';
import { type cgroup, CGRP_NOTIFY_ON_RELEASE, CGRP_RELEASABLE } from './cgroup.js';
import type { kernfs_node } from './kernfs-node.js';
import { LiveGroup } from './live-group.js';
import { Struct } from '../struct.js';
import type { Cpu } from './task.js';

/** A string of PATH_MAX bytes, for its allocation alone. */
class path_buffer extends Struct {}

const releasable = CGRP_RELEASABLE | CGRP_NOTIFY_ON_RELEASE;

export abstract class Release extends LiveGroup {
  /** cgroup_is_releasable(), kernel/cgroup.c:258, v3.15. */
  *cgroup_is_releasable(cpu: Cpu, cgrp: cgroup): Path<boolean> {
    return ((yield* cpu.READ_ONCE(cgrp.flags)) & releasable) === releasable;
  }

  /** notify_on_release(), kernel/cgroup.c:266, v3.15. */
  *notify_on_release(cpu: Cpu, cgrp: cgroup): Path<boolean> {
    return ((yield* cpu.READ_ONCE(cgrp.flags)) & CGRP_NOTIFY_ON_RELEASE) !== 0;
  }

  /**
   * The part of put_css_set_locked(), kernel/cgroup.c:404, v3.15, that tells of an empty cgroup. Under
   * css_set_rwsem, for writing. `taskexit`: the last task has not moved away, which sets the flag itself.
   */
  *css_set_unlinked(cpu: Cpu, cgrp: cgroup, taskexit: boolean): Path {
    if (!this.usesReleaseAgent) return;
    if (!(yield* cpu.list_empty(cgrp.cset_links))) return;
    if (!(yield* this.notify_on_release(cpu, cgrp))) return;
    if (taskexit) yield* cpu.set_bit(cgrp.flags, CGRP_RELEASABLE);
    yield* this.check_for_release(cpu, cgrp);
  }

  /**
   * check_for_release(), kernel/cgroup.c:4504, v3.15. Under css_set_rwsem (write) or cgroup_mutex: whoever comes
   * last sees both lists empty. Takes release_list_lock.
   */
  *check_for_release(cpu: Cpu, cgrp: cgroup): Path {
    if (!this.usesReleaseAgent) return;
    if (!(yield* this.cgroup_is_releasable(cpu, cgrp))) return;
    if (!(yield* cpu.list_empty(cgrp.cset_links))) return;
    if (!(yield* cpu.list_empty(cgrp.children))) return;
    let need_schedule_work = false;
    yield* cpu.spin_lock(this.release_list_lock);
    const dead = yield* this.cgroup_is_dead(cpu, cgrp);
    if (!dead && (yield* cpu.list_empty(cgrp.release_list))) {
      yield* cpu.list_add(cgrp.release_list, this.release_list);
      need_schedule_work = true;
    }
    yield* cpu.spin_unlock(this.release_list_lock);
    if (need_schedule_work) {
      const { system_wq, release_agent_work } = this.releaseAgent;
      yield* cpu.queue_work(system_wq, release_agent_work);
    }
  }

  /**
   * cgroup_release_agent(), kernel/cgroup.c:4550, v3.15. A work item; cgroup_mutex > release_list_lock. Where an
   * allocation fails, the cgroup is off the list and nobody is told.
   */
  override *cgroup_release_agent(cpu: Cpu): Path {
    yield* cpu.mutex_lock(this.cgroup_mutex);
    yield* cpu.spin_lock(this.release_list_lock);
    for (;;) {
      const cgrp = yield* cpu.list_first(this.release_list);
      if (cgrp === undefined) break;
      yield* cpu.list_del_init(cgrp.release_list);
      yield* cpu.spin_unlock(this.release_list_lock);
      yield* this.tell_release_agent(cpu, cgrp);
      yield* cpu.spin_lock(this.release_list_lock);
    }
    yield* cpu.spin_unlock(this.release_list_lock);
    yield* cpu.mutex_unlock(this.cgroup_mutex);
  }

  /** The body of its loop. Under cgroup_mutex, which it drops while the program is started. */
  *tell_release_agent(cpu: Cpu, cgrp: cgroup): Path {
    const pathbuf = yield* cpu.kmalloc(path_buffer, 'pathbuf');
    const kn = pathbuf === null ? null : yield* cpu.read(cgrp.kn);
    const agentbuf = kn === null ? null : yield* cpu.kmalloc(path_buffer, 'agentbuf');
    if (agentbuf === null) {
      yield* cpu.emit(this.events.release_agent_failed, { cgrp });
    } else {
      yield* cpu.emit(this.events.release_agent_chosen, { cgrp });
      yield* cpu.mutex_unlock(this.cgroup_mutex);
      yield* this.call_usermodehelper(cpu, cgrp, kn);
      yield* cpu.mutex_lock(this.cgroup_mutex);
    }
    if (pathbuf !== null) yield* cpu.kfree(pathbuf);
    if (agentbuf !== null) yield* cpu.kfree(agentbuf);
  }

  /**
   * call_usermodehelper() with UMH_WAIT_EXEC, kernel/kmod.c, v3.15: the program is started and not waited for. No lock
   * is held. Leaves out: the thread that starts it, and that this may fail. Most programs call rmdir(2): say so by
   * release_agent() in setup.
   */
  *call_usermodehelper(cpu: Cpu, cgrp: cgroup, kn: kernfs_node | null): Path {
    yield* cpu.emit(this.events.release_agent_called, { cgrp });
    const { program } = this.releaseAgent;
    if (program === undefined || kn === null) return;
    yield* cpu.spawn('release_agent', (own) => program(own, kn));
  }
}
