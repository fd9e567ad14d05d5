// Cycles of lock dependencies, and the search that confirms or refutes them.
import { describe as suite, expect, it } from 'vitest';
import { explore, prove } from '../../scheduler/index.js';
import { findCycles } from '../../scheduler/lockdep/cycles.js';
import type { Dependency } from '../../scheduler/lockdep/graph.js';
import type { Cpu, Mutex, Path } from '../../src/machine/index.js';
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
    const { outcome, lockdep } = prove(gated);
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
