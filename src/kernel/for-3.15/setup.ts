// Building the initial state: hierarchies, cgroups and tasks, as they are after the first mount unless the
// scenario asks for the time before it. Nothing here is a path.
import { type Path, UsageError, type Work, type Workqueue } from '../../machine/index.js';
import { type cgroup, CGROUP_SUBSYS_COUNT, cgroup_root, CGRP_NOTIFY_ON_RELEASE } from './cgroup.js';
import { CSS_ONLINE, CSS_ROOT } from './css.js';
import { cgrp_cset_link, css_set, sameCgroups, withCgroup } from './css-set.js';
import { PAGE_SIZE } from './flex-array.js';
import { kernfs_node } from './kernfs-node.js';
import { State } from './state.js';
import type { cgroup_subsys } from './subsystem.js';
import {
  type Cpu,
  PF_EXITING,
  sighand_struct,
  SIGNAL_GROUP_EXIT,
  signal_struct,
  task_struct,
} from './task.js';

export abstract class Setup extends State {
  readonly #roots: { readonly root: cgroup_root; readonly top: cgroup }[] = [];
  readonly #byPath = new Map<string, cgroup>();
  readonly #lastMounts = new Set<task_struct>();
  readonly #exitWorks = new Map<task_struct, { readonly queue: Workqueue; readonly work: Work }>();
  #haveTasks = false;
  #started = 0;
  #page_size = PAGE_SIZE;

  /** Bytes of a page. */
  get page_size(): number {
    return this.#page_size;
  }

  /** The top cgroup of every hierarchy, in the order in which they were mounted; the first is the default one. */
  get tops(): readonly cgroup[] {
    return this.#roots.map(({ top }) => top);
  }

  /** All controllers of all hierarchies. */
  subsystems(): readonly cgroup_subsys[] {
    return this.#roots.flatMap(({ root }) => root.subsystems);
  }

