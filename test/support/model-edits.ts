// What people do to a model: twenty refactorings that change nothing that matters, and five changes that do.
import type { Edit } from './model-text.js';

const postFork = `  const cgroup_post_fork = path('cgroup_post_fork', function* (cpu) {
    yield* cpu.down_write(css_set_rwsem);
    const cset = yield* cpu.read(child);
    const list = yield* cpu.read(tasks[cset]);
    yield* cpu.write(tasks[cset], list + ' child');
    yield* cpu.up_write(css_set_rwsem);
  });`;

export const refactorings: Readonly<Record<string, Edit>> = {
  'a helper is extracted': [
    [
      postFork,
      `  const link_child = path('link_child', function* (cpu) {
    const cset = yield* cpu.read(child);
    const list = yield* cpu.read(tasks[cset]);
    yield* cpu.write(tasks[cset], list + ' child');
  });
  const cgroup_post_fork = path('cgroup_post_fork', function* (cpu) {
    yield* cpu.down_write(css_set_rwsem);
    yield* link_child(cpu);
    yield* cpu.up_write(css_set_rwsem);
  });`,
    ],
  ],
  'a helper is extracted around the place itself': [
    [
      postFork,
      `  const lock_css_sets = path('lock_css_sets', function* (cpu) {
    yield* cpu.down_write(css_set_rwsem);
  });
${postFork.replace('yield* cpu.down_write(css_set_rwsem)', 'yield* lock_css_sets(cpu)')}`,
    ],
  ],
  'a helper is inlined': [
    ['yield* get_css_set(cpu);', 'yield* cpu.fetch_add(refs, 1);'],
    ['yield* copy_mm(cpu);', 'yield* cpu.write(scratch, yield* cpu.read(mm));'],
  ],
  'a helper is renamed': [
    ["path('cgroup_post_fork'", "path('cgroup_fork_finish'"],
    ["path('copy_mm'", "path('dup_mm'"],
  ],
  'a private cell is read besides': [
    [
      'const pages = yield* cpu.read(mm);',
      'const pages = yield* cpu.read(mm); yield* cpu.read(scratch);',
    ],
  ],
  'a debug cell is written at each turn of the loop': [
    [
      "const mm = m.cell('mm', 7);",
      "const mm = m.cell('mm', 7); const debug = m.cell('debug', 0);",
    ],
    ['yield* migrate(cpu, task);', 'yield* cpu.write(debug, task); yield* migrate(cpu, task);'],
    ['yield* cgroup_fork(cpu);', "yield* cpu.write(debug, 'fork'); yield* cgroup_fork(cpu);"],
  ],
  'a shared cell is looked at once more before': [
    [
      'yield* copy_mm(cpu);',
      'yield* cpu.down_write(css_set_rwsem); yield* cpu.read(child); yield* cpu.up_write(css_set_rwsem); yield* copy_mm(cpu);',
    ],
  ],
  'setup makes things in another order': [
    ["  const css_set_rwsem = m.rwsem('css_set_rwsem');\n", ''],
    [
      "  const scratch = m.cell('scratch', 0);",
      "  const scratch = m.cell('scratch', 0);\n  const css_set_rwsem = m.rwsem('css_set_rwsem');",
    ],
  ],
  'there is another property': [
    [
      "atEnd('nobody is left behind', () => tasks.F.peek() === '')",
      "atEnd('references are kept', () => refs.peek() > 0), atEnd('nobody is left behind', () => tasks.F.peek() === '')",
    ],
  ],
  'another thread comes first': [
    [
      '    actors: {',
      '    actors: {\n      *reader(cpu) { yield* cpu.read(mm); yield* cpu.write(scratch, 0); },',
    ],
  ],
  'another thread comes between': [
    [
      '      *transfer(cpu) {',
      '      *reader(cpu) { for (let i = 0; i < 3; i++) yield* cpu.read(mm); },\n      *transfer(cpu) {',
    ],
  ],
  'another thread comes last': [
    [
      '        yield* cpu.mutex_unlock(cgroup_mutex);\n      },',
      '        yield* cpu.mutex_unlock(cgroup_mutex);\n      },\n      *reader(cpu) { yield* cpu.read(refs); },',
    ],
  ],
  'a write is split in two cells': [
    [
      "const scratch = m.cell('scratch', 0);",
      "const scratch = m.cell('scratch', 0); const high = m.cell('scratch_high', 0);",
    ],
    [
      'yield* cpu.write(scratch, pages);',
      'yield* cpu.write(high, pages >> 2); yield* cpu.write(scratch, pages & 3);',
    ],
  ],
  'two independent reads change places': [
    [
      "const from = yield* cpu.read(tasks.F);\n    yield* cpu.write(tasks.F, from.replace(task, '').trim());\n    const to = yield* cpu.read(tasks.D);",
      "const to = yield* cpu.read(tasks.D);\n    const from = yield* cpu.read(tasks.F);\n    yield* cpu.write(tasks.F, from.replace(task, '').trim());",
    ],
  ],
  'the place moves behind what was independent of it': [
    [
      'yield* copy_mm(cpu);\n        yield* cgroup_post_fork(cpu);',
      'yield* cgroup_post_fork(cpu);\n        yield* copy_mm(cpu);',
    ],
  ],
  'the loop has another form': [
    [
      `for (let task = yield* first_task(cpu); task !== ''; task = yield* first_task(cpu)) {
          yield* migrate(cpu, task);
        }`,
      `for (;;) {
          const task = yield* first_task(cpu);
          if (task === '') break;
          yield* migrate(cpu, task);
        }`,
    ],
  ],
  'a second lock is taken that nobody contends for': [
    [
      "  const mm = m.cell('mm', 7);",
      "  const mm = m.cell('mm', 7);\n  const mmap_lock = m.rwsem('mmap_lock');",
    ],
    [
      'const pages = yield* cpu.read(mm);',
      'yield* cpu.down_write(mmap_lock); const pages = yield* cpu.read(mm);',
    ],
    [
      'yield* cpu.write(scratch, pages);',
      'yield* cpu.write(scratch, pages); yield* cpu.up_write(mmap_lock);',
    ],
  ],
  'a cell has another name': [
    ["m.cell('parent.cgroups', 'F')", "m.cell('parent.css_set', 'F')"],
    ["m.rwsem('css_set_rwsem')", "m.rwsem('css_set_lock')"],
    ["m.cell('F.tasks', 'parent')", "m.cell('source.tasks', 'parent')"],
  ],
  'the threads have other names': [
    ['*fork(cpu)', '*copy_process(cpu)'],
    ['*transfer(cpu)', '*cgroup_transfer_tasks(cpu)'],
  ],
  'a BUG_ON() is added, and the actors change places': [
    [
      'yield* cpu.write(child, cset);',
      "yield* cpu.BUG_ON(cset === 'none', 'no css_set'); yield* cpu.write(child, cset);",
    ],
    [
      `      *fork(cpu) {
        yield* cgroup_fork(cpu);
        yield* copy_mm(cpu);
        yield* cgroup_post_fork(cpu);
      },
`,
      '',
    ],
    [
      '        yield* cpu.mutex_unlock(cgroup_mutex);\n      },',
      `        yield* cpu.mutex_unlock(cgroup_mutex);
      },
      *fork(cpu) {
        yield* cgroup_fork(cpu);
        yield* copy_mm(cpu);
        yield* cgroup_post_fork(cpu);
      },`,
    ],
  ],
};

