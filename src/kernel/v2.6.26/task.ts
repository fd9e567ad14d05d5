// struct task_struct and what the threads of a process share, as far as cgroups, fork and exit touch them.
import type { Cell, Cpu as MachineCpu, ListHead, Memory, Spinlock } from '../../machine/index.js';
import { showBits } from '../bits.js';
import { Struct } from '../struct.js';
import { uninitialised } from '../uninitialised.js';
import type { css_set } from './css-set.js';

/** A CPU of this kernel: `cpu.current` is a task. */
export type Cpu = MachineCpu<task_struct>;

/** task_struct.flags: include/linux/sched.h, v2.6.26. */
export const PF_EXITING = 0x4;

/** signal_struct.flags: include/linux/sched.h, v2.6.26. */
export const SIGNAL_GROUP_EXIT = 0x8;

/** task_struct.exit_state. */
export const EXIT_ZOMBIE = 16;
export const EXIT_DEAD = 32;

/** clone_flags of copy_process(). */
export const CLONE_THREAD = 0x10000;

export class signal_struct extends Struct {
  readonly flags: Cell<number>;

  constructor(memory: Memory) {
    super(memory);
    const show = showBits([SIGNAL_GROUP_EXIT, 'SIGNAL_GROUP_EXIT']);
    this.flags = memory.cell<number>('flags', 0, show);
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
  readonly exit_state: Cell<number>;
  /** TIF_SIGPENDING. */
  readonly sigpending: Cell<boolean>;
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
    const states = showBits([EXIT_ZOMBIE, 'EXIT_ZOMBIE'], [EXIT_DEAD, 'EXIT_DEAD']);
    this.exit_state = memory.cell<number>('exit_state', 0, states);
    this.sigpending = memory.cell<boolean>('sigpending', false);
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
