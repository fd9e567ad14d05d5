// cgroup_transfer_tasks() of v3.14, which e406d1cfff6a "cgroup: reimplement cgroup_transfer_tasks() without using
// css_scan_tasks()" replaced: tasks are gathered in a heap by their start time and attached one by one; what comes of
// each attach is dropped. A further pass considers only tasks that started after those of the last one.
import type { Cell, Memory, Path } from '../../../machine/index.js';
import { ENOMEM } from '../../errno.js';
import type { Patch } from '../../patch.js';
import type { cgroup } from '../css-set.js';
import { POINTER_SIZE } from '../flex-array.js';
import type { For315 } from '../for-3.15.js';
import { heap_insert, type PrioHeap } from '../prio-heap.js';
import type { Cpu, task_struct } from '../task.js';

/** What it adds. */
export interface ScanTasks {
  css_scan_tasks(cpu: Cpu, from: cgroup, to: cgroup): Path<number>;
  css_scan_pass(cpu: Cpu, from: cgroup, latest_time: number): Path<PrioHeap<Started>>;
  cgroup_transfer_one_task(cpu: Cpu, to: cgroup, task: task_struct): Path;
}

/** A task with its start time, which does not change once others can see it. */
type Started = readonly [task: task_struct, start_time: number];

/** The page that the heap is in, for its allocation alone. */
class ptr_heap {
  readonly memory: Memory;
  constructor(memory: Memory) {
    this.memory = memory;
  }
}

export const scanTasks: Patch<For315, ScanTasks> = (Base) =>
  class ScanTasksForm extends Base {
    /** The clock of do_posix_clock_monotonic_gettime(); no two tasks start at once. */
    readonly monotonic: Cell<number> = this.machine.cell('monotonic clock', 1000);

    /** copy_process(), kernel/fork.c, v3.14: the start time, before the threadgroup's read section. */
    override *dup_task_struct(cpu: Cpu): Path<task_struct | null> {
      const child = yield* super.dup_task_struct(cpu);
      if (child !== null) {
        yield* cpu.init(child.start_time, yield* cpu.fetch_add(this.monotonic, 1));
      }
      return child;
    }

    /** cgroup_transfer_tasks(), kernel/cgroup.c:3388, v3.14.1. The caller holds nothing. */
    override *cgroup_transfer_tasks(cpu: Cpu, to: cgroup, from: cgroup): Path<number> {
      yield* cpu.emit(this.events.transfer_started, { from, to });
      const ret = yield* this.css_scan_tasks(cpu, from, to);
      yield* cpu.emit(this.events.transfer_returned, { from, to, ret });
      return ret;
    }

    /**
     * css_scan_tasks(), kernel/cgroup.c, v3.14, with test NULL, no heap of the caller's, and cgroup_transfer_one_task()
     * for process. -ENOMEM only for its own heap. Leaves out: heap_free().
     */
    *css_scan_tasks(cpu: Cpu, from: cgroup, to: cgroup): Path<number> {
      if (this.machine.allocator.mayFail && (yield* cpu.kmalloc(ptr_heap)) === null) return -ENOMEM;
      let latest_time = 0;
      for (;;) {
        const heap = yield* this.css_scan_pass(cpu, from, latest_time);
        const [top] = heap;
        if (top === undefined) return 0;
        [, latest_time] = top;
        for (const [task] of heap) {
          yield* cpu.emit(this.events.transfer_picked, { from, task });
          yield* this.cgroup_transfer_one_task(cpu, to, task);
          yield* this.put_task_struct(cpu, task);
        }
      }
    }

    /** One pass of it: the oldest of those that started after `latest_time`, as many as fit, with references. */
    *css_scan_pass(cpu: Cpu, from: cgroup, latest_time: number): Path<PrioHeap<Started>> {
      const max = Math.floor(this.page_size / POINTER_SIZE);
      let heap: PrioHeap<Started> = [];
      let it = yield* this.css_task_iter_start(cpu, from);
      for (;;) {
        const [task, then] = yield* this.css_task_iter_next(cpu, it);
        if (task === undefined) break;
        it = then;
        const started: Started = Object.freeze([task, yield* cpu.read(task.start_time)]);
        if (started[1] <= latest_time) continue;
        const [next, dropped] = heap_insert(heap, max, started, startedAfter);
        heap = next;
        if (dropped === started) continue;
        yield* this.get_task_struct(cpu, task);
        if (dropped !== undefined) yield* this.put_task_struct(cpu, dropped[0]);
      }
      yield* this.css_task_iter_end(cpu);
      return Object.freeze([...heap]);
    }

    /** cgroup_transfer_one_task(), kernel/cgroup.c, v3.14: void. Takes cgroup_mutex, and no threadgroup's lock. */
    *cgroup_transfer_one_task(cpu: Cpu, to: cgroup, task: task_struct): Path {
      yield* cpu.mutex_lock(this.cgroup_mutex);
      yield* this.cgroup_attach_task(cpu, to, task, false);
      yield* cpu.mutex_unlock(this.cgroup_mutex);
    }
  };

/** started_after(): equal times, which the C tells apart by address, do not occur. */
function startedAfter([, a]: Started, [, b]: Started): boolean {
  return a > b;
}
