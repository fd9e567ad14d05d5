import { describe, expect, it } from 'vitest';
import {
  always,
  atEnd,
  atEvent,
  broken,
  type Cell,
  type Cpu,
  monitor,
  onChange,
  onChangeWhenFree,
  onEnd,
  onEvent,
  type Path,
  wheneverFree,
} from '../../src/machine/index.js';
import { everySchedule, executionOf, fine, goingOn, sentenceOf } from '../support/run.js';

type Door = 'shut' | 'open';

/** Moves one unit from x to y, so that the sum is wrong in between. */
function* move(cpu: Cpu, x: Cell<number>, y: Cell<number>): Path {
  yield* cpu.write(x, (yield* cpu.read(x)) - 1);
  yield* cpu.write(y, (yield* cpu.read(y)) + 1);
}

describe('always()', () => {
  it('looks between any two steps', () => {
    expect(
      goingOn((m) => {
        const [x, y] = [m.cell('x', 1), m.cell('y', 0)];
        return {
          actors: { a: (cpu) => move(cpu, x, y) },
          properties: [always('nothing gets lost', () => x.peek() + y.peek() === 1)],
        };
      }),
    ).toEqual({ kind: 'violation', property: 'nothing gets lost', message: 'it does not hold' });
  });

  it('ends the execution with the step that broke it, and says why', () => {
    const execution = executionOf((m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            for (let i = 1; i < 9; i++) yield* cpu.write(x, i);
          },
        },
        properties: [always('x is small', () => x.peek() < 3 || `x is ${String(x.peek())}`)],
      };
    });
    expect(execution.run()).toEqual({
      kind: 'violation',
      property: 'x is small',
      message: 'x is 3',
    });
    expect(execution.steps).toBe(3);
  });

  it('looks again only when a cell that it peeked has changed', () => {
    let looks = 0;
    const execution = executionOf((m) => {
      const [x, y] = [m.cell('x', 0), m.cell('y', 0)];
      return {
        actors: {
          *a(cpu) {
            for (let i = 0; i < 5; i++) yield* cpu.write(y, i);
            yield* cpu.read(x);
            yield* cpu.write(x, 1);
            yield* cpu.write(x, 2);
            for (let i = 0; i < 5; i++) yield* cpu.write(y, i);
          },
        },
        properties: [
          always('x is a number', () => {
            looks++;
            return x.peek() >= 0;
          }),
        ],
      };
    });
    expect(looks).toBe(1);
    execution.run();
    expect(looks).toBe(3);
  });

  it('watches also what it peeked later, where that depends on what it saw', () => {
    expect(
      sentenceOf((m) => {
        const [linked, value] = [m.cell('linked', false), m.cell('value', 1)];
        return {
          actors: {
            *a(cpu) {
              yield* cpu.write(linked, true);
              yield* cpu.write(value, 0);
            },
          },
          properties: [always('a linked value is set', () => !linked.peek() || value.peek() > 0)],
        };
      }),
    ).toBe('a linked value is set: it does not hold');
  });

  it('sees what is filled in at the next step only', () => {
    expect(
      sentenceOf((m) => {
        const [x, y] = [m.cell('x', 0), m.cell('y', 0)];
        return {
          actors: {
            *a(cpu) {
              yield* cpu.read(y);
              yield* cpu.init(x, 1);
              yield* cpu.read(y);
            },
          },
          properties: [always('x stays zero', () => x.peek() === 0)],
        };
      }),
    ).toBe('x stays zero: it does not hold');
  });

  it('is looked at in every execution, also after one that broke it', () => {
    const execution = executionOf((m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.write(x, 1);
          },
        },
        properties: [always('x stays zero', () => x.peek() === 0)],
      };
    });
    expect([execution.run().kind, execution.run().kind]).toEqual(['violation', 'violation']);
  });
});

describe('wheneverFree()', () => {
  const sums = (locks: boolean, restores: boolean) =>
    everySchedule((m) => {
      const [x, y, lock] = [m.cell('x', 1), m.cell('y', 0), m.mutex('lock')];
      return {
        actors: {
          *a(cpu) {
            if (locks) yield* cpu.mutex_lock(lock);
            if (restores) yield* move(cpu, x, y);
            else yield* cpu.write(x, 0);
            if (locks) yield* cpu.mutex_unlock(lock);
          },
          *b(cpu) {
            yield* cpu.read(x);
          },
        },
        properties: [wheneverFree(lock, 'nothing gets lost', () => x.peek() + y.peek() === 1)],
      };
    }).verdicts;

  it('overlooks what is wrong only while somebody holds the lock', () => {
    expect(sums(true, true)).toEqual([fine]);
  });

  it('finds what is still wrong when the lock is given up', () => {
    expect(sums(true, false)).toEqual(['nothing gets lost: it does not hold']);
  });

  it('finds what is wrong while nobody holds the lock', () => {
    expect(sums(false, true)).toEqual(['nothing gets lost: it does not hold']);
  });

  it('does not overlook what goes wrong while the lock is held for reading', () => {
    expect(
      sentenceOf((m) => {
        const [x, sem] = [m.cell('x', 0), m.rwsem('sem')];
        return {
          actors: {
            *a(cpu) {
              yield* cpu.down_read(sem);
              yield* cpu.write(x, 1);
              yield* cpu.write(x, 0);
              yield* cpu.up_read(sem);
            },
          },
          properties: [wheneverFree(sem, 'x is zero', () => x.peek() === 0)],
        };
      }),
    ).toBe('x is zero: it does not hold');
  });
});

