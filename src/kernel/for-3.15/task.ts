// struct task_struct and what the threads of a process share, as far as cgroups, fork and exit touch them.
import { showBits } from '../bits.js';
import { Struct } from '../struct.js';
import type {
  Cell,
  Cpu as MachineCpu,
  ListHead,
  Memory,
  Rwsem,
  Spinlock,
} from '../../machine/index.js';
import { uninitialised } from '../uninitialised.js';
import type { css_set } from './css-set.js';

/** A CPU of this kernel: `cpu.current` is a task. */
export type Cpu = MachineCpu<task_struct>;

/** task_struct.flags: include/linux/sched.h:1799, v3.14.1. */
export const PF_EXITING = 0x4;

/** signal_struct.flags: include/linux/sched.h:713, v3.14.1. */
export const SIGNAL_GROUP_EXIT = 0x4;

/** task_struct.exit_state. */
export const EXIT_ZOMBIE = 16;
export const EXIT_DEAD = 32;

/** clone_flags of copy_process(). */
export const CLONE_THREAD = 0x10000;

export class signal_struct extends Struct {
  readonly flags: Cell<number>;
  readonly nr_threads: Cell<number>;
  /** In v6.12: threads that have not begun to exit. */
  readonly live: Cell<number>;
  /** Read: a thread appears, or is about to exit. Write: somebody needs the thread group to stay as it is. */
  readonly group_rwsem: Rwsem;

  constructor(memory: Memory) {
    super(memory);
    this.flags = memory.cell<number>(
      'flags',
      0,
      showBits([SIGNAL_GROUP_EXIT, 'SIGNAL_GROUP_EXIT']),
    );
    this.nr_threads = memory.cell<number>('nr_threads', 1);
    this.live = memory.cell<number>('live', 1);
    this.group_rwsem = memory.rwsem('group_rwsem');
  }
}

export class sighand_struct extends Struct {
  readonly siglock: Spinlock;

  constructor(memory: Memory) {
    super(memory);
    this.siglock = memory.spinlock('siglock');
  }
}

export class task_struct extends Struct {
  /** 0 only while the object has not been made in this execution. */
  readonly usage: Cell<number>;
  readonly flags: Cell<number>;
  /** When it was made, by a clock that no two tasks read alike. Only css_scan_tasks() looks at it. */
  readonly start_time: Cell<number>;
  readonly exit_state: Cell<number>;
  /** TIF_SIGPENDING. */
  readonly sigpending: Cell<boolean>;
  /** In v6.12: SIGKILL is in pending.signal, as __fatal_signal_pending() asks. */
  readonly sigkill: Cell<boolean>;
  readonly signal: Cell<signal_struct>;
  readonly sighand: Cell<sighand_struct>;
  readonly group_leader: Cell<task_struct>;
  /** On init_task.tasks; of leaders only. */
  readonly tasks: ListHead<task_struct>;
  /** The ring of the threads of the process. */
  readonly thread_group: ListHead<task_struct>;
  /** What task_lock() takes. */
  readonly alloc_lock: Spinlock;
  readonly cgroups: Cell<css_set>;
  /** On the list of its css_set, once it is linked. */
  readonly cg_list: ListHead<task_struct>;

  constructor(memory: Memory) {
    super(memory);
    this.usage = memory.refcount('usage', 0);
    this.flags = memory.cell<number>('flags', 0, showBits([PF_EXITING, 'PF_EXITING']));
    this.start_time = memory.cell<number>('start_time', 0);
    this.exit_state = memory.cell<number>(
      'exit_state',
      0,
      showBits([EXIT_ZOMBIE, 'EXIT_ZOMBIE'], [EXIT_DEAD, 'EXIT_DEAD']),
    );
    this.sigpending = memory.cell<boolean>('sigpending', false);
    this.sigkill = memory.cell<boolean>('sigkill', false);
    this.signal = memory.cell<signal_struct>('signal', uninitialised);
    this.sighand = memory.cell<sighand_struct>('sighand', uninitialised);
    this.group_leader = memory.cell<task_struct>('group_leader', uninitialised);
    this.tasks = memory.list<task_struct>('tasks', this);
    this.thread_group = memory.list<task_struct>('thread_group', this);
    this.alloc_lock = memory.spinlock('alloc_lock');
    this.cgroups = memory.cell<css_set>('cgroups', uninitialised);
    this.cg_list = memory.list<task_struct>('cg_list', this);
  }
}
