// The global variables of the era, and every task and css_set of the run for properties to look at. The layers
// above this class add the C functions, one concept per file, each as a public method that a patch can override.
import type {
  Allocated,
  Cell,
  ListHead,
  Lock,
  Machine,
  Memory,
  Mutex,
  ObjectType,
  Path,
  RawSpinlock,
  Rwlock,
  Rwsem,
  WaitQueue,
  Work,
  WorkFunction,
  Workqueue,
} from '../../machine/index.js';
import { ByName } from '../by-name.js';
import { cgroup } from './cgroup.js';
import { cgroup_subsys_state, type CssFunctions } from './css.js';
import { css_set } from './css-set.js';
import { type Events, makeEvents } from './events.js';
import type { kernfs_node } from './kernfs-node.js';
import { type Cpu, PF_EXITING, task_struct } from './task.js';
import { type cgroup_taskset, kernel_stack } from './taskset.js';

export abstract class State implements CssFunctions {
  /** The classes of the locks inside objects, beside the global ones that are fields here. */
  readonly objectLockClasses = ['alloc_lock', 'siglock', 'group_rwsem', 'i_mutex'] as const;
  readonly machine: Machine;
  readonly events: Events;
  /** Outside cgroup_mutex: it is held while that is dropped for the removal of directories. */
  readonly cgroup_tree_mutex: Mutex;
  readonly cgroup_mutex: Mutex;
  /** Protects the lists of css_sets, their links and the hash table; writers of task->cgroups hold it too. */
  readonly css_set_rwsem: Rwsem;
  readonly tasklist_lock: Rwlock;
  /** The leaders of all processes, in the order of their creation. */
  readonly init_task_tasks: ListHead<task_struct>;
  readonly use_task_css_set_links: Cell<boolean>;
  readonly css_set_table: ListHead<css_set>;
  /** Innermost; protects release_list. */
  readonly release_list_lock: RawSpinlock;
  /** The cgroups that the release agent is to be told of. */
  readonly release_list: ListHead<cgroup>;
  /** Runs what is left to do for a css or a cgroup that was removed, one item at a time on each CPU. */
  readonly cgroup_destroy_wq: Workqueue;
  /** Who waits until the files of a directory are no longer in use. */
  readonly deactivate_waitq: WaitQueue;
  /** What css_alloc() makes, for allocations. */
  readonly css_type: ObjectType<cgroup_subsys_state>;
  /** Static in the kernel: the css_set of the root cgroups. Never freed. */
  readonly init_css_set: css_set;
  /**
   * Whoever makes a task or a css_set stores to this by cpu.init, always the same value and without a step: what
   * looked over all objects looks again.
   */
  readonly objects_known: Cell<boolean>;
  readonly #tasks = new ByName<task_struct>();
  readonly #css_sets = new ByName<css_set>();
  readonly #cgroups: cgroup[] = [];
  readonly #madeCgroups = new ByName<cgroup>();
  readonly #directories = new Map<cgroup, kernfs_node>();
  readonly #freeWork = new Map<cgroup, WorkFunction>();
  #releaseAgent: ReleaseAgent | undefined;
  readonly #pids = new Map<task_struct, Cell<boolean>>();
  readonly #stacks = new Map<string, kernel_stack>();

