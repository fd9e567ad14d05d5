// What a table of load-bearing locks says of programs in which one knows what is.
import { describe, expect, it } from 'vitest';
import { enableVsExit, programOf } from '../../../scenarios/index.js';
import { loadBearing, type LoadRow } from '../../../scheduler/load-bearing/index.js';
import { type Program, prove } from '../../../scheduler/index.js';
import { dropLock, type For315 } from '../../../src/kernel/index.js';
import {
  always,
  atEnd,
  type Cpu,
  type Drop,
  type Path,
  wheneverFree,
} from '../../../src/machine/index.js';
import { renderLoadTable } from '../../../src/trace/load-bearing-text.js';
import { type Cast, program } from '../../support/program.js';
import type { Setup } from '../../support/run.js';

const effort = {
  preemptionsMax: 1,
  runsMax: 3_000,
  samples: 100,
  seed: '1',
  strategies: ['random'],
} as const;

function tableOf(setup: Setup): ReturnType<typeof loadBearing> {
  return loadBearing((drop) => program('p', setup, { drop }), effort);
}

/** `lock l in a: no update is lost (1)`, `lock m everywhere: nothing` */
function short({ kind, what, where, outcome }: LoadRow): string {
  const dies =
    outcome.kind === 'dies' ? `${outcome.what} (${String(outcome.preemptions)})` : 'nothing';
  return `${kind} ${what} in ${where}: ${dies}`;
}

describe('the table of what is load-bearing', () => {
  const counted: Setup = (m) => {
    const [x, lock, idle] = [m.cell('x', 0), m.mutex('lock'), m.spinlock('idle')];
    function* add(cpu: Cpu): Path {
      yield* cpu.mutex_lock(lock);
      yield* cpu.spin_lock(idle);
      yield* cpu.write(x, (yield* cpu.read(x)) + 1);
      yield* cpu.spin_unlock(idle);
      yield* cpu.mutex_unlock(lock);
    }
    return {
      actors: {
        a: add,
        *b(cpu) {
          yield* cpu.mutex_lock(lock);
          yield* cpu.write(x, (yield* cpu.read(x)) + 1);
          yield* cpu.mutex_unlock(lock);
        },
      },
      properties: [atEnd('no update is lost', () => x.peek() === 2)],
    };
  };

  it('names the lock that keeps an update, and not the one that keeps nothing', () => {
    const { whole, rows } = tableOf(counted);
    expect(whole).toMatchObject({ kind: 'nothing', complete: true });
    expect(rows.map(short)).toEqual([
      'lock idle in a: nothing',
      'lock lock in everywhere: no update is lost (1)',
      'lock lock in a: no update is lost (1)',
      'lock lock in b: no update is lost (1)',
    ]);
    expect(rows[0]?.outcome).toMatchObject({ kind: 'nothing', complete: true });
    expect(rows[1]?.outcome).toMatchObject({ minimal: true, by: 'search' });
  });

  it('names the second look under the lock', () => {
    const once: Setup = (m): Cast => {
      const [made, count, lock] = [m.cell('made', false), m.cell('count', 0), m.mutex('lock')];
      function* make(cpu: Cpu): Path {
        if (yield* cpu.READ_ONCE(made)) return;
        yield* cpu.mutex_lock(lock);
        if (!(yield* cpu.READ_ONCE(made))) {
          yield* cpu.fetch_add(count, 1);
          yield* cpu.WRITE_ONCE(made, true);
        }
        yield* cpu.mutex_unlock(lock);
      }
      return {
        actors: { a: make, b: make },
        properties: [atEnd('it is made once', () => count.peek() === 1)],
      };
    };
    expect(tableOf(once).rows.map(short)).toEqual([
      'lock lock in everywhere: it is made once (1)',
      'lock lock in a: it is made once (1)',
      'lock lock in b: it is made once (1)',
      'recheck READ_ONCE(made) in a: it is made once (1)',
      'recheck READ_ONCE(made) in b: it is made once (1)',
    ]);
  });

  it('names references, and those that nobody gives back', () => {
    const referenced: Setup = (m): Cast => {
      const refs = m.refcount('refs', 1);
      const used = m.cell('used', 0);
      return {
        actors: {
          *user(cpu) {
            yield* cpu.atomic_inc(refs);
            yield* cpu.fetch_add(used, 1);
            yield* cpu.fetch_add(used, -1);
            yield* cpu.atomic_dec(refs);
          },
        },
        properties: [
          always('whoever uses it has a reference', () => used.peek() < refs.peek()),
          atEnd('all but one are given back', () => refs.peek() === 1),
        ],
      };
    };
    expect(tableOf(referenced).rows.map(short)).toEqual([
      'get refs in user: whoever uses it has a reference (0)',
      'put refs in user: all but one are given back (0)',
    ]);
  });

  it('fits the width that there is, and explains its short words', () => {
    const text = renderLoadTable(tableOf(counted), 80);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toMatchInlineSnapshot(`
      "as it is: nothing; all: 2

      left out   where       what dies          preemptions  how decided
      ---------  ----------  -----------------  -----------  -----------
      lock idle  a           nothing            -            all: 2
      lock lock  everywhere  no update is lost  1            minimal, 8
      lock lock  a           no update is lost  1            minimal, 10
      lock lock  b           no update is lost  1            minimal, 10

      minimal: every schedule with fewer preemptions was run; and how many executions
        there were
      nothing: it is not load-bearing within these schedules, actors and properties
      a property that holds whenever a lock is free is not asked where that lock is
        left out
      found in 201 executions: what none of them came to is not in the table"
    `);
  });
});

