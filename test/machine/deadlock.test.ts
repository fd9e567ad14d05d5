import { describe, expect, it } from 'vitest';
import { describe as sentence, type Cpu, type Mutex, type Path } from '../../src/machine/index.js';
import { after, everySchedule, executionOf, fine, sentenceOf, type Setup } from '../support/run.js';

function* both(cpu: Cpu, first: Mutex, second: Mutex): Path {
  yield* cpu.mutex_lock(first);
  yield* cpu.mutex_lock(second);
  yield* cpu.mutex_unlock(second);
  yield* cpu.mutex_unlock(first);
}

const opposite: Setup = (m) => {
  const [a, b, x] = [m.mutex('A'), m.mutex('B'), m.cell('x', 0)];
  return {
    actors: {
      one: (cpu) => both(cpu, a, b),
      two: (cpu) => both(cpu, b, a),
      *bystander(cpu) {
        yield* cpu.read(x);
        yield* cpu.read(x);
      },
    },
  };
};

const theCycle =
  'two waits for A in mutex_lock(), held by one; one waits for B in mutex_lock(), held by two';

describe('a deadlock', () => {
  it('is reported at the moment its cycle forms, while other threads could still go on', () => {
    const { verdict, runnable } = after(opposite, 'one two');
    expect(runnable).toEqual(['bystander']);
    expect(verdict).toBe(theCycle);
  });

  it('names who waits for what, in which operation, and who holds it', () => {
    const { machine } = after(opposite, 'one two');
    expect(machine.verdict).toEqual({
      kind: 'deadlock',
      cycle: [
        { thread: 'two', operation: 'mutex_lock', waitsFor: 'A', heldBy: 'one' },
        { thread: 'one', operation: 'mutex_lock', waitsFor: 'B', heldBy: 'two' },
      ],
      message: theCycle,
    });
  });

  it('is none as long as the cycle is open', () => {
    expect(after(opposite, 'one one one one two two').verdict).toBe(fine);
    expect(after(opposite, 'one one').runnable).toEqual(['bystander', 'one']);
  });

  it('lets the other threads run to their end where executions go on after a failure', () => {
    const { verdicts, steps } = everySchedule(opposite, { all: true });
    expect(verdicts).toHaveLength(3);
    expect(steps).toBe(10);
    const execution = executionOf(opposite, { all: true });
    execution.run();
    expect(execution.steps).toBe(10);
  });

  it('may go through three threads and three kinds of locks', () => {
    const { verdicts } = everySchedule((m) => {
      const [mutex, sem, other] = [m.mutex('mutex'), m.rwsem('sem'), m.mutex('other')];
      return {
        actors: {
          *a(cpu) {
            yield* cpu.mutex_lock(mutex);
            yield* cpu.down_read(sem);
            yield* cpu.up_read(sem);
            yield* cpu.mutex_unlock(mutex);
          },
          *b(cpu) {
            yield* cpu.down_write(sem);
            yield* cpu.mutex_lock(other);
            yield* cpu.mutex_unlock(other);
            yield* cpu.up_write(sem);
          },
          *c(cpu) {
            yield* cpu.mutex_lock(other);
            yield* cpu.mutex_lock(mutex);
            yield* cpu.mutex_unlock(mutex);
            yield* cpu.mutex_unlock(other);
          },
        },
      };
    });
    const waits = [
      'a waits for sem in down_read(), held by b',
      'b waits for other in mutex_lock(), held by c',
      'c waits for mutex in mutex_lock(), held by a',
    ] as const;
    const [a, b, c] = waits;
    expect(verdicts).toEqual([[a, b, c].join('; '), [c, a, b].join('; '), fine]);
  });

  it('of a spinlock and of an rwlock is found as that of a mutex', () => {
    const { verdicts } = everySchedule((m) => {
      const [spin, rw] = [m.spinlock('spin'), m.rwlock('rw')];
      return {
        actors: {
          *a(cpu) {
            yield* cpu.spin_lock(spin);
            yield* cpu.write_lock(rw);
            yield* cpu.write_unlock(rw);
            yield* cpu.spin_unlock(spin);
          },
          *b(cpu) {
            yield* cpu.read_lock(rw);
            yield* cpu.spin_lock(spin);
            yield* cpu.spin_unlock(spin);
            yield* cpu.read_unlock(rw);
          },
        },
      };
    });
    const [a, b] = [
      'a waits for rw in write_lock(), held by b',
      'b waits for spin in spin_lock(), held by a',
    ];
    expect(verdicts).toEqual([`${a}; ${b}`, `${b}; ${a}`, fine]);
  });

  it("on a hold that is nobody's is reported when nobody can go on", () => {
    const setup: Setup = (m) => {
      const [sem, x] = [m.rwsem('sem'), m.cell('x', 0)];
      return {
        actors: {
          *leaver(cpu) {
            yield* cpu.down_read_non_owner(sem);
          },
          *waiter(cpu) {
            yield* cpu.down_write(sem);
          },
          *bystander(cpu) {
            yield* cpu.read(x);
          },
        },
      };
    };
    expect(after(setup, 'leaver waiter').verdict).toBe(fine);
    expect(sentenceOf(setup)).toBe(
      'waiter waits for sem in down_write(), that nobody will give up',
    );
  });

  it('leaves nothing behind for the next execution', () => {
    const execution = executionOf(opposite);
    const first = execution.run();
    expect([first.kind, execution.run()]).toEqual(['ok', first]);
    const machine = execution.machine;
    expect(sentence(machine.verdict)).toBe(fine);
  });
});
