// One thread at a time through fork, exit, attach and transfer, at every rung and at the subsets that are
// hypotheses of their own.
import { describe, expect, it } from 'vitest';
import type { task_struct } from '../../src/kernel/index.js';
import {
  CLONE_THREAD,
  type cgroup_subsys,
  type Cpu,
  ENOMEM,
  ERESTARTNOINTR,
  ESRCH,
  type For315,
  taskMigration,
} from '../../src/kernel/index.js';
import type { Path } from '../../src/machine/index.js';
import { boot, on, run } from './go-on.js';

const rungs = [
  ...taskMigration.ladder.map((upTo) => taskMigration.compose({ upTo })),
  taskMigration.compose({ with: ['0005'] }),
  taskMigration.compose({ with: ['0006'] }),
  taskMigration.compose({ upTo: '0002', with: ['0005'] }),
  taskMigration.compose({ upTo: '0007', without: ['0005'] }),
  taskMigration.compose({ upTo: '0007', without: ['siglock', '0005', '0006'] }),
  taskMigration.compose({ elide: ['exit_mm', 'exit_files', 'exit_fs'], fill: ['acct_collect'] }),
];

/** What must be true of any state in which nothing is under way: I-01, I-02, I-06, I-18 and no lock held. */
function expectSound(k: For315): void {
  const csets = k.css_sets();
  for (const task of k.tasks()) {
    const lists = csets.filter((cset) => cset.tasks.peekAll().includes(task));
    const gone = task.exit_state.peek() !== 0;
    expect(k.isLinked(task), task.name).toBe(k.use_task_css_set_links.peek() && !gone);
    expect(lists, task.name).toEqual(k.isLinked(task) ? [task.cgroups.peek()] : []);
  }
  for (const cset of csets) {
    expect(cset.mg_tasks.peekEmpty() && cset.mg_node.peekEmpty()).toBe(true);
    expect(cset.mg_preload_node.peekEmpty()).toBe(true);
    expect([cset.mg_src_cgrp.peek(), cset.mg_dst_cset.peek()]).toEqual([null, null]);
    if (cset === k.init_css_set) continue;
    const owners = k.tasks().filter((t) => t.cgroups.peek() === cset && k.holdsReference(t));
    expect(cset.refcount.peek(), cset.name).toBe(owners.length);
  }
  expect(k.heldLocks()).toEqual([]);
}

function walk(
  k: For315,
  current: task_struct,
  path: (cpu: Cpu) => Path<unknown>,
  fails?: (nth: number) => boolean,
): void {
  expect(run(k, [on('walk', current, path)], fails)).toEqual({ kind: 'ok' });
  expectSound(k);
}

