import { describe, expect, it } from 'vitest';
import { type Cpu, ModelError, type Path } from '../../src/machine/index.js';
import { armed } from '../support/program.js';
import { executionOf, goingOn, sentenceOf, type Setup } from '../support/run.js';

describe('a forgotten yield*', () => {
  it('is a model error at the next step of the thread', () => {
    const setup: Setup = (m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.read(x);
            // eslint-disable-next-line racewalk/yield-every-step-typed -- it is what this test is about
            cpu.write(x, 1);
            yield* cpu.read(x);
          },
        },
      };
    };
    expect(() => goingOn(setup)).toThrow(ModelError);
    expect(() => goingOn(setup)).toThrow(/^a began a step while write\(\) .* still pending/);
  });

  it('is a model error also where the thread has no further step', () => {
    expect(() =>
      goingOn((m) => {
        const x = m.cell('x', 0);
        return {
          actors: {
            *a(cpu) {
              yield* cpu.read(x);
              // eslint-disable-next-line racewalk/yield-every-step-typed -- it is what this test is about
              cpu.write(x, 1);
            },
          },
        };
      }),
    ).toThrow(ModelError);
  });
});

describe('a path', () => {
  it('may yield nothing but operations', () => {
    const setup: Setup = (m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.read(x);
            yield 5 as never;
          },
        },
      };
    };
    expect(() => goingOn(setup)).toThrow(ModelError);
    expect(() => goingOn(setup)).toThrow('thread a yielded something that is no operation');
  });

  it('may not begin with something that is no operation', () => {
    expect(() =>
      goingOn(() => ({
        actors: {
          *a() {
            yield undefined as never;
          },
        },
      })),
    ).toThrow('thread a yielded something that is no operation');
  });

  it('may not use the cpu of another thread', () => {
    expect(() =>
      goingOn((m) => {
        const x = m.cell('x', 0);
        let stolen: Cpu | undefined;
        return {
          actors: {
            *a(cpu) {
              stolen = cpu;
              yield* cpu.read(x);
            },
            *b() {
              if (stolen !== undefined) yield* stolen.read(x);
            },
          },
        };
      }),
    ).toThrow(ModelError);
  });

  it('that throws panics its thread', () => {
    expect(
      sentenceOf((m) => {
        const x = m.cell('x', 0);
        return {
          actors: {
            *a(cpu) {
              yield* cpu.read(x);
              throw new TypeError('no such task');
            },
          },
        };
      }),
    ).toBe('the model threw TypeError: no such task (thread a)');
  });

  it('that throws before its first step panics its thread', () => {
    expect(
      sentenceOf(() => ({
        actors: {
          a: () => {
            throw new Error('too early');
          },
        },
      })),
    ).toBe('the model threw Error: too early (thread a)');
  });

  it('acts on a task only if its actor was placed on one', () => {
    expect(() =>
      goingOn(() => ({
        actors: {
          *a(cpu) {
            if (cpu.current === undefined) throw new Error('unreachable');
          },
        },
      })),
    ).toThrow('thread a acts on no task');
    const task = { name: 'task' };
    let current: unknown;
    goingOn(() => ({
      actors: {
        a: {
          *path(cpu: Cpu): Path {
            current = cpu.current;
          },
          current: task,
        },
      },
    }));
    expect(current).toBe(task);
  });
});

describe('setup', () => {
  it('is over when the machine is armed', () => {
    const machine = armed((m) => {
      const x = m.cell('x', 0);
      m.settle(x, 3);
      return {
        actors: {
          *a() {
            m.settle(x, 4);
          },
        },
      };
    });
    expect(() => {
      machine.begin();
    }).toThrow('settle() belongs to setup');
    expect(() => {
      machine.settleTail(machine.list('node'), machine.list('head'));
    }).toThrow(ModelError);
  });

  it('gives cells their initial values, to which every execution goes back', () => {
    const seen: number[] = [];
    const execution = executionOf((m) => {
      const x = m.cell('x', 0);
      m.settle(x, 3);
      return {
        actors: {
          *a(cpu) {
            seen.push(yield* cpu.read(x));
            yield* cpu.write(x, 9);
          },
        },
      };
    });
    execution.run();
    execution.run();
    expect(seen).toEqual([3, 3]);
  });
});

describe('an endless loop of steps', () => {
  it('is cut off at the step limit, which is no failure', () => {
    const execution = executionOf(
      (m) => {
        const x = m.cell('x', 0);
        return {
          actors: {
            *a(cpu) {
              while ((yield* cpu.read(x)) === 0);
            },
          },
        };
      },
      { stepsMax: 50 },
    );
    expect(execution.run()).toEqual({
      kind: 'limit',
      limit: 'steps',
      message: 'the execution was cut off after 50 steps; --steps-max allows more',
    });
    expect(execution.steps).toBe(50);
  });

  it('is not cut off where it ends with the last step allowed', () => {
    const run = (stepsMax: number): string =>
      goingOn(
        (m) => {
          const x = m.cell('x', 0);
          return {
            actors: {
              *a(cpu) {
                for (let i = 0; i < 5; i++) yield* cpu.read(x);
              },
            },
          };
        },
        { stepsMax },
      ).kind;
    expect([run(5), run(4)]).toEqual(['ok', 'limit']);
  });
});