/** A change that matters, and what a replay of the failure must say of it. */
export interface RealChange {
  readonly edit: Edit;
  readonly how: 'after search' | 'no longer';
  /** The first place that no longer applies, and what the thread does instead; undefined where all still do. */
  readonly gone: readonly [string, string] | undefined;
  /** The message of another failure that is met. */
  readonly other: string | undefined;
}

const link =
  '    const cset = yield* cpu.read(child);\n    const list = yield* cpu.read(tasks[cset]);';

export const realChanges: Readonly<Record<string, RealChange>> = {
  'the fix: the child joins the group that its parent is in by then': {
    edit: [[link, link.replace('read(child)', 'read(parent)')]],
    how: 'no longer',
    gone: undefined,
    other: undefined,
  },
  'half a fix: the lock is dropped between looking and joining': {
    edit: [
      [
        link,
        link
          .replace('read(child)', 'read(parent)')
          .replace(
            ';\n',
            ';\n    yield* cpu.up_write(css_set_rwsem);\n    yield* cpu.down_write(css_set_rwsem);\n',
          ),
      ],
    ],
    how: 'after search',
    gone: undefined,
    other: undefined,
  },
  'a lock covers the whole of fork': {
    edit: [
      [
        'yield* cgroup_fork(cpu);',
        'yield* cpu.mutex_lock(cgroup_mutex);\n        yield* cgroup_fork(cpu);',
      ],
      [
        'yield* cgroup_post_fork(cpu);',
        'yield* cgroup_post_fork(cpu);\n        yield* cpu.mutex_unlock(cgroup_mutex);',
      ],
    ],
    how: 'no longer',
    gone: ['a turn of transfer', 'transfer waits before mutex_lock(cgroup_mutex)#1, for fork'],
    other: undefined,
  },
  'the child is not linked any more': {
    edit: [['        yield* cgroup_post_fork(cpu);\n', '']],
    how: 'no longer',
    gone: ['fork cgroup_post_fork down_write(css_set_rwsem)#1', 'fork ends without it'],
    other: undefined,
  },
  'another bug instead: whoever was moved in between panics': {
    edit: [
      [
        link,
        `${link.replace('read(child)', 'read(parent)')}
    yield* cpu.BUG_ON(cset !== (yield* cpu.read(child)), 'moved while it was forked');`,
      ],
    ],
    how: 'no longer',
    gone: undefined,
    other: 'moved while it was forked',
  },
};
