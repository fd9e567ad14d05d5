// The global variables of the era, and every task and css_set of the run for properties to look at. The layers
// above this class add the C functions, one concept per file, each as a public method that a patch can override.
import type {
  Allocated,
  Cell,
  ListHead,
  Lock,
  Machine,
  Mutex,
  Rwlock,
  Spinlock,
} from '../../machine/index.js';
import { ByName } from '../by-name.js';
import { cgroup, css_set } from './css-set.js';
import { type Events, makeEvents } from './events.js';
import { PF_EXITING, task_struct } from './task.js';

export abstract class State {
  /** The classes of the locks inside objects, beside the global ones that are fields here. */
  readonly objectLockClasses = ['alloc_lock', 'siglock'] as const;
  readonly machine: Machine;
  readonly events: Events;
  readonly cgroup_mutex: Mutex;
  /** Protects the lists of css_sets, their links and the hash table; nests outside task_lock. */
  readonly css_set_lock: Rwlock;
  readonly tasklist_lock: Rwlock;
  readonly release_list_lock: Spinlock;
  /** The leaders of all processes, in the order of their creation. */
  readonly init_task_tasks: ListHead<task_struct>;
  readonly use_task_css_set_links: Cell<boolean>;
  readonly css_set_table: ListHead<css_set>;
  readonly release_list: ListHead<cgroup>;
  /** Static in the kernel: the css_set of the root cgroups. Never freed. */
  readonly init_css_set: css_set;
  /** mm->owner of the one mm that charges are made for; null where a scenario has none. */
  readonly mm_owner: Cell<task_struct | null>;
  /**
   * Whoever makes a task or a css_set stores to this by cpu.init, always the same value and without a step: what
   * looked over all objects looks again.
   */
  readonly objects_known: Cell<boolean>;
  readonly #tasks = new ByName<task_struct>();
  readonly #css_sets = new ByName<css_set>();
  readonly #cgroups: cgroup[] = [];
  readonly #pids = new Map<task_struct, Cell<boolean>>();

  constructor(machine: Machine) {
    this.machine = machine;
    this.events = makeEvents(machine);
    this.cgroup_mutex = machine.mutex('cgroup_mutex');
    this.css_set_lock = machine.rwlock('css_set_lock');
    this.tasklist_lock = machine.rwlock('tasklist_lock');
    this.release_list_lock = machine.spinlock('release_list_lock');
    this.init_task_tasks = machine.list<task_struct>('init_task.tasks');
    this.use_task_css_set_links = machine.cell('use_task_css_set_links', true);
    this.css_set_table = machine.list<css_set>('css_set_table');
    this.release_list = machine.list<cgroup>('release_list');
    this.mm_owner = machine.cell<task_struct | null>('mm->owner', null);
    // No variable of the kernel, so nobody races on it.
    this.objects_known = machine.data_racy('objects known', true);
    machine.onAllocation((object) => {
      this.#register(object);
    });
    this.init_css_set = machine.object(css_set, 'init_css_set');
    machine.settle(this.init_css_set.refcount, 1);
    machine.settleTail(this.init_css_set.hlist, this.css_set_table);
  }

  // --- For properties -----------------------------------------------------------------------------------------

  /**
   * The lock that is free only where pointers and lists agree: cgroup_attach_task() switches the one and moves on
   * the other in two sections, under this one.
   */
  get membershipLock(): Lock {
    return this.cgroup_mutex;
  }

  /** Every task that exists now, by name; a child from dup_task_struct() on, an exited task until it is freed. */
  tasks(): task_struct[] {
    this.objects_known.peek();
    return this.#tasks.all.filter((task) => !task.memory.peekFreed() && task.usage.peek() > 0);
  }

  /** Every css_set that exists now, by name; one that is being freed no longer counts. */
  css_sets(): css_set[] {
    this.objects_known.peek();
    return this.#css_sets.all.filter(
      (cset) =>
        cset === this.init_css_set || (!cset.memory.peekFreed() && cset.refcount.peek() !== 0),
    );
  }

  /** Every cgroup, in the order in which they were made. */
  cgroups(): readonly cgroup[] {
    return this.#cgroups;
  }

  /** True once lists of tasks are kept at all. */
  keepsLists(): boolean {
    return this.use_task_css_set_links.peek();
  }

  /** True if the task is linked and so on the list of a css_set. A node that list_del() poisoned is not. */
  isLinked(task: task_struct): boolean {
    return !task.cg_list.peekEmpty() && !task.cg_list.peekDeleted();
  }

  isExiting(task: task_struct): boolean {
    return (task.flags.peek() & PF_EXITING) !== 0;
  }

  /** What the task points to. */
  cssSetOf(task: task_struct): css_set {
    return task.cgroups.peek();
  }

  /** The tasks on the list of the css_set. */
  tasksOn(cset: css_set): task_struct[] {
    return cset.tasks.peekAll();
  }

  /** True if a reference on task->cgroups belongs to the task. What a path is just handing over is not seen. */
  holdsReference(task: task_struct): boolean {
    return task.cgroups.peek() !== this.init_css_set;
  }

  /**
   * The first list that is not one any more, and why. Not the tasklist: it has lockless readers, so its writers go
   * step by step, and it is no list in between.
   */
  firstListDefect(): string | undefined {
    let defect = this.css_set_table.peekDefect() ?? this.release_list.peekDefect();
    for (const cgrp of this.#cgroups) defect ??= cgrp.css_sets.peekDefect();
    for (const { tasks, cg_links } of this.css_sets()) {
      defect ??= tasks.peekDefect() ?? cg_links.peekDefect();
    }
    return defect;
  }

  // --- For paths ----------------------------------------------------------------------------------------------

  /** The cell that says whether the task can be found by its pid. It outlives the task. */
  hashed(task: task_struct): Cell<boolean> {
    return this.#pids.get(task) as Cell<boolean>;
  }

  /** Objects are pooled between executions, so each is seen more than once. */
  #register(object: Allocated): void {
    if (object instanceof task_struct) {
      if (!this.#tasks.add(object)) return;
      this.#pids.set(object, this.machine.cell(`pid of ${object.name}`, false));
    } else if (object instanceof css_set) {
      this.#css_sets.add(object);
    } else if (object instanceof cgroup) {
      this.#cgroups.push(object);
    }
  }
}