describe('of a kernel', () => {
  const without =
    (upTo: string) =>
    (drop: readonly Drop[]): Program =>
      programOf(enableVsExit, { upTo }, { drop });

  it('siglock carries the first mount once task_lock is dropped (0006), and not before', () => {
    const drop: readonly Drop[] = [{ kind: 'lock', lock: 'siglock', within: 'exit_signals' }];
    const judged = ['0005', '0006'].map((upTo) =>
      prove(without(upTo)(drop), { engine: 'enumerate', preemptionsMax: 1 }),
    );
    expect(judged.map(({ outcome }) => outcome)).toEqual(['proved', 'broken']);
    expect(judged[1]?.finding).toMatchObject({
      preemptions: 1,
      signature: 'violation I-03 an exited task is never linked again',
    });
  });

  it('a lock that the machine leaves out within a function is one that a mutant leaves out', () => {
    const mutant = dropLock<For315>('exit_signals', 'siglock');
    const drop: readonly Drop[] = [{ kind: 'lock', lock: 'siglock', within: 'exit_signals' }];
    const [byMachine, byMutant] = [
      programOf(enableVsExit, { upTo: '0006' }, { drop }),
      programOf(enableVsExit, { upTo: '0006', mutants: [mutant] }),
    ].map((one) => {
      const { finding, runs } = prove(one, { engine: 'enumerate', preemptionsMax: 1, all: true });
      return { signature: finding?.signature, steps: finding?.steps, runs };
    });
    expect(byMachine?.signature).toMatch(/^violation/);
    expect(byMachine).toEqual(byMutant);
  });
});

describe('a property that holds whenever a lock is free', () => {
  it('is not asked where that lock is left out: it would break in the middle of a critical section', () => {
    const { rows } = tableOf((m) => {
      const [x, y, lock] = [m.cell('x', 0), m.cell('y', 0), m.mutex('lock')];
      return {
        actors: {
          *a(cpu) {
            yield* cpu.mutex_lock(lock);
            yield* cpu.write(x, 1);
            yield* cpu.write(y, 1);
            yield* cpu.mutex_unlock(lock);
          },
        },
        properties: [wheneverFree(lock, 'x is y', () => x.peek() === y.peek())],
      };
    });
    expect(rows.map(short)).toEqual(['lock lock in a: nothing']);
  });
});