  constructor(machine: Machine) {
    this.machine = machine;
    this.events = makeEvents(machine);
    this.cgroup_tree_mutex = machine.mutex('cgroup_tree_mutex');
    this.cgroup_mutex = machine.mutex('cgroup_mutex');
    this.css_set_rwsem = machine.rwsem('css_set_rwsem');
    this.tasklist_lock = machine.rwlock('tasklist_lock');
    this.init_task_tasks = machine.list<task_struct>('init_task.tasks');
    this.use_task_css_set_links = machine.cell('use_task_css_set_links', true);
    this.css_set_table = machine.list<css_set>('css_set_table');
    this.release_list_lock = machine.raw_spinlock('release_list_lock');
    this.release_list = machine.list<cgroup>('release_list');
    this.cgroup_destroy_wq = machine.workqueue('cgroup_destroy_wq', { maxActive: 1 });
    this.deactivate_waitq = machine.waitqueue('deactivate_waitq');
    this.css_type = cssTypeOf(this);
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

  /** The lock that is free only where pointers and lists agree. */
  get membershipLock(): Lock {
    return this.css_set_rwsem;
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

  /** Every cgroup that exists now: those of the initial state in their order, then those that were made since. */
  cgroups(): readonly cgroup[] {
    this.objects_known.peek();
    return [...this.#cgroups, ...this.#madeCgroups.all].filter(
      (cgrp) => !cgrp.memory.peekFreed() && cgrp.refcnt.peek() !== 0,
    );
  }

  /** Every css of these that is in its cgroup's slot: from online_css() until its last reference is dropped. */
  csses(): cgroup_subsys_state[] {
    const slots = this.cgroups().flatMap(({ root, subsys }) =>
      subsys.slice(0, root.subsystems.length).map((slot) => slot.peek()),
    );
    return slots.filter((css) => css !== null);
  }

  /** True if a cgroup of the scenario can have notify_on_release. */
  get usesReleaseAgent(): boolean {
    return this.#releaseAgent !== undefined;
  }

  /** True once lists of tasks are kept at all. */
  keepsLists(): boolean {
    return this.use_task_css_set_links.peek();
  }

  /** True if the task is linked and so on the list of a css_set. */
  isLinked(task: task_struct): boolean {
    return !task.cg_list.peekEmpty();
  }

  isExiting(task: task_struct): boolean {
    return (task.flags.peek() & PF_EXITING) !== 0;
  }

  /** What the task points to. */
  cssSetOf(task: task_struct): css_set {
    return task.cgroups.peek();
  }

  /** The tasks on the lists of the css_set, those being migrated included. */
  tasksOn(cset: css_set): task_struct[] {
    return [...cset.tasks.peekAll(), ...cset.mg_tasks.peekAll()];
  }

  /** The first list that is not one any more, and why. */
  firstListDefect(): string | undefined {
    let defect = this.init_task_tasks.peekDefect() ?? this.css_set_table.peekDefect();
    for (const { cset_links, children } of this.cgroups()) {
      defect ??= cset_links.peekDefect() ?? children.peekDefect();
    }
    defect ??= this.release_list.peekDefect();
    for (const { tasks, mg_tasks, cgrp_links } of this.css_sets()) {
      defect ??= tasks.peekDefect() ?? mg_tasks.peekDefect() ?? cgrp_links.peekDefect();
    }
    return defect;
  }

  /** True if a reference on task->cgroups belongs to the task. What a path is just handing over is not seen. */
  holdsReference(task: task_struct): boolean {
    return task.cgroups.peek() !== this.init_css_set;
  }

  /** The tasks on the lists of all css_sets that stand for the cgroup, those being migrated included. */
  membersOf(cgrp: cgroup): task_struct[] {
    if (cgrp.memory.peekFreed()) return [];
    return cgrp.cset_links.peekAll().flatMap((link) => this.tasksOn(link.cset.peek()));
  }

  /** The cgroup of the css_set in the hierarchy of `like`. */
  cgroupOf(cset: css_set, like: cgroup): cgroup | undefined {
    return cset.subsys.peek()[like.root.index];
  }

  /** What a walk through the taskset would meet now, in order. */
  targetsOf(tset: cgroup_taskset): task_struct[] {
    const linked = tset.csets.peek().peekAll();
    return [...tset.tc_array.peek(), ...linked.flatMap((cset) => cset.mg_tasks.peekAll())];
  }

  /** The names of all locks that are held, for the end of an execution. */
  heldLocks(): string[] {
    const tasks = this.tasks();
    const objects = [...tasks, ...this.css_sets(), ...tasks.flatMap(sharedByThreads)];
    const locks = [...this.machine.locks, ...objects.flatMap(({ memory }) => memory.locks)];
    const held = locks.filter((lock) => lock.isHeld()).map((lock) => lock.name);
    return [...new Set(held)];
  }

  // --- For paths ----------------------------------------------------------------------------------------------

  /** The directory of a cgroup of the initial state: what a process names. It outlives the cgroup. */
  dir(cgrp: cgroup): kernfs_node {
    return this.#directories.get(cgrp) as kernfs_node;
  }

  /** Keeps a directory for dir(). */
  keepDirectory(cgrp: cgroup, kn: kernfs_node): void {
    this.#directories.set(cgrp, kn);
  }

  /** In setup: some cgroup is going to have notify_on_release; `program` is what release_agent names. */
  useReleaseAgent(program = this.#releaseAgent?.program): void {
    if (this.#releaseAgent !== undefined) {
      this.#releaseAgent = { ...this.#releaseAgent, program };
      return;
    }
    this.#releaseAgent = {
      program,
      system_wq: this.machine.workqueue('system_wq'),
      release_agent_work: this.machine.work('release_agent_work', (cpu) =>
        this.cgroup_release_agent(cpu as Cpu),
      ),
    };
  }

  /** What schedule_work(&release_agent_work) needs; only where the scenario uses it. */
  get releaseAgent(): ReleaseAgent {
    return this.#releaseAgent as ReleaseAgent;
  }

  /** The function of the work item that frees a cgroup: one per object, for it is told apart by identity. */
  freeWork(cgrp: cgroup): WorkFunction {
    let free = this.#freeWork.get(cgrp);
    if (free === undefined) {
      free = (cpu) => this.cgroup_free_fn(cpu as Cpu, cgrp);
      this.#freeWork.set(cgrp, free);
    }
    return free;
  }

  abstract cgroup_free_fn(cpu: Cpu, cgrp: cgroup): Path;
  abstract cgroup_release_agent(cpu: Cpu): Path;
  abstract css_release(cpu: Cpu, css: cgroup_subsys_state): Path;
  abstract css_killed_work_fn(cpu: Cpu, css: cgroup_subsys_state): Path;
  abstract css_free_work_fn(cpu: Cpu, css: cgroup_subsys_state): Path;

  /** The cell that says whether the task can be found by its pid. It outlives the task. */
  hashed(task: task_struct): Cell<boolean> {
    return this.#pids.get(task) as Cell<boolean>;
  }

  /** What a thread, by its name, has on its kernel stack. */
  stack(thread: string): kernel_stack {
    let stack = this.#stacks.get(thread);
    if (stack === undefined) {
      stack = this.machine.object(kernel_stack, `stack of ${thread}`);
      this.#stacks.set(thread, stack);
    }
    return stack;
  }

  /** LIST_HEAD() of a list on the stack: no step. */
  *init_list_head(cpu: Cpu, head: ListHead<unknown>): Path {
    yield* cpu.init(head.next, head);
    yield* cpu.init(head.prev, head);
  }

  /** Objects are pooled between executions, so each is seen more than once. */
  #register(object: Allocated): void {
    if (object instanceof task_struct) {
      if (!this.#tasks.add(object)) return;
      this.#pids.set(object, this.machine.cell(`pid of ${object.name}`, false));
    } else if (object instanceof css_set) {
      this.#css_sets.add(object);
    } else if (object instanceof cgroup) {
      // What a run makes has a name of its own beside its label.
      if (object.name === object.label) this.#cgroups.push(object);
      else this.#madeCgroups.add(object);
    }
  }
}

/** The work item of the release agent, and where it is queued. */
interface ReleaseAgent {
  readonly system_wq: Workqueue;
  readonly release_agent_work: Work;
  /** What it runs, on the directory of the cgroup; nothing by default. */
  readonly program: ((cpu: Cpu, kn: kernfs_node) => Path<unknown>) | undefined;
}

/** A class of that name: objects that a run makes are named after their type. */
function cssTypeOf(kernel: CssFunctions): ObjectType<cgroup_subsys_state> {
  const Base = cgroup_subsys_state;
  return {
    cgroup_subsys_state: class extends Base {
      constructor(memory: Memory) {
        super(memory, kernel);
      }
    },
  }.cgroup_subsys_state;
}

/** A child has neither before copy_sighand() and copy_signal(). */
function sharedByThreads(task: task_struct): Allocated[] {
  const shared: readonly (Allocated | undefined)[] = [task.signal.peek(), task.sighand.peek()];
  return shared.filter((object) => object !== undefined);
}
