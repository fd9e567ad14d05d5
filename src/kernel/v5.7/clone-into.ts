// clone3() with CLONE_INTO_CGROUP, v5.7, as ef2c41cf38a7 would have been without its lock: cgroup_mutex is dropped once
// the css_set of the child is found and pinned. No kernel was released like that. Patches add what the commit has.
import type { Cell, Memory, Path } from '../../machine/index.js';
import { ENODEV, ENOENT, ENOMEM } from '../errno.js';
import type { cgroup } from '../for-3.15/css-set.js';
import type { kernfs_node } from '../for-3.15/kernfs-node.js';
import type { kernel_clone_args } from '../for-3.15/patches/v6.12/fork.js';
import type { Cpu, task_struct } from '../for-3.15/task.js';
import { Struct } from '../struct.js';
import { Rmdir57 } from './rmdir.js';

/** include/uapi/linux/sched.h, v5.7: a bit that only clone3() can be given. */
export const CLONE_INTO_CGROUP = 0x200000000;

const isInto = (flags: number): boolean => flags >= CLONE_INTO_CGROUP;

/** The rest of struct kernel_clone_args: the directory that the fd is open on, and its cgroup, with a reference. */
class clone_into extends Struct {
  readonly cgroup: Cell<kernfs_node | null>;
  readonly cgrp: Cell<cgroup | null>;

  constructor(memory: Memory) {
    super(memory);
    this.cgroup = memory.cell<kernfs_node | null>('cgroup', null);
    this.cgrp = memory.cell<cgroup | null>('cgrp', null);
  }
}

export class CloneInto extends Rmdir57 {
  readonly #kargs = new Map<string, clone_into>();

  /** clone3(), kernel/fork.c, v5.7: a child of current in the cgroup whose directory is open. The caller holds nothing. */
  *clone3(cpu: Cpu, kn: kernfs_node): Path<task_struct | number> {
    yield* cpu.init(this.kargs(cpu.thread).cgroup, kn);
    return yield* this.copy_process(cpu, CLONE_INTO_CGROUP);
  }

  /**
   * cgroup_get_from_file() with css_tryget_online_from_dir(), kernel/cgroup/cgroup.c, v5.7. A reference, or null. Two
   * things stand for others: `linked` for kn->priv, which is cleared before the cgroup is freed, and CGRP_DEAD for
   * the percpu_ref, which is killed in the same section of cgroup_mutex.
   */
  *cgroup_get_from_file(cpu: Cpu, kn: kernfs_node): Path<cgroup | null> {
    yield* this.rcu_read_lock(cpu);
    let cgrp: cgroup | null = null;
    if (yield* cpu.READ_ONCE(kn.linked)) {
      const found = yield* cpu.read(kn.priv);
      const dead = yield* this.cgroup_is_dead(cpu, found);
      if (!dead && (yield* cpu.atomic_add_unless(found.refcnt, 1, 0))) cgrp = found;
    }
    yield* this.rcu_read_unlock(cpu);
    return cgrp;
  }

  /**
   * cgroup_css_set_fork(), kernel/cgroup/cgroup.c, v5.7. cgroup_mutex > cgroup_threadgroup_rwsem (read), with which it
   * returns; where it fails nothing is held. cgroup_mutex has to come first, and find_css_set() asserts it, so that
   * here it is held up to that call. Leaves out: the file, permissions, and what they read.
   */
  override *cgroup_css_set_fork(cpu: Cpu, clone_flags: number): Path<kernel_clone_args | number> {
    if (!isInto(clone_flags)) return yield* super.cgroup_css_set_fork(cpu, clone_flags);
    const args = this.kargs(cpu.thread);
    yield* cpu.mutex_lock(this.cgroup_mutex);
    const kargs = yield* super.cgroup_css_set_fork(cpu, clone_flags);
    if (typeof kargs === 'number') return kargs;
    const [, cset, kill_seq] = kargs;
    const kn = yield* cpu.read(args.cgroup);
    const dst = kn === null ? null : yield* this.cgroup_get_from_file(cpu, kn);
    if (cset === null || dst === null) {
      return yield* this.css_set_fork_err(cpu, kargs, dst, -ENOENT);
    }
    if (yield* this.refuses_dead(cpu, dst)) {
      return yield* this.css_set_fork_err(cpu, kargs, dst, -ENODEV);
    }
    const found = yield* this.find_css_set(cpu, cset, dst);
    if (found === null) return yield* this.css_set_fork_err(cpu, kargs, dst, -ENOMEM);
    yield* this.unlock_when_found(cpu);
    yield* this.put_css_set(cpu, cset, false);
    yield* cpu.init(args.cgrp, dst);
    return Object.freeze([clone_flags, found, kill_seq] as const);
  }

  /** Its label err: everything is given back, and cgroup_mutex dropped. */
  *css_set_fork_err(
    cpu: Cpu,
    [, cset]: kernel_clone_args,
    dst: cgroup | null,
    ret: number,
  ): Path<number> {
    yield* this.threadgroup_change_end(cpu, cpu.current);
    yield* cpu.mutex_unlock(this.cgroup_mutex);
    if (dst !== null) yield* this.cgroup_put(cpu, dst);
    if (cset !== null) yield* this.put_css_set(cpu, cset, false);
    return ret;
  }

  /** Whether cgroup_css_set_fork() refuses the destination. Without the test: no. */
  *refuses_dead(_cpu: Cpu, _dst: cgroup): Path<boolean> {
    return false;
  }

  /** After find_css_set(): the form without the lock drops it here. */
  *unlock_when_found(cpu: Cpu): Path {
    yield* cpu.mutex_unlock(this.cgroup_mutex);
  }

  /** At the end of the fork: there is nothing to drop any more. */
  *unlock_at_end(_cpu: Cpu): Path {}

  /**
   * cgroup_css_set_put_fork(), kernel/cgroup/cgroup.c, v6.12, which puts the css_set before cgroup_mutex is dropped
   * (2bd110339288); and the end of cgroup_post_fork(), v5.7, which has no css_set to put.
   */
  override *cgroup_css_set_put_fork(cpu: Cpu, kargs: kernel_clone_args): Path {
    yield* super.cgroup_css_set_put_fork(cpu, kargs);
    if (!isInto(kargs[0])) return;
    yield* this.unlock_at_end(cpu);
    const cgrp = yield* cpu.read(this.kargs(cpu.thread).cgrp);
    if (cgrp !== null) yield* this.cgroup_put(cpu, cgrp);
  }

  /** What a thread has on its stack while it forks. */
  kargs(thread: string): clone_into {
    let kargs = this.#kargs.get(thread);
    if (kargs === undefined) {
      kargs = this.machine.object(clone_into, `kargs of ${thread}`);
      this.#kargs.set(thread, kargs);
    }
    return kargs;
  }
}
