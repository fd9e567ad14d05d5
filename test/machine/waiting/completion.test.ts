import { describe, expect, it } from 'vitest';
import type { Completion, Cpu, Memory, Path } from '../../../src/machine/index.js';
import { after, everySchedule, executionOf, fine, sentenceOf } from '../../support/run.js';

describe('a completion', () => {
  it('lets its waiter go on in every schedule, whether it was completed before or after', () => {
    const { verdicts, schedules } = everySchedule((m) => {
      const [done, x] = [m.completion('done'), m.cell('x', 0)];
      return {
        actors: {
          *waiter(cpu) {
            yield* cpu.wait_for_completion(done);
            yield* cpu.BUG_ON((yield* cpu.read(x)) === 0, 'it went on too early');
          },
          *other(cpu) {
            yield* cpu.write(x, 1);
            yield* cpu.complete(done);
          },
        },
      };
    });
    expect({ verdicts, schedules }).toEqual({ verdicts: [fine], schedules: 3 });
  });

  it('counts: n times complete() lets n waiters go on, and one more sleeps for ever', () => {
    const { verdicts } = everySchedule((m) => {
      const done = m.completion('done');
      function* waiter(cpu: Cpu): Path {
        yield* cpu.wait_for_completion(done);
      }
      return {
        actors: {
          a: waiter,
          b: waiter,
          *other(cpu) {
            yield* cpu.complete(done);
          },
        },
      };
    });
    const asleep = (name: string): string =>
      `${name} waits for done in wait_for_completion(), and nobody is left to wake it`;
    expect(verdicts).toEqual([asleep('a'), asleep('b')]);
  });

  it('of all is never used up, until it is begun anew', () => {
    const { verdicts, looks } = everySchedule((m) => {
      const done = m.completion('done');
      function* waiter(cpu: Cpu): Path {
        yield* cpu.wait_for_completion(done);
      }
      const seen: boolean[] = [];
      return {
        actors: {
          a: waiter,
          b: waiter,
          *other(cpu) {
            seen.length = 0;
            yield* cpu.complete_all(done);
            yield* cpu.wait_for_completion(done);
            seen.push(yield* cpu.completion_done(done));
          },
        },
        look: () => [...seen, done.peekDone()],
      };
    });
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [[true, true]] });
    expect(
      sentenceOf((m) => {
        const again = m.completion('again');
        return {
          actors: {
            *a(cpu) {
              yield* cpu.complete_all(again);
              yield* cpu.reinit_completion(again);
              yield* cpu.wait_for_completion(again);
            },
          },
        };
      }),
    ).toBe('a waits for again in wait_for_completion(), and nobody is left to wake it');
  });

  const contended: Parameters<typeof after>[0] = (m) => {
    const done = m.completion('done');
    function* waiter(cpu: Cpu): Path {
      yield* cpu.wait_for_completion(done);
    }
    return {
      actors: {
        a: waiter,
        b: waiter,
        *other(cpu) {
          yield* cpu.complete(done);
          yield* cpu.complete(done);
        },
        *thief(cpu) {
          yield* cpu.try_wait_for_completion(done);
        },
      },
    };
  };

  it('wakes the one that has waited longest', () => {
    expect(after(contended, 'a b other').runnable).toEqual(['a', 'other', 'thief']);
    expect(after(contended, 'b a other').runnable).toEqual(['b', 'other', 'thief']);
  });

  it('may be taken by somebody else before the woken one, who queues again behind the others', () => {
    expect(after(contended, 'a b other thief').runnable).toEqual(['a', 'other']);
    expect(after(contended, 'a b other thief a').runnable).toEqual(['other']);
    expect(after(contended, 'a b other thief a other').runnable).toEqual(['b']);
  });

  it('is tried without sleeping, also in atomic context, where nobody may wait', () => {
    const sentence = (use: (cpu: Cpu, done: Completion) => Path<unknown>): string =>
      sentenceOf((m) => {
        const done = m.completion('done');
        return {
          actors: {
            *a(cpu) {
              yield* cpu.preempt_disable();
              yield* use(cpu, done);
            },
          },
        };
      });
    expect(
      sentence(function* (cpu, done) {
        yield* cpu.complete(done);
        yield* cpu.BUG_ON(!(yield* cpu.try_wait_for_completion(done)), 'it was complete');
        yield* cpu.BUG_ON(yield* cpu.try_wait_for_completion(done), 'it was used up');
      }),
    ).toBe(fine);
    expect(
      sentence(function* (cpu, done) {
        yield* cpu.wait_for_completion(done);
      }),
    ).toBe('sleeping function wait_for_completion() called from invalid context (thread a)');
  });

  it('in freed memory is a panic for who completes, and for who sleeps on it', () => {
    class Request {
      readonly memory: Memory;
      readonly done: Completion;
      constructor(memory: Memory) {
        this.memory = memory;
        this.done = memory.completion('done');
      }
    }
    const { verdicts } = everySchedule((m) => {
      const request = m.object(Request, 'request');
      return {
        actors: {
          *waiter(cpu) {
            yield* cpu.wait_for_completion(request.done);
          },
          *owner(cpu) {
            yield* cpu.kfree(request);
            yield* cpu.complete(request.done);
          },
        },
      };
    });
    expect(verdicts).toEqual([
      'use after free: complete() on request.done.done (thread owner)',
      'use after free: wait_for_completion() on request.done.done (thread waiter)',
    ]);
  });

  it('is as at the start in the next execution', () => {
    const execution = executionOf((m) => {
      const done = m.completion('done');
      return {
        actors: {
          *a(cpu) {
            yield* cpu.wait_for_completion(done);
            yield* cpu.wait_for_completion(done);
          },
          *b(cpu) {
            yield* cpu.complete(done);
          },
        },
      };
    });
    const first = execution.run();
    expect(first.kind).toBe('deadlock');
    expect(execution.run()).toEqual(first);
  });
});
