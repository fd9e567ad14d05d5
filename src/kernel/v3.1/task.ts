// struct task_struct and what the threads of a process share, as far as a move of a whole process, exit and exec
// touch them in v3.0 and v3.1.
import type {
  Cell,
  Cpu as MachineCpu,
  ListHead,
  Memory,
  Mutex,
  Rwsem,
  Spinlock,
  ThreadHandle,
} from '../../machine/index.js';
import { Struct } from '../struct.js';
import { showBits } from '../bits.js';
import { EXIT_DEAD, EXIT_ZOMBIE, PF_EXITING } from '../for-3.15/task.js';
import { uninitialised } from '../uninitialised.js';
import type { css_set } from './css-set.js';

/** A CPU of this kernel: `cpu.current` is a task. */
export type Cpu = MachineCpu<task_struct>;

export class signal_struct extends Struct {
  readonly nr_threads: Cell<number>;
  /**
   * Called threadgroup_fork_lock before 257058ae2b97. Read: a thread appears. Write: somebody needs that none does.
   */
  readonly group_rwsem: Rwsem;
  /** Held by execve() from before the file is opened until the new credentials are installed. */
  readonly cred_guard_mutex: Mutex;
  /** Threads that de_thread() still waits for; -1 while it waits for the leader. */
  readonly notify_count: Cell<number>;
  /** Who waits in de_thread(). */
  readonly group_exit_task: Cell<ThreadHandle | undefined>;

  constructor(memory: Memory) {
    super(memory);
    this.nr_threads = memory.cell<number>('nr_threads', 1);
    this.group_rwsem = memory.rwsem('group_rwsem');
    this.cred_guard_mutex = memory.mutex('cred_guard_mutex');
    this.notify_count = memory.cell<number>('notify_count', 0);
    this.group_exit_task = memory.cell<ThreadHandle | undefined>('group_exit_task', undefined);
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
  readonly usage: Cell<number>;
  readonly flags: Cell<number>;
  readonly exit_state: Cell<number>;
  /** Its number, for which the task that had it first stands. */
  readonly pid: Cell<task_struct>;
  readonly signal: Cell<signal_struct>;
  readonly sighand: Cell<sighand_struct>;
  readonly group_leader: Cell<task_struct>;
  /** The ring of the threads of the process: no thread of it is a head. */
  readonly thread_group: ListHead<task_struct>;
  /** What task_lock() takes. */
  readonly alloc_lock: Spinlock;
  readonly cgroups: Cell<css_set>;
  /** On the list of its css_set. */
  readonly cg_list: ListHead<task_struct>;

  constructor(memory: Memory) {
    super(memory);
    this.usage = memory.refcount('usage', 0);
    this.flags = memory.cell<number>('flags', 0, showBits([PF_EXITING, 'PF_EXITING']));
    this.exit_state = memory.cell<number>(
      'exit_state',
      0,
      showBits([EXIT_ZOMBIE, 'EXIT_ZOMBIE'], [EXIT_DEAD, 'EXIT_DEAD']),
    );
    this.pid = memory.cell<task_struct>('pid', this);
    this.signal = memory.cell<signal_struct>('signal', uninitialised);
    this.sighand = memory.cell<sighand_struct>('sighand', uninitialised);
    this.group_leader = memory.cell<task_struct>('group_leader', uninitialised);
    this.thread_group = memory.list<task_struct>('thread_group', this);
    this.alloc_lock = memory.spinlock('alloc_lock');
    this.cgroups = memory.cell<css_set>('cgroups', uninitialised);
    this.cg_list = memory.list<task_struct>('cg_list', this);
  }
}
