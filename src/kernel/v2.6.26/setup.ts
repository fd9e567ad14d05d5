// Building the initial state: hierarchies, cgroups and tasks. Somebody has read a `tasks` file before, so that lists
// are kept, unless the scenario asks for the time before. Nothing here is a path.
import { type Memory, UsageError } from '../../machine/index.js';
import {
  cgroup,
  CGRP_NOTIFY_ON_RELEASE,
  cgroupfs_root,
  cg_cgroup_link,
  css_set,
  sameCgroups,
  withCgroup,
} from './css-set.js';
import { State } from './state.js';
import type { cgroup_subsys } from './subsystem.js';
import { sighand_struct, SIGNAL_GROUP_EXIT, signal_struct, task_struct } from './task.js';

export abstract class Setup extends State {
  readonly #roots: { readonly root: cgroupfs_root; readonly top: cgroup }[] = [];
  readonly #byPath = new Map<string, cgroup>();
  #haveTasks = false;
  #nextOwner: task_struct | undefined;

  /** The top cgroup of every hierarchy, in the order in which they were mounted; the first is the default one. */
  get tops(): readonly cgroup[] {
    return this.#roots.map(({ top }) => top);
  }

  /** Whether any subsystem wants to know of fork and exit. */
  get need_forkexit_callback(): boolean {
    return this.#roots.some(({ root }) =>
      root.subsys_list.some((ss) => ss.fork !== undefined || ss.exit !== undefined),
    );
  }

  /** Who owns the mm once its owner exits. */
  get next_owner(): task_struct | undefined {
    return this.#nextOwner;
  }

  constructor(...args: ConstructorParameters<typeof State>) {
    super(...args);
    this.hierarchy('');
  }

  /**
   * Mounts one more hierarchy; its cgroups are called `name:/path`.
   * @throws UsageError once there are tasks
   */
  hierarchy(name: string): cgroupfs_root {
    this.#beforeTasks('hierarchy()');
    const root = new cgroupfs_root(name, this.#roots.length);
    const top = this.#makeCgroup(root, '/');
    this.#roots.push({ root, top });
    const init = this.init_css_set;
    this.machine.settle(init.subsys, Object.freeze([...init.subsys.peek(), top]));
    this.#link(init, top);
    return root;
  }

  /** Binds a controller to a hierarchy, by default to the first one. */
  subsystem(ss: cgroup_subsys, root?: cgroupfs_root): void {
    (root ?? this.#defaultRoot()).subsys_list.push(ss);
  }

  /**
   * Makes a cgroup, by default in the first hierarchy. Its css_set is made when a task is put into it.
   * @throws UsageError if the path is taken, has no parent, or does not begin with a slash
   */
  mkdir(path: string, root?: cgroupfs_root): cgroup {
    const above = path.slice(0, path.lastIndexOf('/')) || '/';
    if (!path.startsWith('/')) {
      throw new UsageError(`the path of a cgroup begins with a slash: "/${path}", not "${path}"`);
    }
    const at = root ?? this.#defaultRoot();
    const parent = this.#find(nameOf(at, above));
    const cgrp = this.#makeCgroup(at, path);
    this.machine.settleTail(cgrp.sibling, parent.children);
    return cgrp;
  }

  /** Writes 1 to notify_on_release of the cgroup. */
  notify_on_release(cgrp: cgroup): void {
    this.machine.settle(cgrp.flags, CGRP_NOTIFY_ON_RELEASE);
  }

  /** Nobody has read a `tasks` file yet: tasks are on no list. Call this before making tasks. */
  before_first_iteration(): void {
    this.#beforeTasks('before_first_iteration()');
    this.machine.settle(this.use_task_css_set_links, false);
  }

  /**
   * A process of one thread, in the given cgroups (at most one per hierarchy; elsewhere in the root).
   * @throws UsageError for an unknown path
   */
  task(name: string, ...cgroups: readonly (cgroup | string)[]): task_struct {
    const task = this.#makeTask(name, this.#cssSetFor(cgroups.map((c) => this.#find(c))));
    const machine = this.machine;
    machine.settle(task.signal, machine.object(signal_struct, `${name}->signal`));
    machine.settle(task.sighand, machine.object(sighand_struct, `${name}->sighand`));
    machine.settle(task.group_leader, task);
    machine.settleTail(task.tasks, this.init_task_tasks);
    return task;
  }

  /** One more thread of a process, in the cgroups of its leader. */
  thread(leader: task_struct, name: string): task_struct {
    const task = this.#makeTask(name, leader.cgroups.peek());
    const machine = this.machine;
    machine.settle(task.signal, leader.signal.peek());
    machine.settle(task.sighand, leader.sighand.peek());
    machine.settle(task.group_leader, leader);
    machine.settleTail(task.thread_group, leader.thread_group);
    return task;
  }

  /** Two tasks share an mm, which the first one owns, as after clone(CLONE_VM). */
  share_mm(owner: task_struct, next: task_struct): void {
    this.machine.settle(this.mm_owner, owner);
    this.#nextOwner = next;
  }

  /** A signal is pending for the task: a fork of it fails with -ERESTARTNOINTR. */
  set_sigpending(task: task_struct): void {
    this.machine.settle(task.sigpending, true);
  }

  /** The whole process is about to exit, as after exit_group(). */
  set_group_exit(task: task_struct): void {
    this.machine.settle(task.signal.peek().flags, SIGNAL_GROUP_EXIT);
  }

  #makeTask(name: string, cset: css_set): task_struct {
    this.#haveTasks = true;
    const machine = this.machine;
    const task = machine.object(task_struct, name);
    machine.settle(task.usage, 1);
    machine.settle(task.cgroups, cset);
    machine.settle(this.hashed(task), true);
    if (this.keepsLists()) machine.settleTail(task.cg_list, cset.tasks);
    machine.settle(cset.refcount, cset.refcount.peek() + 1);
    return task;
  }

  #makeCgroup(root: cgroupfs_root, path: string): cgroup {
    const name = nameOf(root, path);
    const type = class extends cgroup {
      constructor(memory: Memory) {
        super(memory, root);
      }
    };
    const cgrp = this.machine.object(type, name);
    this.#byPath.set(name, cgrp);
    return cgrp;
  }

  #find(cgrp: cgroup | string): cgroup {
    if (typeof cgrp !== 'string') return cgrp;
    const found = this.#byPath.get(cgrp);
    if (found !== undefined) return found;
    const known = [...this.#byPath.keys()].join(', ');
    throw new UsageError(`there is no cgroup "${cgrp}"; mkdir it first, or take one of: ${known}`);
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
    for (const cgrp of cgroups) this.#link(cset, cgrp);
    return cset;
  }

  #link(cset: css_set, cgrp: cgroup): void {
    const machine = this.machine;
    const link = machine.object(cg_cgroup_link, `link of ${cset.name} and ${cgrp.name}`);
    machine.settle(link.cg, cset);
    machine.settleTail(link.cgrp_link_list, cgrp.css_sets);
    machine.settleTail(link.cg_link_list, cset.cg_links);
    machine.settle(cgrp.count, cgrp.count.peek() + 1);
  }

  #defaultRoot(): cgroupfs_root {
    return (this.tops[0] as cgroup).root;
  }

  #beforeTasks(what: string): void {
    if (this.#haveTasks) throw new UsageError(`call ${what} before the first task is made`);
  }
}

/** How a cgroup is called, in traces and by scenarios. */
function nameOf(root: cgroupfs_root, path: string): string {
  return root.name === '' ? path : `${root.name}:${path}`;
}
