// W3: forkers that put each child on the list that their own task is on, and two migrators that move every task from one
// list to the other and back. Everything happens under one lock; at the end every task is on the list that it names.
import type { Program } from '../../../scheduler/index.js';
import { atEnd, type Cpu, path, type Path } from '../../../src/machine/index.js';
import { at, crowd, list, program } from '../../../test/support/program.js';

const rounds = 3;
const nowhere = -1;

/** The fixed program: no task is ever lost. */
export function lostTaskFixed(forkers: number, children: number): Program {
  return program(`lost task, fixed (${String(forkers)}, ${String(children)})`, (m) => {
    const tasks = forkers * (1 + children);
    const lock = m.mutex('lock');
    const groups = list(tasks, (t) => m.cell(`task${String(t)}.cg`, t < forkers ? 0 : nowhere));
    const counts = [m.cell('A.tasks', forkers), m.cell('B.tasks', 0)] as const;

    const fork = path('fork', function* (cpu: Cpu, parent: number, child: number): Path {
      yield* cpu.mutex_lock(lock);
      const group = yield* cpu.read(at(groups, parent));
      yield* cpu.write(at(groups, child), group);
      yield* cpu.write(at(counts, group), (yield* cpu.read(at(counts, group))) + 1);
      yield* cpu.mutex_unlock(lock);
    });
    const move = path('move', function* (cpu: Cpu, from: number, to: number): Path<boolean> {
      yield* cpu.mutex_lock(lock);
      let moved = 0;
      for (const group of groups) {
        if ((yield* cpu.read(group)) !== from) continue;
        yield* cpu.write(group, to);
        moved++;
      }
      yield* cpu.write(at(counts, to), (yield* cpu.read(at(counts, to))) + moved);
      yield* cpu.write(at(counts, from), 0);
      yield* cpu.mutex_unlock(lock);
      return (yield* cpu.read(at(counts, from))) === 0;
    });
    const migrator = (from: number) =>
      function* (cpu: Cpu): Path {
        for (let round = 0; round < rounds; round++) {
          if (yield* move(cpu, from, 1 - from)) return;
        }
      };
    return {
      actors: {
        ...crowd(
          'forker',
          forkers,
          (f) =>
            function* (cpu) {
              for (let c = 0; c < children; c++) yield* fork(cpu, f, forkers + f * children + c);
            },
        ),
        toB: migrator(0),
        toA: migrator(1),
      },
      properties: [
        atEnd('every task is on the list that it names', () =>
          counts.every(
            (count, g) => count.peek() === groups.filter((cg) => cg.peek() === g).length,
          ),
        ),
      ],
    };
  });
}
