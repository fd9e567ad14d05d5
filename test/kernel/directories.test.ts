// mkdir and rmdir of cgroups, one execution each: what they return, and what is left afterwards.
import { describe, expect, it } from 'vitest';
import {
  type cgroup_subsys,
  type Cpu,
  EBUSY,
  ENODEV,
  ENOENT,
  type For315,
  type kernfs_node,
  taskMigration,
} from '../../src/kernel/index.js';
import type { Path } from '../../src/machine/index.js';
import { boot, on, run } from './go-on.js';

const { Kernel } = taskMigration.compose({ upTo: 'base' });

/** Runs one actor, on a task in the root. */
function does(k: For315, path: (cpu: Cpu) => Path<unknown>): string {
  return run(k, [on('user', k.task('user'), path)]).kind;
}

describe('rmdir', () => {
  it('refuses a cgroup with a task, and one with a child, and says of a second time that there is none', () => {
    const k = boot(Kernel);
    const [F, G, C] = [k.mkdir('/F'), k.mkdir('/G'), k.mkdir('/G/C')];
    k.task('member', F);
    const returned: number[] = [];
    const rmdir = function* (cpu: Cpu): Path {
      for (const cgrp of [F, G, C, C, G]) returned.push(yield* k.vfs_rmdir(cpu, k.dir(cgrp)));
    };
    expect(does(k, rmdir)).toBe('ok');
    expect(returned).toEqual([-EBUSY, -EBUSY, 0, -ENOENT, 0]);
    expect(k.cgroups().map(({ name }) => name)).toEqual(['/', '/F']);
  });

  it('takes each css offline and frees it, and the cgroup after that', () => {
    const k = boot(Kernel);
    const told: string[] = [];
    const memory: cgroup_subsys = {
      name: 'memory',
      *css_offline() {
        told.push('offline');
      },
      *css_free() {
        told.push('free');
      },
    };
    k.subsystem(memory);
    const F = k.mkdir('/F');
    expect(does(k, (cpu) => k.vfs_rmdir(cpu, k.dir(F)))).toBe('ok');
    expect(told).toEqual(['offline', 'free']);
    expect(k.cgroups().map(({ name }) => name)).toEqual(['/']);
  });

  it('lets nobody in afterwards', () => {
    const k = boot(Kernel);
    const [F, task] = [k.mkdir('/F'), k.task('task')];
    const returned: number[] = [];
    const late = function* (cpu: Cpu): Path {
      yield* k.vfs_rmdir(cpu, k.dir(F));
      returned.push(yield* k.cgroup_file_write(cpu, k.dir(F), task, false));
    };
    expect(does(k, late)).toBe('ok');
    expect(returned).toEqual([-ENODEV]);
  });
});

describe('mkdir', () => {
  it('makes a cgroup that can be removed again, with a css of each controller', () => {
    const k = boot(Kernel);
    k.subsystem({ name: 'memory' });
    const F = k.mkdir('/F');
    const counts: number[] = [];
    const cycle = function* (cpu: Cpu): Path {
      const kn = (yield* k.vfs_mkdir(cpu, k.dir(F), 'C')) as kernfs_node;
      counts.push(kn.priv.peek().nr_css.peek(), F.children.peekAll().length);
      counts.push(yield* k.vfs_rmdir(cpu, kn));
    };
    expect(does(k, cycle)).toBe('ok');
    expect(counts).toEqual([1, 1, 0]);
    expect(k.cgroups().map(({ name }) => name)).toEqual(['/', '/F']);
  });
});

describe('the release agent', () => {
  it('is called once for a cgroup whose last task has left, and can remove it', () => {
    const k = boot(Kernel);
    const F = k.mkdir('/F');
    const asked: string[] = [];
    k.set_notify_on_release(F);
    k.release_agent(function* (cpu, kn) {
      asked.push(kn.name);
      yield* k.vfs_rmdir(cpu, kn);
    });
    const member = k.task('member', F);
    expect(run(k, [on('exit', member, (cpu) => k.do_exit(cpu))]).kind).toBe('ok');
    expect(asked).toEqual(['directory /F']);
    expect(k.cgroups().map(({ name }) => name)).toEqual(['/']);
  });
});
