// A proof by states that becomes long makes one short attempt by traces.
import { describe, expect, it } from 'vitest';
import {
  philosophersInOrder,
  philosophersLeftFirst,
} from '../../bench/yardsticks/programs/philosophers.js';
import { LockGraph } from '../../scheduler/lockdep/graph.js';
import { prove } from '../../scheduler/index.js';
import { proveByFewTraces } from '../../scheduler/prove/few-traces.js';
import { crowd, program } from '../support/program.js';

describe('a proof with many states', () => {
  it('is one by traces where these are few', () => {
    const proof = prove(philosophersInOrder(7));
    expect(proof).toMatchObject({ outcome: 'proved', engine: 'dpor', traces: 126, wasted: 0 });
    expect(proof.states).toBeUndefined();
  });

  it('stays one by states where that is asked for, and where these are few', () => {
    expect(prove(philosophersInOrder(7), { engine: 'stateful' }).engine).toBe('stateful');
    expect(prove(philosophersInOrder(4)).engine).toBe('stateful');
  });
});

describe('the attempt by traces', () => {
  const attempt = (of: Parameters<typeof prove>[0]) => proveByFewTraces(of, {}, new LockGraph());

  it('says nothing of what fails, and nothing where there are too many traces', () => {
    expect(attempt(philosophersLeftFirst(3))).toBeUndefined();
    const increments = program('increments', (m) => {
      const x = m.cell('x', 0);
      return {
        actors: crowd(
          't',
          7,
          () =>
            function* (cpu) {
              yield* cpu.fetch_add(x, 1);
            },
        ),
      };
    });
    expect(attempt(increments)).toBeUndefined();
  });

  it('is given up at the first step that random programs have not tried', () => {
    const sleeper = (sleeps: boolean) =>
      program('sleeper', (m) => {
        const x = m.cell('x', 0);
        return {
          actors: {
            *a(cpu) {
              if (sleeps) yield* cpu.schedule();
              yield* cpu.write(x, 1);
            },
            *b(cpu) {
              yield* cpu.read(x);
            },
          },
        };
      });
    expect(attempt(sleeper(false))).toMatchObject({ outcome: 'proved', traces: 2 });
    expect(attempt(sleeper(true))).toBeUndefined();
  });
});