  /** Whether any subsystem wants to know of fork and exit. */
  get need_forkexit_callback(): boolean {
    return this.#roots.some(({ root }) =>
      root.subsystems.some((ss) => ss.fork !== undefined || ss.exit !== undefined),
    );
  }

  constructor(...args: ConstructorParameters<typeof State>) {
    super(...args);
    this.hierarchy('');
  }

  /** Small pages make what is sized by pages small enough to be explored. */
  set_page_size(bytes: number): void {
    this.#page_size = bytes;
  }

  /**
   * Mounts one more hierarchy; its cgroups are called `name:/path`.
   * @throws UsageError once there are tasks
   */
  hierarchy(name: string): cgroup_root {
    this.#beforeTasks('hierarchy()');
    const root = new cgroup_root(name, this.#roots.length);
    const top = this.#makeCgroup(root, '/');
    this.#roots.push({ root, top });
    const init = this.init_css_set;
    this.machine.settle(init.subsys, Object.freeze([...init.subsys.peek(), top]));
    this.#link(init, top);
    return root;
  }

  /**
   * Binds a controller to a hierarchy, by default to the first one.
   * @throws UsageError for one more than this model has room for
   */
  subsystem(ss: cgroup_subsys, root = this.#defaultRoot()): void {
    if (root.subsystems.length === CGROUP_SUBSYS_COUNT) {
      const room = String(CGROUP_SUBSYS_COUNT);
      throw new UsageError(
        `a hierarchy has room for ${room} subsystems: bind "${ss.name}" elsewhere`,
      );
    }
    root.subsystems.push(ss);
    for (const cgrp of this.#byPath.values()) if (cgrp.root === root) this.#makeCss(cgrp, ss);
  }

  /**
   * Makes a cgroup, by default in the first hierarchy. Its css_set is made when a task is put into it.
   * @throws UsageError if the path is taken or does not begin with a slash
   */
  mkdir(path: string, root?: cgroup_root): cgroup {
    if (!path.startsWith('/')) {
      throw new UsageError(`the path of a cgroup begins with a slash: "/${path}", not "${path}"`);
    }
    return this.#makeCgroup(root ?? this.#defaultRoot(), path);
  }

  /** The cgroup's notify_on_release is 1, and release_agent the path of a program. */
  set_notify_on_release(cgrp: cgroup, ...more: readonly cgroup[]): void {
    this.useReleaseAgent();
    for (const { flags } of [cgrp, ...more]) {
      this.machine.settle(flags, flags.peek() | CGRP_NOTIFY_ON_RELEASE);
    }
  }

  /** What the file release_agent names: a program that is given the directory of an empty cgroup. */
  release_agent(program: (cpu: Cpu, kn: kernfs_node) => Path<unknown>): void {
    this.useReleaseAgent(program);
  }

  /** Nothing is mounted yet: tasks are in the root cgroups and on no list. Call this before making tasks. */
  before_first_mount(): void {
    this.#beforeTasks('before_first_mount()');
    this.machine.settle(this.use_task_css_set_links, false);
  }

  /**
   * A process of one thread, in the given cgroups (at most one per hierarchy; elsewhere in the root).
   * @throws UsageError for an unknown path, and for a cgroup before the first mount
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

  /** One more thread of a process, in the given cgroups; by default in those of its leader. */
  thread(leader: task_struct, name: string, ...cgroups: readonly (cgroup | string)[]): task_struct {
    const own = cgroups.map((cgrp) => this.#find(cgrp));
    const cset = own.length === 0 ? leader.cgroups.peek() : this.#cssSetFor(own);
    const task = this.#makeTask(name, cset);
    const machine = this.machine;
    const signal = leader.signal.peek();
    machine.settle(task.signal, signal);
    machine.settle(task.sighand, leader.sighand.peek());
    machine.settle(task.group_leader, leader);
    machine.settleTail(task.thread_group, leader.thread_group);
    machine.settle(signal.nr_threads, signal.nr_threads.peek() + 1);
    machine.settle(signal.live, signal.live.peek() + 1);
    return task;
  }

  /** A signal is pending for the task: a fork of it fails with -ERESTARTNOINTR. */
  set_sigpending(task: task_struct): void {
    this.machine.settle(task.sigpending, true);
  }

  /** The whole process is about to exit, as after exit_group(). */
  set_group_exit(task: task_struct): void {
    this.machine.settle(task.signal.peek().flags, SIGNAL_GROUP_EXIT);
  }

  /** The task is past exit_signals(): the actor goes on with do_exit_from_mm(). */
  set_exiting(task: task_struct): void {
    this.machine.settle(task.flags, task.flags.peek() | PF_EXITING);
  }

  /** When the task exits, its mount namespace goes, and with that the last mount of some hierarchy. */
  set_last_mount(task: task_struct): void {
    this.#lastMounts.add(task);
  }

  /** What set_last_mount() was told, which never changes. */
  hasLastMount(task: task_struct): boolean {
    return this.#lastMounts.has(task);
  }

  /** When the task exits, it queues the work on the CPU that it is on, and waits for it. */
  set_exit_work(task: task_struct, queue: Workqueue, work: Work): void {
    this.#exitWorks.set(task, { queue, work });
  }

  /** What set_exit_work() was told, which never changes. */
  exitWorkOf(task: task_struct): { readonly queue: Workqueue; readonly work: Work } | undefined {
    return this.#exitWorks.get(task);
  }

  /** Gives a task of the initial state its reference on its css_set, if this rung's tasks have one. */
  settleReference(cset: css_set, _linked: boolean): void {
    this.machine.settle(cset.refcount, cset.refcount.peek() + 1);
  }

  #makeTask(name: string, cset: css_set): task_struct {
    this.#haveTasks = true;
    const machine = this.machine;
    const task = machine.object(task_struct, name);
    const linked = this.use_task_css_set_links.peek();
    machine.settle(task.usage, 1);
    machine.settle(task.start_time, ++this.#started);
    machine.settle(task.cgroups, cset);
    machine.settle(this.hashed(task), true);
    if (linked) machine.settleTail(task.cg_list, cset.tasks);
    this.settleReference(cset, linked);
    return task;
  }

  #makeCgroup(root: cgroup_root, path: string): cgroup {
    const machine = this.machine;
    const prefix = root.name === '' ? '' : `${root.name}:`;
    const parent = path === '/' ? null : this.#find(prefix + parentOf(path));
    const cgrp = machine.object(root.cgroup_type, prefix + path);
    const kn = machine.object(kernfs_node, `directory ${cgrp.name}`);
    this.#byPath.set(cgrp.name, cgrp);
    this.keepDirectory(cgrp, kn);
    machine.settle(cgrp.refcnt, 1);
    machine.settle(cgrp.kn, kn);
    machine.settle(kn.priv, cgrp);
    machine.settle(kn.linked, true);
    if (parent !== null) {
      machine.settle(cgrp.parent, parent);
      machine.settle(kn.parent, this.dir(parent));
      machine.settleTail(cgrp.sibling, parent.children);
      machine.settle(parent.refcnt, parent.refcnt.peek() + 1);
    }
    for (const ss of root.subsystems) this.#makeCss(cgrp, ss);
    return cgrp;
  }

  /** As create_css() leaves it. */
  #makeCss(cgrp: cgroup, ss: cgroup_subsys): void {
    const machine = this.machine;
    const ssid = cgrp.root.subsystems.indexOf(ss);
    const css = machine.object(this.css_type, `css ${ss.name} of ${cgrp.name}`);
    const parent = cgrp.parent.peek()?.subsys[ssid]?.peek() ?? null;
    machine.settle(css.cgroup, cgrp);
    machine.settle(css.ss, ss);
    machine.settle(css.parent, parent);
    machine.settle(css.flags, parent === null ? CSS_ONLINE | CSS_ROOT : CSS_ONLINE);
    const slot = cgrp.subsys[ssid];
    if (slot !== undefined) machine.settle(slot, css);
    machine.settle(cgrp.subsys_mask, cgrp.subsys_mask.peek() | (1 << ssid));
    machine.settle(cgrp.nr_css, cgrp.nr_css.peek() + 1);
    machine.settle(cgrp.refcnt, cgrp.refcnt.peek() + 1);
    if (parent?.parent.peek()) {
      machine.settle(parent.refcnt.count, parent.refcnt.count.peek() + 1);
    }
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
    if (!this.use_task_css_set_links.peek()) {
      throw new UsageError(
        'before the first mount every task is in the root: leave its cgroup out',
      );
    }
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
    const link = machine.object(cgrp_cset_link, `link of ${cset.name} and ${cgrp.name}`);
    machine.settle(link.cset, cset);
    machine.settle(link.cgrp, cgrp);
    machine.settleTail(link.cset_link, cgrp.cset_links);
    machine.settleTail(link.cgrp_link, cset.cgrp_links);
  }

  #defaultRoot(): cgroup_root {
    return (this.tops[0] as cgroup).root;
  }

  #beforeTasks(what: string): void {
    if (this.#haveTasks) throw new UsageError(`call ${what} before the first task is made`);
  }
}

/** `/` of `/F`, `/F` of `/F/G`. */
function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}
