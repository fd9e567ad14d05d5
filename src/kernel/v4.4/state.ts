// The little of v4.4 that css_set_lock and the contexts in which it is taken need: tasks on lists of css_sets.
import type {
  Allocated,
  Cell,
  Cpu as MachineCpu,
  ListHead,
  Machine,
  Memory,
  Rwlock,
  Spinlock,
} from '../../machine/index.js';
import { showBits } from '../bits.js';
import { PF_EXITING } from '../for-3.15/task.js';
import { Struct } from '../struct.js';
import { uninitialised } from '../uninitialised.js';

/** A CPU of this kernel: `cpu.current` is a task. */
export type Cpu = MachineCpu<task_struct>;

export class css_set extends Struct implements Allocated {
  readonly refcount: Cell<number>;
  readonly tasks: ListHead<task_struct>;
  /** In the hash table. */
  readonly hlist: ListHead<css_set>;

  constructor(memory: Memory) {
    super(memory);
    this.refcount = memory.refcount('refcount', 0);
    this.tasks = memory.list<task_struct>('tasks');
    this.hlist = memory.list<css_set>('hlist', this);
  }
}

export class task_struct extends Struct implements Allocated {
  readonly usage: Cell<number>;
  readonly flags: Cell<number>;
  readonly siglock: Spinlock;
  /** On init_task.tasks. */
  readonly tasks: ListHead<task_struct>;
  readonly cgroups: Cell<css_set>;
  readonly cg_list: ListHead<task_struct>;

  constructor(memory: Memory) {
    super(memory);
    this.usage = memory.refcount('usage', 0);
    this.flags = memory.cell<number>('flags', 0, showBits([PF_EXITING, 'PF_EXITING']));
    this.siglock = memory.spinlock('siglock');
    this.tasks = memory.list<task_struct>('tasks', this);
    this.cgroups = memory.cell<css_set>('cgroups', uninitialised);
    this.cg_list = memory.list<task_struct>('cg_list', this);
  }
}

export abstract class State {
  /** The classes of the locks inside objects, beside the global ones that are fields here. */
  readonly objectLockClasses = ['siglock'] as const;
  readonly machine: Machine;
  /** Protects the lists of css_sets and the hash table. */
  readonly css_set_lock: Spinlock;
  readonly tasklist_lock: Rwlock;
  readonly init_task_tasks: ListHead<task_struct>;
  readonly css_set_table: ListHead<css_set>;
  readonly use_task_css_set_links: Cell<boolean>;
  readonly init_css_set: css_set;

  constructor(machine: Machine) {
    this.machine = machine;
    this.css_set_lock = machine.spinlock('css_set_lock');
    this.tasklist_lock = machine.rwlock('tasklist_lock');
    this.init_task_tasks = machine.list<task_struct>('init_task.tasks');
    this.css_set_table = machine.list<css_set>('css_set_table');
    this.use_task_css_set_links = machine.cell('use_task_css_set_links', true);
    this.init_css_set = this.css_set('init_css_set');
    machine.settle(this.init_css_set.refcount, 1);
  }

  css_set(name: string): css_set {
    const cset = this.machine.object(css_set, name);
    this.machine.settleTail(cset.hlist, this.css_set_table);
    return cset;
  }

  /** Nothing is mounted yet: tasks are on no list. */
  before_first_mount(): void {
    this.machine.settle(this.use_task_css_set_links, false);
  }

  /** A process of one thread. */
  task(name: string, cset: css_set = this.init_css_set): task_struct {
    const { machine } = this;
    const task = this.#makeTask(name, cset);
    machine.settleTail(task.tasks, this.init_task_tasks);
    if (this.use_task_css_set_links.peek()) machine.settleTail(task.cg_list, cset.tasks);
    return task;
  }

  /**
   * A task that has exited and was waited for, as its deadline timer holds the last reference on it; with that it
   * keeps the css_set that it was in.
   */
  dead_task(name: string, cset: css_set): task_struct {
    const task = this.#makeTask(name, cset);
    this.machine.settle(task.flags, PF_EXITING);
    return task;
  }

  #makeTask(name: string, cset: css_set): task_struct {
    const { machine } = this;
    const task = machine.object(task_struct, name);
    machine.settle(task.usage, 1);
    machine.settle(task.cgroups, cset);
    machine.settle(cset.refcount, cset.refcount.peek() + 1);
    return task;
  }
}