describe.each(rungs)('at rung $label', ({ Kernel }) => {
  it('a forked process and a forked thread are in the cgroup of their parent', () => {
    const k = boot(Kernel);
    const F = k.mkdir('/F');
    const p = k.task('p', '/F');
    const forked: unknown[] = [];
    k.events.post_fork_done.listeners.push(({ child }) => forked.push(child.label));
    walk(k, p, function* (cpu) {
      yield* k.copy_process(cpu);
      yield* k.copy_process(cpu, CLONE_THREAD);
    });
    expect(forked).toEqual(['child', 'child2']);
    expect(k.membersOf(F)).toHaveLength(3);
    expect(p.signal.peek().nr_threads.peek()).toBe(2);
    expect(k.init_task_tasks.peekAll()).toHaveLength(2);
    expect(p.thread_group.peekEmpty()).toBe(false);
  });

  it('a fork that meets a signal leaves nothing behind', () => {
    const k = boot(Kernel);
    const F = k.mkdir('/F');
    const p = k.task('p', F);
    walk(k, p, function* (cpu) {
      yield* k.send_signal(cpu, p);
      const process = yield* k.copy_process(cpu);
      const thread = yield* k.copy_process(cpu, CLONE_THREAD);
      yield* cpu.assert(process === -ERESTARTNOINTR && thread === -ERESTARTNOINTR);
    });
    expect(k.membersOf(F)).toEqual([p]);
    expect(k.tasks()).toEqual([p]);
  });

  it('a task that exits is freed, and the css_set with the last one', () => {
    const k = boot(Kernel);
    const F = k.mkdir('/F');
    const p = k.task('p', F);
    const cset = p.cgroups.peek();
    walk(k, p, (cpu) => k.do_exit(cpu));
    expect(p.memory.peekFreed() && cset.memory.peekFreed()).toBe(true);
    expect(k.membersOf(F)).toEqual([]);
    expect(k.init_task_tasks.peekAll()).toEqual([]);
    expect(k.css_sets()).toEqual([k.init_css_set]);
  });

  it('a leader that exits first is released with its last thread', () => {
    const k = boot(Kernel);
    const p = k.task('p', k.mkdir('/F'));
    const t = k.thread(p, 't');
    const released: string[] = [];
    k.events.task_released.listeners.push(({ task }) => released.push(task.name));
    expect(
      run(k, [on('p', p, (cpu) => k.do_exit(cpu)), on('t', t, (cpu) => k.do_exit(cpu))]),
    ).toEqual({ kind: 'ok' });
    expectSound(k);
    expect(released).toEqual(['t', 'p']);
    expect(k.tasks()).toEqual([]);
  });

  it('attaching a process moves all its threads, attaching a task moves that one', () => {
    const k = boot(Kernel);
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    const p = k.task('p', F);
    const t = k.thread(p, 't');
    const moved: string[] = [];
    k.events.task_committed.listeners.push(({ task, from, to }) => {
      moved.push(
        `${task.name}: ${String(k.cgroupOf(from, D)?.name)} -> ${String(k.cgroupOf(to, D)?.name)}`,
      );
    });
    walk(k, p, function* (cpu) {
      yield* cpu.assert((yield* k.attach_task_by_pid(cpu, D, t, false)) === 0);
      yield* cpu.assert((yield* k.attach_task_by_pid(cpu, F, t, true)) === 0);
      yield* cpu.assert((yield* k.attach_task_by_pid(cpu, D, t, true)) === 0);
      yield* cpu.assert((yield* k.attach_task_by_pid(cpu, D, t, true)) === 0);
    });
    expect(moved.slice(0, 2)).toEqual(['t: /F -> /D', 't: /D -> /F']);
    expect(moved.slice(2).sort()).toEqual(['p: /F -> /D', 't: /F -> /D']);
    expect(k.membersOf(D)).toHaveLength(2);
    expect(k.css_sets()).toHaveLength(2);
  });

  it('a task that is gone cannot be attached', () => {
    const k = boot(Kernel);
    const D = k.mkdir('/D');
    const [p, q] = [k.task('p'), k.task('q')];
    expect(
      run(k, [
        on('exit', p, (cpu) => k.do_exit(cpu)),
        on('attach', q, function* (cpu) {
          yield* cpu.assert((yield* k.attach_task_by_pid(cpu, D, p, true)) === -ESRCH);
        }),
      ]),
    ).toEqual({ kind: 'ok' });
    expectSound(k);
  });

  it('a worker joins the cgroups of a process in all hierarchies', () => {
    const k = boot(Kernel);
    const net = k.hierarchy('net');
    k.mkdir('/F');
    k.mkdir('/G', net);
    const p = k.task('p', '/F', 'net:/G');
    const worker = k.task('worker');
    walk(k, worker, (cpu) => k.cgroup_attach_task_all(cpu, p, worker));
    expect(worker.cgroups.peek()).toBe(p.cgroups.peek());
  });

  it('a transfer empties a cgroup', () => {
    const k = boot(Kernel);
    const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
    const [p, q] = [k.task('p', F), k.task('q', F)];
    k.thread(p, 't');
    const returned: number[] = [];
    k.events.transfer_returned.listeners.push(({ ret }) => returned.push(ret));
    walk(k, q, (cpu) => k.cgroup_transfer_tasks(cpu, D, F));
    expect(returned).toEqual([0]);
    expect(k.membersOf(F)).toEqual([]);
    expect(k.membersOf(D)).toHaveLength(3);
  });

  it('the first mount links every task that does not exit', () => {
    const k = boot(Kernel);
    k.before_first_mount();
    const [p, q] = [k.task('p'), k.task('q')];
    k.thread(p, 't');
    expectSound(k);
    const before = k.init_css_set.refcount.peek();
    walk(k, q, function* (cpu) {
      yield* k.cgroup_mount(cpu);
      yield* k.cgroup_mount(cpu);
    });
    expect(k.init_css_set.tasks.peekAll()).toHaveLength(3);
    expect(k.init_css_set.refcount.peek()).toBe(4);
    expect([1, 4]).toContain(before);
  });

  it('an allocation that fails leaves every task where it was, or moves some of several', () => {
    for (let nth = 0; nth < 12; nth++) {
      const k = boot(Kernel, 1);
      const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
      const p = k.task('p', F);
      const returned: number[] = [];
      k.events.attach_returned.listeners.push(({ ret }) => returned.push(ret));
      const fails = (draw: number): boolean => draw === nth;
      walk(k, p, (cpu) => k.attach_task_by_pid(cpu, D, p, true), fails);
      expect(k.membersOf(returned[0] === 0 ? D : F)).toEqual([p]);
      expect([0, -ENOMEM]).toContain(returned[0]);
    }
    for (let nth = 0; nth < 6; nth++) {
      const k = boot(Kernel, 1);
      const p = k.task('p', k.mkdir('/F'));
      walk(
        k,
        p,
        (cpu) => k.copy_process(cpu),
        (draw) => draw === nth,
      );
    }
  });

  it('a subsystem sees the tasks, may refuse them, and is told of fork and exit', () => {
    const calls: string[] = [];
    const make = (name: string, k: For315, ret: number): cgroup_subsys => ({
      name,
      *can_attach(cpu, _cgrp, tset) {
        const seen: string[] = [];
        let task = yield* k.cgroup_taskset_first(cpu, tset);
        while (task !== undefined) {
          seen.push(task.name);
          task = yield* k.cgroup_taskset_next(cpu, tset);
        }
        calls.push(seen.sort().join());
        return ret;
      },
      *cancel_attach() {},
      *attach(cpu, _cgrp, tset) {
        calls.push(String((yield* k.cgroup_taskset_first(cpu, tset))?.name));
      },
      *fork() {},
      *exit() {},
    });
    const k = boot(Kernel);
    k.subsystem(make('a', k, 0));
    const D = k.mkdir('/D');
    const p = k.task('p', k.mkdir('/F'));
    k.thread(p, 't');
    const told: string[] = [];
    k.events.subsys_called.listeners.push(({ subsys, callback }) =>
      told.push(`${subsys} ${callback}`),
    );
    walk(k, p, function* (cpu) {
      yield* k.copy_process(cpu);
      yield* k.attach_task_by_pid(cpu, D, p, true);
    });
    expect(told).toEqual(['a fork', 'a can_attach', 'a attach']);
    expect(calls[0]).toBe('p,t');

    const refusing = boot(Kernel);
    refusing.subsystem(make('a', refusing, 0));
    refusing.subsystem(make('b', refusing, -1));
    const E = refusing.mkdir('/E');
    const q = refusing.task('q', '/');
    told.length = 0;
    refusing.events.subsys_called.listeners.push(({ subsys, callback }) =>
      told.push(`${subsys} ${callback}`),
    );
    walk(refusing, q, function* (cpu) {
      yield* cpu.assert((yield* refusing.attach_task_by_pid(cpu, E, q, false)) === -1);
      yield* refusing.do_exit(cpu);
    });
    expect(told).toEqual(['a can_attach', 'b can_attach', 'a cancel_attach', 'a exit', 'b exit']);
  });
});

