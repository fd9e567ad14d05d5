// The pids controller, kernel/cgroup_pids.c of v4.3: a task is charged where it was forked, moves with its charge, and
// gives it back when it exits. Later changes of the controller are patches.
import type { Machine, Memory, Path } from '../../machine/index.js';
import { EAGAIN } from '../errno.js';
import type { cgroup, cgroup_root, css_set } from '../for-3.15/css-set.js';
import type { cgroup_subsys } from '../for-3.15/subsystem.js';
import type { Cpu, task_struct } from '../for-3.15/task.js';
import type { cgroup_taskset } from '../for-3.15/taskset.js';
import { pids_cgroup, pids_fork_priv, type PidsEvents } from './pids-cgroup.js';
import { Wait } from './wait.js';

export class Pids extends Wait {
  readonly pids_events: PidsEvents;
  readonly #groups = new Map<cgroup, pids_cgroup>();
  readonly #privs = new Map<string, pids_fork_priv>();

  constructor(machine: Machine) {
    super(machine);
    this.pids_events = {
      pids_charged: machine.event('the pids controller has charged a child'),
      pids_uncharged: machine.event('a charge of the pids controller was returned'),
      pids_refused: machine.event('the pids controller has refused a fork'),
      pids_forced: machine.event('the pids controller has charged beyond limits'),
    };
    const [top] = this.tops;
    if (top !== undefined) this.#addGroup(top, undefined);
    this.subsystem(this.pids_subsys());
  }

  // --- Building the initial state -------------------------------------------------------------------------------

  /** A cgroup of the first hierarchy is counted in those above it too. */
  override mkdir(path: string, root?: cgroup_root): cgroup {
    const cgrp = super.mkdir(path, root);
    if (cgrp.root === this.tops[0]?.root) this.#addGroup(cgrp, this.#above(path));
    return cgrp;
  }

  override task(name: string, ...cgroups: readonly (cgroup | string)[]): task_struct {
    return this.#settleCharge(super.task(name, ...cgroups));
  }

  override thread(
    leader: task_struct,
    name: string,
    ...cgroups: readonly (cgroup | string)[]
  ): task_struct {
    return this.#settleCharge(super.thread(leader, name, ...cgroups));
  }

  /** pids.max of a cgroup. */
  set_pids_max(cgrp: cgroup, max: number): void {
    this.machine.settle(this.css_pids(cgrp).limit, max);
  }

  // --- For properties -------------------------------------------------------------------------------------------

