// Cycles of lock dependencies, and the search that confirms or refutes them.
import { describe as suite, expect, it } from 'vitest';
import { explore, prove } from '../../scheduler/index.js';
import { findCycles } from '../../scheduler/lockdep/cycles.js';
import type { Dependency } from '../../scheduler/lockdep/graph.js';
import type {
  Cpu,
  Machine,
  Mutex,
  Path,
  RwlockPolicy,
  RwsemPolicy,
} from '../../src/machine/index.js';
import { cycleText } from '../../src/trace/lock-report.js';
import { crowd, program } from '../support/program.js';

/** `a ER b`: a held for writing, b read so that it nests. */
function dependency(words: string): Dependency {
  const [from = '', kind = '', to = ''] = words.split(' ');
  const held = kind.startsWith('S') ? 'read' : 'write';
  const nests = kind.endsWith('R');
  return { from, to, via: 'order', held, taken: nests ? 'read' : 'write', nests, seen: [] };
}

function cycles(...dependencies: readonly string[]): string[] {
  return findCycles(dependencies.map(dependency)).map((cycle) =>
    cycleText({ cycle: cycle.map((d) => ({ ...d, seen: [] })) }),
  );
}

suite('cycles', () => {
  it.each([
    // The four examples of the kernel's own self-test (locking-selftest.c, "write-read / write-read / write-read" on).
    [['X ER Y', 'Y ER Z', 'Z ER X'], ['X -> Y -> Z -> X']],
    [['X EN Y', 'Y SR Z', 'Z ER X'], ['X -> Y -> Z -> X']],
    [['X EN Y', 'Y SR Z', 'Z SN X'], []],
    [['X ER Y', 'Y SR Z', 'Z EN X'], []],
    // Recursion: only a read that nests in a read does no harm.
    [['X EN X'], ['X -> X']],
    [['X SN X'], ['X -> X']],
    [['X SR X'], []],
    [['X ER X'], ['X -> X']],
  ])('among %j are %j', (dependencies, expected) => {
    expect(cycles(...dependencies)).toEqual(expected);
  });

  it('are the shortest ones, and none that only makes a detour', () => {
    expect(cycles('a EN b', 'b EN c', 'a EN c', 'c EN a')).toEqual(['a -> c -> a']);
  });

  it('are all found where they have nothing to do with each other', () => {
    expect(cycles('a EN b', 'b EN a', 'c EN d', 'd EN e', 'e EN c')).toEqual([
      'a -> b -> a',
      'c -> d -> e -> c',
    ]);
  });

  it('are bounded in number', () => {
    const names = Array.from({ length: 20 }, (_, i) => `l${String(i)}`);
    const all = names.flatMap((a) => names.filter((b) => b !== a).map((b) => `${a} EN ${b}`));
    expect(cycles(...all)).toHaveLength(32);
  });
});

function* inside(cpu: Cpu, ...locks: readonly Mutex[]): Path {
  for (const lock of locks) yield* cpu.mutex_lock(lock);
  for (const lock of locks.toReversed()) yield* cpu.mutex_unlock(lock);
}

/** Two orders that meet only after a long way, which chance hardly ever takes so. */
function rareInversion(steps: number) {
  return program('rare inversion', (m) => {
    const [a, b] = [m.mutex('a'), m.mutex('b')];
    const cells = [m.cell('x', 0), m.cell('y', 0)];
    return {
      actors: {
        *early(cpu) {
          yield* inside(cpu, a, b);
          for (let n = 0; n < steps; n++) yield* cpu.fetch_add(cells[0] as never, 1);
        },
        *late(cpu) {
          for (let n = 0; n < steps; n++) yield* cpu.fetch_add(cells[1] as never, 1);
          yield* inside(cpu, b, a);
        },
      },
    };
  });
}

const campaign = { seed: '1', runs: 100, strategies: ['random'] } as const;

suite('a search that ran no deadlock', () => {
  it('finds the schedule that closes a cycle', () => {
    const { outcome, finding, strategy, lockdep } = explore(rareInversion(60), campaign);
    expect(lockdep.map(({ status }) => status)).toEqual(['confirmed']);
    expect({ outcome, strategy, kind: finding?.verdict.kind }).toEqual({
      outcome: 'broken',
      strategy: 'lockdep',
      kind: 'deadlock',
    });
  });

  it('says the same for the same seed', () => {
    const [first, second] = [1, 2].map(() => explore(rareInversion(60), campaign));
    expect(first).toEqual(second);
  });

  it('leaves a cycle open that it can neither close nor refute, and that is a finding', () => {
    const gated = program('gated', (m) => {
      const [gate, a, b] = [m.mutex('gate'), m.mutex('a'), m.mutex('b')];
      const cells = Array.from({ length: 3 }, (_, i) => m.cell(`c${String(i)}`, 0));
      return {
        actors: {
          *first(cpu) {
            yield* inside(cpu, gate, a, b);
          },
          *second(cpu) {
            yield* inside(cpu, gate, b, a);
          },
          ...crowd(
            'noise',
            3,
            (i) =>
              function* (cpu) {
                for (let n = 0; n < 4; n++) yield* cpu.fetch_add(cells[i] as never, 1);
              },
          ),
        },
      };
    });
    const { outcome, finding, lockdep } = explore(gated, campaign);
    expect(lockdep.map(({ status }) => status)).toEqual(['open']);
    expect({ outcome, verdict: finding?.verdict }).toEqual({
      outcome: 'broken',
      verdict: {
        kind: 'lock rule',
        rule: 'K-02',
        message: 'possible circular locking dependency detected: a -> b -> a',
      },
    });
  });
});

