// The global variables of the era and its initial state: hierarchies, cgroups, processes and their threads. The
// layers above this class add the C functions.
import {
  type Cell,
  type ListHead,
  type Machine,
  type Memory,
  type Mutex,
  type Rwlock,
  UsageError,
} from '../../machine/index.js';
import { EXIT_ZOMBIE, PF_EXITING } from '../for-3.15/task.js';
import { cgroup, type cgroupfs_root, css_set, sameCgroups, withCgroup } from './css-set.js';
import { type Events, makeEvents } from './events.js';
import type { cgroup_subsys } from './subsystem.js';
import { inode } from './inode.js';
import { sighand_struct, signal_struct, task_struct } from './task.js';

export abstract class State {
  /** The classes of the locks inside objects, beside the global ones that are fields here. */
  readonly objectLockClasses = [
    'alloc_lock',
    'siglock',
    'group_rwsem',
    'cred_guard_mutex',
    'i_mutex',
  ] as const;
  readonly machine: Machine;
  readonly events: Events;
  readonly cgroup_mutex: Mutex;
  /** Protects the lists of css_sets and the hash table. */
  readonly css_set_lock: Rwlock;
  readonly tasklist_lock: Rwlock;
  readonly css_set_table: ListHead<css_set>;
  /** Static in the kernel: the css_set of the root cgroups. Never freed. */
  readonly init_css_set: css_set;
  /** The directory at the root of the cgroup file system. */
  readonly root_inode: inode;
  readonly #tops: cgroup[] = [];
  readonly #pids = new Map<task_struct, Cell<task_struct | undefined>>();

  constructor(machine: Machine) {
    this.machine = machine;
    this.events = makeEvents(machine);
    this.cgroup_mutex = machine.mutex('cgroup_mutex');
    this.css_set_lock = machine.rwlock('css_set_lock');
    this.tasklist_lock = machine.rwlock('tasklist_lock');
    this.css_set_table = machine.list<css_set>('css_set_table');
    this.root_inode = machine.object(inode, 'root_inode');
    this.init_css_set = machine.object(css_set, 'init_css_set');
    machine.settle(this.init_css_set.refcount, 1);
    machine.settleTail(this.init_css_set.hlist, this.css_set_table);
    this.hierarchy('');
  }

  /** The top cgroup of every hierarchy. */
  get tops(): readonly cgroup[] {
    return this.#tops;
  }

  /**
   * Mounts one more hierarchy; its cgroups are called `name:/path`.
   * @throws UsageError once there are tasks
   */
  hierarchy(name: string): cgroupfs_root {
    if (this.#pids.size > 0) throw new UsageError('call hierarchy() before the first task is made');
    const root = { name, index: this.#tops.length, subsystems: [] };
    const top = this.mkdir('/', root);
    this.#tops.push(top);
    const init = this.init_css_set;
    this.machine.settle(init.subsys, Object.freeze([...init.subsys.peek(), top]));
    return root;
  }

  /** Binds a controller to the first hierarchy. */
  subsystem(ss: cgroup_subsys): void {
    (this.#tops[0] as cgroup).root.subsystems.push(ss);
  }

  /** Makes a cgroup, by default in the first hierarchy. */
  mkdir(path: string, root?: cgroupfs_root): cgroup {
    const of = root ?? (this.#tops[0] as cgroup).root;
    const type = class extends cgroup {
      constructor(memory: Memory) {
        super(memory, of);
      }
    };
    return this.machine.object(type, of.name === '' ? path : `${of.name}:${path}`);
  }

  /** A process of one thread, in the given cgroups: at most one per hierarchy, elsewhere in the root. */
  task(name: string, ...cgroups: readonly cgroup[]): task_struct {
    const machine = this.machine;
    const task = this.#makeTask(name, this.#cssSetFor(cgroups));
    machine.settle(task.signal, machine.object(signal_struct, `${name}->signal`));
    machine.settle(task.sighand, machine.object(sighand_struct, `${name}->sighand`));
    machine.settle(task.group_leader, task);
    return task;
  }

  /** One more thread of a process, in the cgroups of its leader. */
  thread(leader: task_struct, name: string): task_struct {
    const machine = this.machine;
    const task = this.#makeTask(name, leader.cgroups.peek());
    const signal = leader.signal.peek();
    machine.settle(task.signal, signal);
    machine.settle(task.sighand, leader.sighand.peek());
    machine.settle(task.group_leader, leader);
    machine.settleTail(task.thread_group, leader.thread_group);
    machine.settle(signal.nr_threads, signal.nr_threads.peek() + 1);
    return task;
  }

  /** The task has exited before, and nobody has waited for it: a zombie, in the root cgroups and on no list. */
  zombie(task: task_struct): void {
    const { machine, init_css_set: init } = this;
    const old = task.cgroups.peek();
    machine.settle(task.flags, PF_EXITING);
    machine.settle(task.exit_state, EXIT_ZOMBIE);
    machine.settle(task.cgroups, init);
    const { next, prev } = task.cg_list;
    machine.settle(next.peek().prev, prev.peek());
    machine.settle(prev.peek().next, next.peek());
    machine.settle(next, task.cg_list);
    machine.settle(prev, task.cg_list);
    machine.settle(old.refcount, old.refcount.peek() - 1);
  }

  /** The cell that says whom a number names; it outlives the task that stands for the number. */
  task_of(pid: task_struct): Cell<task_struct | undefined> {
    return this.#pids.get(pid) as Cell<task_struct | undefined>;
  }

  #makeTask(name: string, cset: css_set): task_struct {
    const { machine } = this;
    const task = machine.object(task_struct, name);
    this.#pids.set(task, machine.cell<task_struct | undefined>(`pid of ${name}`, task));
    machine.settle(task.usage, 1);
    machine.settle(task.cgroups, cset);
    machine.settleTail(task.cg_list, cset.tasks);
    machine.settle(cset.refcount, cset.refcount.peek() + 1);
    return task;
  }

  /** The css_set for these cgroups, made if there is none yet. */
  #cssSetFor(chosen: readonly cgroup[]): css_set {
    const cgroups = chosen.reduce(withCgroup, this.tops);
    const known = this.css_set_table.peekAll();
    const existing = known.find((cset) => sameCgroups(cset.subsys.peek(), cgroups));
    if (existing !== undefined) return existing;
    const parts = cgroups.filter((cgrp) => !this.tops.includes(cgrp));
    const name = `cset_${parts.map((cgrp) => cgrp.name.replace(/^\//, '')).join('+')}`;
    const cset = this.machine.object(css_set, name);
    this.machine.settle(cset.subsys, cgroups);
    this.machine.settleTail(cset.hlist, this.css_set_table);
    return cset;
  }
}
