import { describe, expect, it } from 'vitest';
import type { Cpu, LockKind, Path } from '../../src/machine/index.js';
import { after, everySchedule, fine, sentenceOf } from '../support/run.js';

const kinds: readonly LockKind[] = [
  'spinlock',
  'spinlock_bh',
  'spinlock_irq',
  'raw_spinlock',
  'raw_spinlock_irq',
  'rwlock',
  'rwlock_bh',
  'rwlock_irq',
  'mutex',
  'rwsem',
  'percpu_rwsem',
];
const sharing = kinds.filter((kind) => kind.startsWith('rw') || kind === 'percpu_rwsem');
const sleeping: readonly LockKind[] = ['mutex', 'rwsem', 'percpu_rwsem'];

describe.each(kinds)('a lock chosen to be a %s', (kind) => {
  it('excludes writers, in all schedules', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const lock = m.lock('lock', kind);
      const x = m.cell('x', 0);
      function* add(cpu: Cpu): Path {
        yield* cpu.acquire(lock);
        yield* cpu.write(x, (yield* cpu.read(x)) + 1);
        yield* cpu.lockdep_assert_held(lock.lock);
        yield* cpu.release(lock);
      }
      return { actors: { a: add, b: add }, look: () => x.peek() };
    });
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [2] });
  });

  it('lets readers in together where its kind knows readers', () => {
    const standing = after((m) => {
      const lock = m.lock('lock', kind);
      function* reading(cpu: Cpu): Path {
        yield* cpu.acquire_read(lock);
        yield* cpu.release_read(lock);
      }
      return { actors: { a: reading, b: reading } };
    }, 'a');
    expect(standing.runnable).toEqual(sharing.includes(kind) ? ['a', 'b'] : ['a']);
  });

  it('may be slept in where its kind sleeps', () => {
    const sentence = sentenceOf((m) => {
      const [lock, inner] = [m.lock('lock', kind), m.mutex('inner')];
      return {
        actors: {
          *a(cpu) {
            yield* cpu.acquire(lock);
            yield* cpu.mutex_lock(inner);
            yield* cpu.mutex_unlock(inner);
            yield* cpu.release(lock);
          },
        },
      };
    });
    const atomic = 'sleeping function mutex_lock() called from invalid context (thread a)';
    expect(sentence).toBe(sleeping.includes(kind) ? fine : atomic);
  });
});
