// The birth of a kernel thread against a move of it, with the checks of attach_task_by_pid() as patches. Reconstructed
// from the messages of the two fixes and kernel/kthread.c; no tree of v4.10 was at hand.
import type {
  Cell,
  Completion,
  Cpu as MachineCpu,
  Machine,
  Memory,
  Mutex,
  Path,
  Spinlock,
} from '../../machine/index.js';
import { EINVAL, ESRCH } from '../errno.js';
import { Struct } from '../struct.js';

/** task_struct.flags: userland is not allowed to meddle with cpus_allowed. */
export const PF_NO_SETAFFINITY = 0x04000000;

/** A CPU of this kernel. */
export type Cpu = MachineCpu<kthread_task>;

/** task_struct, of a kernel thread. */
export class kthread_task extends Struct {
  readonly flags: Cell<number>;
  /** The path of its cgroup, for which the css_set stands. */
  readonly cgroup: Cell<string>;
  /** From 77f88796cee8. */
  readonly no_cgroup_migration: Cell<boolean>;

  constructor(memory: Memory) {
    super(memory);
    this.flags = memory.cell<number>('flags', 0);
    this.cgroup = memory.cell<string>('cgroup', '/');
    this.no_cgroup_migration = memory.cell<boolean>('no_cgroup_migration', false);
  }
}

export class V410 {
  readonly objectLockClasses = [] as const;
  readonly machine: Machine;
  readonly cgroup_mutex: Mutex;
  readonly css_set_lock: Spinlock;
  readonly kthreadd_task: kthread_task;
  /** The one thread that is created, and whether it is there yet. */
  readonly child: kthread_task;
  readonly hashed: Cell<boolean>;
  /** kthread_create_list is not empty; the child runs; it is set up; its creator has woken it. */
  readonly requested: Completion;
  readonly forked: Completion;
  readonly done: Completion;
  readonly woken: Completion;

  constructor(machine: Machine) {
    this.machine = machine;
    this.cgroup_mutex = machine.mutex('cgroup_mutex');
    this.css_set_lock = machine.spinlock('css_set_lock');
    this.kthreadd_task = machine.object(kthread_task, 'kthreadd');
    this.child = machine.object(kthread_task, 'child');
    this.hashed = machine.cell('pid of child', false);
    this.requested = machine.completion('requested');
    this.forked = machine.completion('forked');
    this.done = machine.completion('done');
    this.woken = machine.completion('woken');
  }

  /** kthread_create_on_cpu() with kthread_bind(), and wake_up_process(), kernel/kthread.c. */
  *kthread_create_on_cpu(cpu: Cpu): Path {
    yield* cpu.complete(this.requested);
    yield* cpu.wait_for_completion(this.done);
    yield* cpu.set_bits(this.child.flags, PF_NO_SETAFFINITY);
    yield* cpu.complete(this.woken);
  }

  /** kthreadd(), kernel/kthread.c: forks the child, which joins its cgroup. Leaves out: all else of the fork. */
  *kthreadd(cpu: Cpu): Path {
    yield* cpu.wait_for_completion(this.requested);
    yield* this.dup_task_struct(cpu);
    yield* cpu.write(this.hashed, true);
    yield* cpu.spin_lock_irq(this.css_set_lock);
    yield* cpu.write(this.child.cgroup, yield* cpu.read(this.kthreadd_task.cgroup));
    yield* cpu.spin_unlock_irq(this.css_set_lock);
    yield* cpu.complete(this.forked);
  }

  /** Nothing is copied that matters yet. */
  *dup_task_struct(_cpu: Cpu): Path {}

  /** kthread(), kernel/kthread.c: tells its creator, and sleeps until that has set it up. */
  *kthread(cpu: Cpu): Path {
    yield* cpu.wait_for_completion(this.forked);
    yield* cpu.complete(this.done);
    yield* cpu.wait_for_completion(this.woken);
    yield* this.kthread_ready(cpu);
  }

  *kthread_ready(_cpu: Cpu): Path {}

  /** attach_task_by_pid(), kernel/cgroup.c: cgroup_mutex > css_set_lock. Leaves out: the threadgroup's lock, controllers. */
  *attach_task_by_pid(cpu: Cpu, to: string, tsk: kthread_task): Path<number> {
    yield* cpu.mutex_lock(this.cgroup_mutex);
    let ret = tsk === this.child && !(yield* cpu.read(this.hashed)) ? -ESRCH : 0;
    if (ret === 0 && (yield* this.refuses(cpu, tsk))) ret = -EINVAL;
    if (ret === 0) {
      yield* cpu.spin_lock_irq(this.css_set_lock);
      yield* cpu.write(tsk.cgroup, to);
      yield* cpu.spin_unlock_irq(this.css_set_lock);
    }
    yield* cpu.mutex_unlock(this.cgroup_mutex);
    return ret;
  }

  /** Whether the task must stay where it is. */
  *refuses(_cpu: Cpu, _tsk: kthread_task): Path<boolean> {
    return false;
  }
}
