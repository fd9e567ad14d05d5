// mkdir(2) and rmdir(2) of cgroups, as the file system calls them: i_mutex keeps the operations on one directory apart.
import type { Path } from '../../machine/index.js';
import { ENODEV, ENOENT, ENOMEM } from '../errno.js';
import { type cgroup, CGRP_NOTIFY_ON_RELEASE } from './cgroup.js';
import { kernfs_node } from './kernfs-node.js';
import { Rmdir } from './rmdir.js';
import type { Cpu } from './task.js';

/** The nesting levels of i_mutex, include/linux/fs.h, v3.15. */
const I_MUTEX_NORMAL = 0;
const I_MUTEX_PARENT = 1;

export abstract class Directories extends Rmdir {
  /**
   * do_rmdir() and vfs_rmdir(), fs/namei.c:3576 and 3538, v3.15. i_mutex of the parent > i_mutex of the directory.
   * Leaves out: the walk to the parent, dentries, permissions.
   */
  *vfs_rmdir(cpu: Cpu, kn: kernfs_node): Path<number> {
    const above = yield* cpu.read(kn.parent);
    if (above === null) return -ENOENT;
    let ret = -ENOENT;
    yield* cpu.mutex_lock_nested(above.i_mutex, I_MUTEX_PARENT);
    if (yield* cpu.read(kn.linked)) {
      yield* cpu.mutex_lock_nested(kn.i_mutex, I_MUTEX_NORMAL);
      ret = yield* this.cgroup_rmdir(cpu, yield* cpu.read(kn.priv));
      yield* cpu.mutex_unlock(kn.i_mutex);
    }
    yield* cpu.mutex_unlock(above.i_mutex);
    return ret;
  }

  /** vfs_mkdir(), fs/namei.c:3457, v3.15: the directory, or a negative error number. i_mutex of the parent. */
  *vfs_mkdir(cpu: Cpu, above: kernfs_node, label: string): Path<kernfs_node | number> {
    let made: kernfs_node | number = -ENOENT;
    yield* cpu.mutex_lock_nested(above.i_mutex, I_MUTEX_PARENT);
    if (yield* cpu.read(above.linked)) made = yield* this.cgroup_mkdir(cpu, above, label);
    yield* cpu.mutex_unlock(above.i_mutex);
    return made;
  }

  /** cgroup_mkdir(), kernel/cgroup.c:3817, v3.15. Leaves out: the active reference, dropped for the time. */
  *cgroup_mkdir(cpu: Cpu, above: kernfs_node, label: string): Path<kernfs_node | number> {
    const parent = yield* cpu.read(above.priv);
    yield* this.cgroup_get(cpu, parent);
    const made = yield* this.cgroup_create(cpu, parent, label);
    yield* this.cgroup_put(cpu, parent);
    return made;
  }

  /**
   * cgroup_create(), kernel/cgroup.c:3695, v3.15. Under i_mutex of the parent; cgroup_tree_mutex > cgroup_mutex.
   * Leaves out: idr, serial numbers, CGRP_CPUSET_CLONE_CHILDREN; that files are added is one step that may fail.
   */
  *cgroup_create(cpu: Cpu, parent: cgroup, label: string): Path<kernfs_node | number> {
    const cgrp = yield* cpu.kmalloc(parent.root.cgroup_type, label);
    if (cgrp === null) return -ENOMEM;
    yield* cpu.mutex_lock(this.cgroup_tree_mutex);
    if (!(yield* this.cgroup_lock_live_group(cpu, parent))) {
      yield* cpu.mutex_unlock(this.cgroup_tree_mutex);
      yield* cpu.kfree(cgrp);
      return -ENODEV;
    }
    const notify = yield* this.notify_on_release(cpu, parent);
    const kn = yield* cpu.kmalloc(kernfs_node, `directory ${label}`);
    if (kn === null) {
      yield* cpu.mutex_unlock(this.cgroup_mutex);
      yield* cpu.mutex_unlock(this.cgroup_tree_mutex);
      yield* cpu.kfree(cgrp);
      return -ENOMEM;
    }
    yield* this.init_cgroup(cpu, cgrp, parent, kn, notify ? CGRP_NOTIFY_ON_RELEASE : 0);
    yield* cpu.list_add_tail(cgrp.sibling, parent.children);
    yield* this.cgroup_get(cpu, parent);

    const err = yield* this.populate(cpu, cgrp);
    if (err === 0) yield* cpu.write(kn.linked, true);
    else yield* this.cgroup_destroy_locked(cpu, cgrp);
    yield* cpu.mutex_unlock(this.cgroup_mutex);
    yield* cpu.mutex_unlock(this.cgroup_tree_mutex);
    return err === 0 ? kn : err;
  }

  /** init_cgroup_housekeeping(), kernel/cgroup.c:1351, v3.15, and what follows it: the cgroup is private, no step. */
  *init_cgroup(cpu: Cpu, cgrp: cgroup, parent: cgroup, kn: kernfs_node, flags: number): Path {
    yield* cpu.init(cgrp.refcnt, 1);
    yield* cpu.init(cgrp.parent, parent);
    yield* cpu.init(cgrp.flags, flags);
    yield* cpu.init(cgrp.kn, kn);
    yield* cpu.init(kn.priv, cgrp);
    yield* cpu.init(kn.parent, yield* cpu.read(parent.kn));
    yield* cpu.init(this.objects_known, true);
  }

  /** What cgroup_create() does once the cgroup can be found: its files, and a css for each controller. */
  *populate(cpu: Cpu, cgrp: cgroup): Path<number> {
    if (yield* cpu.may_fail('cgroup_addrm_files')) return -ENOMEM;
    for (const [ssid, ss] of cgrp.root.subsystems.entries()) {
      const err = yield* this.create_css(cpu, cgrp, ssid, ss);
      if (err !== 0) return err;
    }
    return 0;
  }
}
