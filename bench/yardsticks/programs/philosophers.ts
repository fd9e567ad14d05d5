// Dining philosophers, by the order in which each takes the two forks beside him.
import type { Program } from '../../../scheduler/index.js';
import { at, crowd, list, program } from '../../../test/support/program.js';

/** Everybody takes the left fork first: this can deadlock. */
export function philosophersLeftFirst(n: number): Program {
  return philosophers('left first', n, (i) => [i, (i + 1) % n]);
}

/** Everybody takes the right fork first: this can deadlock. */
export function philosophersRightFirst(n: number): Program {
  return philosophers('right first', n, (i) => [(i + 1) % n, i]);
}

/** Everybody takes the fork with the lower number first: this cannot deadlock. */
export function philosophersInOrder(n: number): Program {
  return philosophers('in order', n, (i) => [Math.min(i, (i + 1) % n), Math.max(i, (i + 1) % n)]);
}

function philosophers(
  how: string,
  n: number,
  forksOf: (i: number) => readonly [number, number],
): Program {
  return program(`philosophers ${how} (${String(n)})`, (m) => {
    const forks = list(n, (i) => m.mutex(`fork[${String(i)}]`));
    return {
      actors: crowd(
        'philosopher',
        n,
        (i) =>
          function* (cpu) {
            const [first, second] = forksOf(i);
            yield* cpu.mutex_lock(at(forks, first));
            yield* cpu.mutex_lock(at(forks, second));
            yield* cpu.mutex_unlock(at(forks, second));
            yield* cpu.mutex_unlock(at(forks, first));
          },
      ),
    };
  });
}