describe('atEvent()', () => {
  it('looks when the event is emitted, and sees what comes with it', () => {
    const payloads: number[] = [];
    expect(
      sentenceOf((m) => {
        const x = m.cell('x', 0);
        const done = m.event<number>('done');
        return {
          actors: {
            *a(cpu) {
              yield* cpu.emit(done, 1);
              yield* cpu.write(x, 1);
              yield* cpu.emit(done, 2);
            },
          },
          properties: [
            atEvent(done, 'x is zero when something is done', (payload) => {
              payloads.push(payload);
              return x.peek() === 0;
            }),
          ],
        };
      }),
    ).toBe('x is zero when something is done: it does not hold');
    expect(payloads).toEqual([1, 2]);
  });

  it('overlooks what is wrong at other times, and is no event of the schedule', () => {
    const { verdicts, steps } = everySchedule((m) => {
      const x = m.cell('x', 5);
      const done = m.event('done');
      return {
        actors: {
          *a(cpu) {
            yield* cpu.write(x, 0);
            yield* cpu.emit(done, undefined);
          },
        },
        properties: [atEvent(done, 'x is zero when all is done', () => x.peek() === 0)],
      };
    });
    expect({ verdicts, steps }).toEqual({ verdicts: [fine], steps: 1 });
  });
});

describe('atEnd()', () => {
  it('looks when every thread has ended, and only then', () => {
    const { verdicts } = everySchedule((m) => {
      const x = m.cell('x', 5);
      function* add(cpu: Cpu): Path {
        yield* cpu.write(x, (yield* cpu.read(x)) + 1);
      }
      return {
        actors: { a: add, b: add },
        properties: [atEnd('both increments count', () => x.peek() === 7)],
      };
    });
    expect(verdicts).toEqual(['both increments count: it does not hold', fine]);
  });

  it('does not look at an end that a deadlock has made', () => {
    expect(
      goingOn((m) => {
        const lock = m.mutex('lock');
        return {
          actors: {
            *a(cpu) {
              yield* cpu.mutex_lock(lock);
              yield* cpu.mutex_lock(lock);
            },
          },
          properties: [atEnd('this never holds', () => false)],
        };
      }).kind,
    ).toBe('deadlock');
  });
});

describe('monitor()', () => {
  it('remembers over an execution, and forgets for the next one', () => {
    const { verdicts } = everySchedule((m) => {
      const [x, y] = [m.cell('x', 0), m.cell('y', 0)];
      const opened = m.event('opened');
      const closed = m.event('closed');
      return {
        actors: {
          *opener(cpu) {
            yield* cpu.write(x, 1);
            yield* cpu.emit(opened, undefined);
          },
          *closer(cpu) {
            yield* cpu.write(y, 1);
            yield* cpu.emit(closed, undefined);
          },
        },
        properties: [
          monitor<Door>(
            'only what was opened is closed',
            'shut',
            onEvent(opened, (): Door => 'open'),
            onEvent(closed, (state) => (state === 'open' ? 'shut' : broken('it was not open'))),
          ),
        ],
      };
    });
    expect(verdicts).toEqual([fine, 'only what was opened is closed: it was not open']);
  });

  it('may look at changes, at free locks and at the end with one memory', () => {
    const seen: string[] = [];
    expect(
      sentenceOf((m) => {
        const [x, lock] = [m.cell('x', 0), m.mutex('lock')];
        return {
          actors: {
            *a(cpu) {
              yield* cpu.mutex_lock(lock);
              yield* cpu.write(x, 1);
              yield* cpu.write(x, 2);
              yield* cpu.mutex_unlock(lock);
            },
          },
          properties: [
            monitor(
              'x grows',
              0,
              onChange((before) => {
                seen.push(`change ${String(before)} to ${String(x.peek())}`);
                return x.peek() < before ? broken('it fell') : x.peek();
              }),
              onChangeWhenFree(lock, (before) => {
                seen.push(`free ${String(x.peek())}`);
                return before;
              }),
              onEnd((before) => {
                seen.push(`end ${String(before)}`);
                return before;
              }),
            ),
          ],
        };
      }),
    ).toBe(fine);
    expect(seen).toEqual([
      'change 0 to 0',
      'free 0',
      'change 0 to 1',
      'change 1 to 2',
      'free 2',
      'end 2',
    ]);
  });
});
