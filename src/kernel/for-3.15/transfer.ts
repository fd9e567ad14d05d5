// Emptying a cgroup: what cpuset does when a cpuset has lost its last CPU.
import { Loop, type Path } from '../../machine/index.js';
import { Attach } from './attach.js';
import type { cgroup } from './css-set.js';
import type { Cpu, task_struct } from './task.js';

export abstract class Transfer extends Attach {
  /** The first task of a cgroup, with a reference, or undefined: how cgroup_transfer_tasks() uses the iterator. */
  *first_task_of(cpu: Cpu, cgrp: cgroup): Path<task_struct | undefined> {
    const it = yield* this.css_task_iter_start(cpu, cgrp);
    const [task] = yield* this.css_task_iter_next(cpu, it);
    if (task !== undefined) yield* this.get_task_struct(cpu, task);
    yield* this.css_task_iter_end(cpu);
    return task;
  }

  /**
   * cgroup_transfer_tasks(), reconstructed: e406d1cfff6a made it loop on the first task of the source, in place
   * of the scan of v3.14 (kernel/cgroup.c:3388, v3.14.1). The caller holds nothing; takes cgroup_mutex for each
   * task, and no threadgroup's lock. Stops at the first error: what was moved by then stays moved.
   */
  *cgroup_transfer_tasks(cpu: Cpu, to: cgroup, from: cgroup): Path<number> {
    const round = new Loop('the same task again');
    let last: task_struct | undefined;
    let ret = 0;
    yield* cpu.emit(this.events.transfer_started, { from, to });
    for (;;) {
      const task = yield* this.first_task_of(cpu, from);
      if (task === undefined) break;
      yield* cpu.emit(this.events.transfer_picked, { from, task });
      if (task === last) yield* cpu.loop(round, task);
      last = task;
      yield* cpu.mutex_lock(this.cgroup_mutex);
      ret = yield* this.cgroup_attach_task(cpu, to, task, false);
      yield* cpu.mutex_unlock(this.cgroup_mutex);
      yield* this.put_task_struct(cpu, task);
      if (ret !== 0) break;
    }
    yield* cpu.emit(this.events.transfer_returned, { from, to, ret });
    return ret;
  }
}
