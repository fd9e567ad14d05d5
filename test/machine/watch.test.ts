import { describe, expect, it } from 'vitest';
import {
  type Allocated,
  always,
  type Cell,
  type Memory,
  ModelError,
  type Mutex,
  UsageError,
  wheneverFree,
} from '../../src/machine/index.js';
import { armed } from '../support/program.js';
import { goingOn, sentenceOf } from '../support/run.js';

class Thing implements Allocated {
  readonly memory: Memory;
  readonly value: Cell<number>;
  readonly lock: Mutex;
  constructor(memory: Memory) {
    this.memory = memory;
    this.value = memory.cell('value', 0);
    this.lock = memory.mutex('lock');
  }
}

describe('a property', () => {
  it('that does not hold in the initial state is a usage error', () => {
    const arm = (value: number) =>
      armed((m) => {
        const x = m.cell('x', value);
        return {
          actors: {},
          properties: [always('x is zero', () => x.peek() === 0 || 'it is not')],
        };
      });
    expect(() => arm(1)).toThrow(UsageError);
    expect(() => arm(1)).toThrow(
      'the property "x is zero" does not hold in the initial state: it is not',
    );
    expect(() => arm(0)).not.toThrow();
  });

  it('that reaches freed memory is broken', () => {
    expect(
      goingOn((m) => {
        const thing = m.object(Thing, 'thing');
        return {
          actors: {
            *a(cpu) {
              yield* cpu.kfree(thing);
            },
          },
          properties: [always('the value is zero', () => thing.value.peek() === 0)],
        };
      }),
    ).toEqual({
      kind: 'violation',
      property: 'the value is zero',
      message: 'it cannot be looked at: thing.value is freed memory',
    });
  });

  it('does not blame the model when the object of the lock that it waits for is freed', () => {
    expect(
      sentenceOf((m) => {
        const [x, thing] = [m.cell('x', 0), m.object(Thing, 'thing')];
        return {
          actors: {
            *a(cpu) {
              yield* cpu.kfree(thing);
              yield* cpu.write(x, 1);
            },
          },
          properties: [wheneverFree(thing.lock, 'x is a number', () => x.peek() >= 0)],
        };
      }),
    ).not.toContain('the model threw');
  });

  it('that throws is a model error that names it', () => {
    const run = (): unknown =>
      goingOn((m) => {
        const x = m.cell('x', 0);
        return {
          actors: {
            *a(cpu) {
              yield* cpu.write(x, 1);
            },
          },
          properties: [
            always('x is fine', () => {
              if (x.peek() === 1) throw new TypeError('no such thing');
              return true;
            }),
          ],
        };
      });
    expect(run).toThrow(ModelError);
    expect(run).toThrow('the property "x is fine" threw: no such thing');
  });

  it('broken first is the verdict, also if executions go on', () => {
    const verdict = goingOn(
      (m) => {
        const x = m.cell('x', 0);
        return {
          actors: {
            *a(cpu) {
              yield* cpu.write(x, 1);
              yield* cpu.write(x, 2);
            },
          },
          properties: [
            always('x is not two', () => x.peek() !== 2),
            always('x is not one', () => x.peek() !== 1),
          ],
        };
      },
      { all: true },
    );
    expect(verdict).toMatchObject({ kind: 'violation', property: 'x is not one' });
  });
});
