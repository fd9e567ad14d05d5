// Files of a cgroup and the directory that they are in: a removal waits until nobody is inside one of them, so what a
// writer is told to do, it does to a cgroup that exists.
import type { Path } from '../../machine/index.js';
import { Loop } from '../../machine/index.js';
import { ENODEV } from '../errno.js';
import { KillCss } from './kill-css.js';
import { KN_DEACTIVATED_BIAS, type kernfs_node } from './kernfs-node.js';
import type { Cpu, task_struct } from './task.js';

export abstract class Kernfs extends KillCss {
  /** kernfs_get_active(), fs/kernfs/dir.c:295, v3.15: atomic_inc_unless_negative(). False once it is removed. */
  *kernfs_get_active(cpu: Cpu, kn: kernfs_node): Path<boolean> {
    const retry = new Loop('retry');
    let v = 0;
    while (v >= 0) {
      yield* cpu.loop(retry, v);
      const seen = yield* cpu.cmpxchg(kn.active, v, v + 1);
      if (seen === v) return true;
      v = seen;
    }
    return false;
  }

  /** kernfs_put_active(), fs/kernfs/dir.c:315, v3.15. */
  *kernfs_put_active(cpu: Cpu, kn: kernfs_node): Path {
    const old = yield* cpu.fetch_add(kn.active, -1);
    if (old - 1 === KN_DEACTIVATED_BIAS) yield* cpu.wake_up_all(this.deactivate_waitq);
  }

  /**
   * kernfs_remove() with kernfs_drain(), fs/kernfs/dir.c:993 and 340, v3.15: sleeps until the files are unused. Not
   * under a lock that those take who use them. Leaves out: kernfs_mutex, dropped while it sleeps, and the tree of nodes.
   */
  *kernfs_remove(cpu: Cpu, kn: kernfs_node): Path {
    yield* cpu.fetch_add(kn.active, KN_DEACTIVATED_BIAS);
    yield* cpu.wait_event(this.deactivate_waitq, function* () {
      return (yield* cpu.atomic_read(kn.active)) === KN_DEACTIVATED_BIAS;
    });
    yield* cpu.write(kn.linked, false);
  }

  /**
   * kernfs_fop_write(), fs/kernfs/file.c:251, v3.15, with cgroup_file_write(): a pid is written to `tasks`, or with
   * `threadgroup` to `cgroup.procs`, of a directory that may be gone. The caller holds nothing.
   * Leaves out: the buffer and of->mutex.
   */
  *cgroup_file_write(
    cpu: Cpu,
    kn: kernfs_node,
    pid: task_struct,
    threadgroup: boolean,
  ): Path<number> {
    if (!(yield* this.kernfs_get_active(cpu, kn))) return -ENODEV;
    const cgrp = yield* cpu.read(kn.priv);
    const ret = yield* this.attach_task_by_pid(cpu, cgrp, pid, threadgroup);
    yield* this.kernfs_put_active(cpu, kn);
    return ret;
  }
}