  /** Every group that is counted: all but the root. */
  counters(): pids_cgroup[] {
    return [...this.#groups.values()].filter(({ parent }) => parent !== undefined);
  }

  /** The tasks that are charged to just this group when nothing is in flight. */
  ownersOf(pids: pids_cgroup): task_struct[] {
    return this.tasks().filter((task) => this.chargedTo(task.cgroups.peek()) === pids);
  }

  chargedTo(cset: css_set): pids_cgroup | undefined {
    const [cgrp] = cset.subsys.peek();
    return cgrp === undefined ? undefined : this.css_pids(cgrp);
  }

  // --- The controller -------------------------------------------------------------------------------------------

  /** pids_cgrp_subsys. */
  pids_subsys(): cgroup_subsys {
    return {
      name: 'pids',
      can_attach: (cpu, cgrp, tset) => this.pids_can_attach(cpu, cgrp, tset),
      cancel_attach: (cpu, cgrp, tset) => this.pids_cancel_attach(cpu, cgrp, tset),
      can_fork: (cpu, child) => this.pids_can_fork(cpu, child),
      cancel_fork: (cpu, child) => this.pids_cancel_fork(cpu, child),
      ...this.pids_at_fork(),
      ...this.pids_at_end(),
    };
  }

  /** Its callback when a child is linked. */
  pids_at_fork(): Partial<cgroup_subsys> {
    return { fork: (cpu, child) => this.pids_fork(cpu, child) };
  }

  /** Its callback when a task gives its charge back. */
  pids_at_end(): Partial<cgroup_subsys> {
    return { exit: (cpu, old_cgrp, task) => this.pids_exit(cpu, old_cgrp, task) };
  }

  /** css_pids(): which pids_cgroup belongs to a cgroup never changes. */
  css_pids(cgrp: cgroup): pids_cgroup {
    return this.#groups.get(cgrp) as pids_cgroup;
  }

  /** pids_cancel(), kernel/cgroup_pids.c:91, v4.4. A negative count is a bug of the controller. */
  *pids_cancel(cpu: Cpu, pids: pids_cgroup, num: number): Path {
    const old = yield* cpu.fetch_add(pids.counter, -num);
    yield* cpu.WARN_ON(old - num < 0, 'pids_cancel(): the count falls below 0');
  }

  /** pids_uncharge(), kernel/cgroup_pids.c:105, v4.4: from the group up, one counter after the other. */
  *pids_uncharge(cpu: Cpu, pids: pids_cgroup, num: number): Path {
    for (let p = pids; p.parent !== undefined; p = p.parent) yield* this.pids_cancel(cpu, p, num);
  }

  /** pids_charge(), kernel/cgroup_pids.c:122, v4.4: without looking at the limit. */
  *pids_charge(cpu: Cpu, pids: pids_cgroup, num: number): Path {
    for (let p = pids; p.parent !== undefined; p = p.parent) {
      yield* cpu.fetch_add(p.counter, num);
      yield* cpu.emit(this.pids_events.pids_forced, { to: p });
    }
  }

  /** pids_try_charge(), kernel/cgroup_pids.c:139, v4.4. Charges first, looks then, and takes back what was too much. */
  *pids_try_charge(cpu: Cpu, pids: pids_cgroup, num: number): Path<number> {
    for (let p = pids; p.parent !== undefined; p = p.parent) {
      const now = (yield* cpu.fetch_add(p.counter, num)) + num;
      if (now <= (yield* cpu.read(p.limit))) continue;
      yield* cpu.emit(this.pids_events.pids_refused, { by: p });
      for (let q = pids; q !== p; q = q.parent as pids_cgroup) {
        yield* this.pids_cancel(cpu, q, num);
      }
      yield* this.pids_cancel(cpu, p, num);
      return -EAGAIN;
    }
    return 0;
  }

  /** task_css(): the group that a task points to, under RCU. Leaves out: the reference of task_get_css(). */
  *task_pids(cpu: Cpu, task: task_struct): Path<pids_cgroup> {
    yield* this.rcu_read_lock(cpu);
    const cset = yield* cpu.read(task.cgroups);
    const cgroups = yield* cpu.read(cset.subsys);
    yield* this.rcu_read_unlock(cpu);
    return this.css_pids(cgroups[0] as cgroup);
  }

  /** pids_can_attach(), kernel/cgroup_pids.c, v4.3: moves the charge before the task, and never refuses. */
  *pids_can_attach(cpu: Cpu, cgrp: cgroup, tset: cgroup_taskset): Path<number> {
    const pids = this.css_pids(cgrp);
    let task = yield* this.cgroup_taskset_first(cpu, tset);
    while (task !== undefined) {
      const old_pids = yield* this.task_pids(cpu, task);
      yield* this.pids_charge(cpu, pids, 1);
      yield* this.pids_uncharge(cpu, old_pids, 1);
      task = yield* this.cgroup_taskset_next(cpu, tset);
    }
    return 0;
  }

  /** pids_cancel_attach(), kernel/cgroup_pids.c, v4.3. */
  *pids_cancel_attach(cpu: Cpu, cgrp: cgroup, tset: cgroup_taskset): Path {
    const pids = this.css_pids(cgrp);
    let task = yield* this.cgroup_taskset_first(cpu, tset);
    while (task !== undefined) {
      const old_pids = yield* this.task_pids(cpu, task);
      yield* this.pids_charge(cpu, old_pids, 1);
      yield* this.pids_uncharge(cpu, pids, 1);
      task = yield* this.cgroup_taskset_next(cpu, tset);
    }
  }

  /** pids_can_fork(), kernel/cgroup_pids.c, v4.3: charges the group of current, which it remembers. */
  *pids_can_fork(cpu: Cpu, child: task_struct): Path<number> {
    const pids = yield* this.task_pids(cpu, cpu.current);
    const ret = yield* this.pids_try_charge(cpu, pids, 1);
    if (ret !== 0) return ret;
    yield* cpu.init(this.pids_priv(cpu.thread).css, pids);
    yield* cpu.emit(this.pids_events.pids_charged, { task: child });
    return 0;
  }

  /** pids_cancel_fork(), kernel/cgroup_pids.c, v4.3: uncharges the group that pids_can_fork() charged. */
  *pids_cancel_fork(cpu: Cpu, child: task_struct): Path {
    const pids = (yield* cpu.read(this.pids_priv(cpu.thread).css)) as pids_cgroup;
    yield* this.pids_uncharge(cpu, pids, 1);
    yield* cpu.emit(this.pids_events.pids_uncharged, { task: child });
  }

  /** pids_fork(), kernel/cgroup_pids.c, v4.3: the child may be elsewhere than its parent was; the charge follows. */
  *pids_fork(cpu: Cpu, child: task_struct): Path {
    const old_pids = (yield* cpu.read(this.pids_priv(cpu.thread).css)) as pids_cgroup;
    const pids = yield* this.task_pids(cpu, child);
    if (pids === old_pids) return;
    yield* this.pids_uncharge(cpu, old_pids, 1);
    yield* this.pids_charge(cpu, pids, 1);
  }

  /** pids_exit(), kernel/cgroup_pids.c, v4.3. */
  *pids_exit(cpu: Cpu, old_cgrp: cgroup, task: task_struct): Path {
    yield* this.pids_uncharge(cpu, this.css_pids(old_cgrp), 1);
    yield* cpu.emit(this.pids_events.pids_uncharged, { task });
  }

  /** A write to pids.max: pids_max_write(), kernel/cgroup_pids.c, v4.3. No lock, and no look at the count. */
  *pids_max_write(cpu: Cpu, cgrp: cgroup, max: number): Path {
    yield* cpu.write(this.css_pids(cgrp).limit, max);
  }

  /** What copy_process() of a thread keeps on its stack. */
  pids_priv(thread: string): pids_fork_priv {
    let priv = this.#privs.get(thread);
    if (priv === undefined) {
      priv = this.machine.object(pids_fork_priv, `cgrp_ss_priv of ${thread}`);
      this.#privs.set(thread, priv);
    }
    return priv;
  }

  #addGroup(cgrp: cgroup, parent: pids_cgroup | undefined): void {
    const type = class extends pids_cgroup {
      constructor(memory: Memory) {
        super(memory, parent);
      }
    };
    this.#groups.set(cgrp, this.machine.object(type, `pids of ${cgrp.name}`));
  }

  /** The group of the directory that a path is in. */
  #above(path: string): pids_cgroup {
    const directory = path.slice(0, Math.max(1, path.lastIndexOf('/')));
    const above = [...this.#groups].find(([cgrp]) => cgrp.name === directory);
    return (above ?? [...this.#groups][0])?.[1] as pids_cgroup;
  }

  #settleCharge(task: task_struct): task_struct {
    let p = this.chargedTo(task.cgroups.peek());
    while (p?.parent !== undefined) {
      this.machine.settle(p.counter, p.counter.peek() + 1);
      p = p.parent;
    }
    return task;
  }
}