describe('the setup of a kernel', () => {
  const { Kernel } = taskMigration.compose({ upTo: '0007' });

  it('refuses what cannot be', () => {
    const k = boot(Kernel);
    expect(() => k.mkdir('F')).toThrow('begins with a slash');
    expect(() => k.task('p', '/F')).toThrow('no cgroup "/F"; mkdir it first, or take one of: /');
    k.task('p');
    expect(() => k.hierarchy('net')).toThrow('before the first task');
    expect(() => k.before_first_mount()).toThrow('before the first task');
    const early = boot(Kernel);
    early.mkdir('/F');
    early.before_first_mount();
    expect(() => early.task('p', '/F')).toThrow('every task is in the root');
  });

  it('shows the objects of the present execution alone', () => {
    const k = boot(Kernel);
    const p = k.task('p', k.mkdir('/F'));
    let seen: string[] = [];
    k.events.post_fork_done.listeners.push(() => (seen = k.tasks().map((task) => task.name)));
    walk(k, p, function* (cpu) {
      yield* k.youngest_process(cpu);
      yield* k.copy_process(cpu);
    });
    expect(seen).toEqual(['p', 'task_struct:walk/1']);
    k.machine.begin();
    expect(k.tasks()).toEqual([p]);
  });

  it('finds the youngest process', () => {
    const k = boot(Kernel);
    const p = k.task('p');
    walk(k, p, function* (cpu) {
      const child = yield* k.copy_process(cpu);
      yield* cpu.assert((yield* k.youngest_process(cpu)) === child);
    });
  });
});
