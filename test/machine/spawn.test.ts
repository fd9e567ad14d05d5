import { describe, expect, it } from 'vitest';
import { type Cpu, ModelError, type Path, type ThreadHandle } from '../../src/machine/index.js';
import type { Cast } from '../support/program.js';
import { after, everySchedule, executionOf, fine } from '../support/run.js';

describe('a spawned thread', () => {
  it('runs after its spawn and is over when it is joined, which returns its result', () => {
    const { verdicts, looks, schedules } = everySchedule((m) => {
      const x = m.cell('x', 0);
      let seen: unknown[] = [];
      return {
        actors: {
          *main(cpu) {
            const before = yield* cpu.read(x);
            const child = yield* cpu.spawn('child', function* (cpu) {
              yield* cpu.write(x, 1);
              return 'done';
            });
            seen = [before, yield* cpu.join(child), x.peek()];
          },
        },
        look: () => seen,
      };
    });
    expect({ verdicts, looks, schedules }).toEqual({
      verdicts: [fine],
      looks: [[0, 'done', 1]],
      schedules: 1,
    });
  });

  it('runs beside whoever spawned it', () => {
    const { looks } = everySchedule((m) => {
      const x = m.cell('x', 0);
      let seen = 0;
      return {
        actors: {
          *main(cpu) {
            yield* cpu.spawn('child', function* (cpu) {
              yield* cpu.write(x, 1);
            });
            seen = yield* cpu.read(x);
          },
        },
        look: () => seen,
      };
    });
    expect(looks).toEqual([0, 1]);
  });

  it('is named by its parent, its name, and as which child of that name it was made', () => {
    const names: string[] = [];
    executionOf(() => ({
      actors: {
        *main(cpu) {
          function* leaf(): Path {
            // It does nothing.
          }
          function* worker(cpu: Cpu): Path {
            names.push((yield* cpu.spawn('leaf', leaf)).name);
          }
          for (const name of ['worker', 'worker', 'other']) {
            const child = yield* cpu.spawn(name, worker);
            names.push(child.name);
            yield* cpu.join(child);
          }
        },
      },
    })).run();
    expect(names).toEqual([
      'main/worker',
      'main/worker/leaf',
      'main/worker#2',
      'main/worker#2/leaf',
      'main/other',
      'main/other/leaf',
    ]);
  });

  it('tells properties its result once it has ended', () => {
    const results: unknown[] = [];
    executionOf((m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *main(cpu) {
            const child = yield* cpu.spawn('child', function* (cpu) {
              return yield* cpu.read(x);
            });
            results.push(child.result());
            yield* cpu.join(child);
            results.push(child.result());
          },
        },
      };
    }).run();
    expect(results).toEqual([undefined, 0]);
  });

  it('has a CPU of its own, unless there are fewer', () => {
    const placement = (cpus?: number): number[] => {
      const ids: number[] = [];
      executionOf(
        () => ({
          actors: {
            *main(cpu) {
              ids.push(cpu.id);
              for (let i = 0; i < 3; i++) {
                yield* cpu.join(
                  yield* cpu.spawn('child', function* (cpu) {
                    ids.push(cpu.id);
                  }),
                );
              }
            },
          },
        }),
        { cpus },
      ).run();
      return ids;
    };
    expect(placement()).toEqual([0, 1, 2, 3]);
    expect(placement(2)).toEqual([0, 1, 0, 1]);
  });

  it('acts on the task that it was spawned with', () => {
    const seen: unknown[] = [];
    const task = { name: 'task' };
    executionOf(() => ({
      actors: {
        *main(cpu) {
          yield* cpu.spawn(
            'child',
            function* (cpu) {
              seen.push(cpu.current);
            },
            task,
          );
        },
      },
    })).run();
    expect(seen).toEqual([task]);
  });

  it('is gone when the next execution begins', () => {
    const execution = executionOf((m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *main(cpu) {
            for (let i = 0; i < 3; i++) {
              yield* cpu.spawn('child', function* (cpu) {
                yield* cpu.write(x, 1);
              });
            }
          },
        },
      };
    });
    execution.run();
    expect(execution.threadCount).toBe(4);
    execution.machine.begin();
    expect([execution.threadCount, execution.runnable.sorted()]).toEqual([1, [0]]);
    expect(execution.run()).toEqual({ kind: 'ok' });
  });

  it('may be one of a hundred thousand, but not of a million', () => {
    const setup = (): Cast => ({
      actors: {
        *main(cpu) {
          for (let i = 0; i < 1_000_000; i++) {
            yield* cpu.spawn('child', function* () {
              // It does nothing.
            });
          }
        },
      },
    });
    const execution = executionOf(setup, { stepsMax: 1_000_000 });
    expect(() => execution.run()).toThrow(ModelError);
    expect(execution.threadCount).toBeGreaterThan(100_000);
  });
});

describe('a join', () => {
  it('waits for the end of the thread', () => {
    const setup: Parameters<typeof after>[0] = (m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *main(cpu) {
            const child = yield* cpu.spawn('child', function* (cpu) {
              yield* cpu.write(x, 1);
              yield* cpu.write(x, 2);
            });
            yield* cpu.join(child);
          },
        },
      };
    };
    expect(after(setup, 'main').runnable).toEqual(['main/child']);
    expect(after(setup, 'main main/child').runnable).toEqual(['main/child']);
    expect(after(setup, 'main main/child main/child').runnable).toEqual(['main']);
  });

  it('of two threads for each other is a deadlock', () => {
    const { verdicts } = everySchedule((m) => {
      const handle = m.cell<ThreadHandle | null>('handle', null);
      return {
        actors: {
          *main(cpu) {
            function* second(cpu: Cpu): Path {
              const first = yield* cpu.read(handle);
              if (first !== null) yield* cpu.join(first);
            }
            const first = yield* cpu.spawn('first', function* (cpu) {
              yield* cpu.join(yield* cpu.spawn('second', second));
            });
            yield* cpu.write(handle, first);
          },
        },
      };
    });
    expect(verdicts).toEqual([
      'main/first/second waits for the end of main/first in join(), held by main/first; ' +
        'main/first waits for the end of main/first/second in join(), held by main/first/second',
      fine,
    ]);
  });

  it('lets several threads go on at once', () => {
    const { verdicts } = everySchedule((m) => {
      const handle = m.cell<ThreadHandle | null>('handle', null);
      const x = m.cell('x', 0);
      function* waiter(cpu: Cpu): Path {
        const thread = yield* cpu.read(handle);
        if (thread === null) return;
        yield* cpu.join(thread);
        yield* cpu.BUG_ON(x.peek() !== 1, 'it was still running');
      }
      return {
        actors: {
          *main(cpu) {
            const child = yield* cpu.spawn('child', function* (cpu) {
              yield* cpu.write(x, 1);
            });
            yield* cpu.write(handle, child);
          },
          waiter1: waiter,
          waiter2: waiter,
        },
      };
    });
    expect(verdicts).toEqual([fine]);
  });
});
