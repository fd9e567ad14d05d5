// Rules about single locks: who may take and release them, and who waits for whom.
import { scenario } from '../scenario.js';
import type { RuleExample } from './rule.js';

export const lockRules: readonly RuleExample[] = [
  {
    id: 'K-08',
    rule: 'A mutex must not be locked again by its owner.',
    source: 'Documentation/locking/mutex-design.rst: recursive locking is not permitted',
    broken: scenario({
      name: 'mutex-recursion',
      about: 'A thread locks its mutex a second time.',
      setup: (m) => ({ lock: m.mutex('lock') }),
      actors: ({ lock }) => ({
        *twice(cpu) {
          yield* cpu.mutex_lock(lock);
          yield* cpu.mutex_lock(lock);
        },
      }),
    }),
    verdict: 'deadlock',
    says: 'twice waits for lock in mutex_lock(), held by twice',
    fails: 'always',
    neighbour: scenario({
      name: 'mutex-in-turn',
      about: 'It unlocks the mutex in between.',
      setup: (m) => ({ lock: m.mutex('lock') }),
      actors: ({ lock }) => ({
        *twice(cpu) {
          for (let n = 0; n < 2; n++) {
            yield* cpu.mutex_lock(lock);
            yield* cpu.mutex_unlock(lock);
          }
        },
      }),
    }),
    difference: 'The owner unlocks it in between.',
  },
];