suite('a proof', () => {
  it('refutes a cycle by having run everything, and says what keeps it from closing', () => {
    const gated = program('gated', (m) => {
      const [gate, a, b] = [m.mutex('gate'), m.mutex('a'), m.mutex('b')];
      return {
        actors: {
          *first(cpu) {
            yield* inside(cpu, gate, a, b);
          },
          *second(cpu) {
            yield* inside(cpu, gate, b, a);
          },
        },
      };
    });
    const { outcome, lockdep } = prove(gated, { engine: 'enumerate' });
    expect(outcome).toBe('proved');
    expect(lockdep).toMatchObject([
      {
        status: 'refuted',
        because: 'all 2 schedules were run, and none deadlocks: gate is held around all of it',
        cycle: [
          { from: 'a', to: 'b', seen: [{ thread: 'first', step: 3, choices: [] }] },
          { from: 'b', to: 'a', seen: [{ thread: 'second', step: 9, choices: [] }] },
        ],
      },
    ]);
  });

  it('that was bounded goes on beyond its bound where locks are concerned', () => {
    const { outcome, finding } = prove(rareInversion(2), { preemptionsMax: 0 });
    expect({ outcome, kind: finding?.verdict.kind }).toEqual({
      outcome: 'broken',
      kind: 'deadlock',
    });
  });
});

suite('a read section inside another one of the same lock', () => {
  /** What lockdep says of a thread that reads twice, with a writer beside it. */
  const reports = (
    make: (m: Machine) => {
      read: (cpu: Cpu, inner: boolean) => Path;
      unread: (cpu: Cpu) => Path;
      write: (cpu: Cpu) => Path;
    },
  ): readonly string[] => {
    const twice = program('twice', (m) => {
      const { read, unread, write } = make(m);
      return {
        actors: {
          *reader(cpu) {
            yield* read(cpu, false);
            yield* read(cpu, true);
            yield* unread(cpu);
            yield* unread(cpu);
          },
          writer: write,
        },
      };
    });
    return prove(twice).lockdep.map(({ status }) => status);
  };

  const rwsem = (policy: RwsemPolicy, isUnfair = false) =>
    reports((m) => {
      const sem = m.rwsem('sem', policy);
      return {
        *read(cpu, inner) {
          if (inner && isUnfair) yield* cpu.down_read_unfair(sem);
          else yield* cpu.down_read(sem);
        },
        *unread(cpu) {
          yield* cpu.up_read(sem);
        },
        *write(cpu) {
          yield* cpu.down_write(sem);
          yield* cpu.up_write(sem);
        },
      };
    });

  const rwlock = (policy: RwlockPolicy) =>
    reports((m) => {
      const lock = m.rwlock('lock', policy);
      return {
        *read(cpu) {
          yield* cpu.read_lock(lock);
        },
        *unread(cpu) {
          yield* cpu.read_unlock(lock);
        },
        *write(cpu) {
          yield* cpu.write_lock(lock);
          yield* cpu.write_unlock(lock);
        },
      };
    });

  it('is reported where a writer can queue in between, and a schedule closes it', () => {
    expect([rwsem('fifo'), rwsem('stealing'), rwlock('queued')]).toEqual([
      ['confirmed'],
      ['confirmed'],
      ['confirmed'],
    ]);
    expect(
      reports((m) => {
        const sem = m.percpu_rwsem('sem');
        return {
          *read(cpu) {
            yield* cpu.percpu_down_read(sem);
          },
          *unread(cpu) {
            yield* cpu.percpu_up_read(sem);
          },
          *write(cpu) {
            yield* cpu.percpu_down_write(sem);
            yield* cpu.percpu_up_write(sem);
          },
        };
      }),
    ).toEqual(['confirmed']);
  });

  it('is none of its business where only a writer that is in keeps readers out', () => {
    expect([rwsem('reader-preferring'), rwsem('fifo', true), rwlock('reader-preferring')]).toEqual([
      [],
      [],
      [],
    ]);
  });
});

suite('waiting for the end of a kernel thread', () => {
  const stopping = (underLock: boolean) =>
    prove(
      program('stopping', (m) => {
        const lock = m.mutex('lock');
        return {
          actors: {
            *main(cpu) {
              const worker = yield* cpu.kthread_run('worker', function* (own: Cpu) {
                yield* own.mutex_lock(lock);
                yield* own.mutex_unlock(lock);
              });
              if (underLock) yield* cpu.mutex_lock(lock);
              yield* cpu.kthread_stop(worker);
              if (underLock) yield* cpu.mutex_unlock(lock);
            },
          },
        };
      }),
    );

  it('with a lock that it takes is found, and without it nothing is', () => {
    expect(stopping(true).finding?.verdict.kind).toBe('deadlock');
    const { outcome, lockdep } = stopping(false);
    expect({ outcome, lockdep }).toEqual({ outcome: 'proved', lockdep: [] });
  });
});
