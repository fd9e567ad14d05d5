// Small random programs: cells, mutexes, an rwsem, conditionals, and a property that some schedules break.
import type { Program } from '../../../scheduler/index.js';
import { always, atEnd, type Cpu, type Path } from '../../../src/machine/index.js';
import { Random } from '../../../src/random.js';
import { at, crowd, list, program } from '../../support/program.js';

const kinds = ['read', 'write', 'add', 'locked', 'crossed', 'down', 'up', 'swap'] as const;

/** The program of that number: always the same one. */
export function randomProgram(number: number): Program {
  const random = new Random(`program ${String(number)}`);
  const threads = 2 + random.below(2);
  const plans = list(threads, () =>
    list(1 + random.below(threads === 2 ? 3 : 2), () => ({
      kind: at(kinds, random.below(kinds.length)),
      cell: random.below(2),
      value: random.below(3),
    })),
  );
  const bad = random.below(4);
  const whenever = random.below(3) === 0;
  return program(`random ${String(number)}`, (m) => {
    const cells = list(2, (i) => m.cell(`c${String(i)}`, 0));
    const locks = list(2, (i) => m.mutex(`l${String(i)}`));
    const sem = m.rwsem('sem');
    function* step(
      cpu: Cpu,
      { kind, cell, value }: (typeof plans)[0][0],
      seen: number,
    ): Path<number> {
      const own = at(cells, cell);
      const lock = at(locks, cell);
      switch (kind) {
        case 'read':
          return yield* cpu.read(own);
        case 'write':
          yield* cpu.write(own, value + seen);
          return seen;
        case 'add':
          yield* cpu.write(own, (yield* cpu.read(own)) + 1);
          return seen;
        case 'swap':
          return yield* cpu.xchg(own, value);
        case 'locked':
          yield* cpu.mutex_lock(lock);
          yield* cpu.write(own, (yield* cpu.read(own)) + 1);
          yield* cpu.mutex_unlock(lock);
          return seen;
        case 'crossed':
          yield* cpu.mutex_lock(lock);
          yield* cpu.mutex_lock(at(locks, 1 - cell));
          yield* cpu.mutex_unlock(at(locks, 1 - cell));
          yield* cpu.mutex_unlock(lock);
          return seen;
        case 'down':
          yield* cpu.down_read(sem);
          seen = yield* cpu.read(own);
          yield* cpu.up_read(sem);
          return seen;
        case 'up':
          yield* cpu.down_write(sem);
          yield* cpu.write(own, value);
          yield* cpu.up_write(sem);
          return seen;
      }
    }
    const holds = (): boolean => at(cells, 0).peek() + 2 * at(cells, 1).peek() !== bad + 2;
    return {
      actors: crowd(
        't',
        threads,
        (i) =>
          function* (cpu) {
            let seen = 0;
            for (const plan of at(plans, i)) seen = yield* step(cpu, plan, seen);
          },
      ),
      properties: [whenever ? always('p', holds) : atEnd('p', holds)],
    };
  });
}
