// A model as source text, so that tests can edit it as people do: fork versus transfer in small. A child that is
// forked while its group is being emptied is linked to the group that its parent was in.
import { atEnd, type Machine, path } from '../../src/machine/index.js';
import type { Program } from '../../scheduler/index.js';
import { type Cast, program } from './program.js';

export const forkInSmall = `
export default (m, { atEnd, path }) => {
  const css_set_rwsem = m.rwsem('css_set_rwsem');
  const cgroup_mutex = m.mutex('cgroup_mutex');
  const parent = m.cell('parent.cgroups', 'F');
  const child = m.cell('child.cgroups', 'none');
  const tasks = { F: m.cell('F.tasks', 'parent'), D: m.cell('D.tasks', '') };
  const cgroupsOf = { parent, child };
  const refs = m.cell('refs', 1);
  const mm = m.cell('mm', 7);
  const scratch = m.cell('scratch', 0);

  const get_css_set = path('get_css_set', function* (cpu) {
    yield* cpu.fetch_add(refs, 1);
  });
  const cgroup_fork = path('cgroup_fork', function* (cpu) {
    yield* cpu.down_read(css_set_rwsem);
    const cset = yield* cpu.read(parent);
    yield* get_css_set(cpu);
    yield* cpu.write(child, cset);
    yield* cpu.up_read(css_set_rwsem);
  });
  const copy_mm = path('copy_mm', function* (cpu) {
    const pages = yield* cpu.read(mm);
    yield* cpu.write(scratch, pages);
  });
  const cgroup_post_fork = path('cgroup_post_fork', function* (cpu) {
    yield* cpu.down_write(css_set_rwsem);
    const cset = yield* cpu.read(child);
    const list = yield* cpu.read(tasks[cset]);
    yield* cpu.write(tasks[cset], list + ' child');
    yield* cpu.up_write(css_set_rwsem);
  });
  const first_task = path('first_task', function* (cpu) {
    yield* cpu.down_read(css_set_rwsem);
    const list = yield* cpu.read(tasks.F);
    yield* cpu.up_read(css_set_rwsem);
    return list.trim().split(' ')[0];
  });
  const migrate = path('migrate', function* (cpu, task) {
    yield* cpu.down_write(css_set_rwsem);
    yield* cpu.write(cgroupsOf[task], 'D');
    const from = yield* cpu.read(tasks.F);
    yield* cpu.write(tasks.F, from.replace(task, '').trim());
    const to = yield* cpu.read(tasks.D);
    yield* cpu.write(tasks.D, to + ' ' + task);
    yield* cpu.up_write(css_set_rwsem);
  });

  return {
    actors: {
      *fork(cpu) {
        yield* cgroup_fork(cpu);
        yield* copy_mm(cpu);
        yield* cgroup_post_fork(cpu);
      },
      *transfer(cpu) {
        yield* cpu.mutex_lock(cgroup_mutex);
        for (let task = yield* first_task(cpu); task !== ''; task = yield* first_task(cpu)) {
          yield* migrate(cpu, task);
        }
        yield* cpu.mutex_unlock(cgroup_mutex);
      },
    },
    properties: [atEnd('nobody is left behind', () => tasks.F.peek() === '')],
  };
};
`;

/** A change of a model's text: each pair is what stood there, once, and what stands there now. */
export type Edit = readonly (readonly [string, string])[];

/**
 * The text with the edit.
 * @throws Error where something is not there exactly once
 */
export function edited(text: string, edit: Edit): string {
  return edit.reduce((before, [old, now]) => {
    const parts = before.split(old);
    if (parts.length !== 2) throw new Error(`"${old}" is there ${String(parts.length - 1)} times`);
    return parts.join(now);
  }, text);
}

type Setup = (
  machine: Machine,
  tools: { readonly atEnd: typeof atEnd; readonly path: typeof path },
) => Cast;

/** The program of a model's text. */
export async function programOfText(text: string): Promise<Program> {
  const url = `data:text/javascript,${encodeURIComponent(text)}`;
  const { default: setup } = (await import(/* @vite-ignore */ url)) as { readonly default: Setup };
  return program('fork in small', (machine) => setup(machine, { atEnd, path }));
}
