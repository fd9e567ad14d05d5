// Corners in which the machine was once wrong: each is a statement about all schedules of a small program.
import { describe, expect, it } from 'vitest';
import { Execution, Follow } from '../../scheduler/index.js';
import {
  type Allocated,
  always,
  atEnd,
  type Broken,
  broken,
  type Cell,
  type Machine,
  type Memory,
  monitor,
  onChange,
  onEvent,
} from '../../src/machine/index.js';
import { everySchedule, fine, goingOn, type Setup } from '../support/run.js';
import { armed } from '../support/program.js';

class Thing implements Allocated {
  readonly memory: Memory;
  readonly value: Cell<number>;
  constructor(memory: Memory) {
    this.memory = memory;
    this.value = memory.cell('value', 0);
  }
}

describe('a thread that has panicked', () => {
  it('never takes the lock that it was about to wait for, though others go on', () => {
    const { looks } = everySchedule(
      (m) => {
        const l = m.mutex('l');
        const x = m.cell('x', 0);
        return {
          actors: {
            *a(cpu) {
              yield* cpu.mutex_lock(l);
              yield* cpu.mutex_unlock(l);
            },
            *b(cpu) {
              yield* cpu.read(x);
              yield* cpu.preempt_disable();
              yield* cpu.mutex_lock(l);
              yield* cpu.write(x, 1);
            },
          },
          look: () => x.peek(),
        };
      },
      { all: true },
    );
    expect(looks).toEqual([0]);
  });
});

describe('a property', () => {
  it('sees what a thread does without a step after its last step', () => {
    const verdict = goingOn((m) => {
      const [x, y] = [m.cell('x', 0), m.cell('y', 0)];
      return {
        actors: {
          *a(cpu) {
            yield* cpu.write(y, 1);
            yield* cpu.init(x, 1);
          },
        },
        properties: [always('x stays 0', () => x.peek() === 0)],
      };
    });
    expect(verdict.kind).toBe('violation');
  });

  it('is not judged between a step and what belongs to it', () => {
    const verdict = goingOn((m) => {
      const [x, y] = [m.cell('x', 0), m.cell('y', 0)];
      return {
        actors: {
          *a(cpu) {
            yield* cpu.write(y, 1);
            yield* cpu.init(x, 1);
            yield* cpu.read(x);
          },
        },
        properties: [always('x and y go together', () => x.peek() === y.peek())],
      };
    });
    expect(verdict.kind).toBe('ok');
  });

  it('hears the news of its own later rules', () => {
    const verdict = goingOn((m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.write(x, 1);
          },
        },
        properties: [
          monitor<number>(
            'the state stays 0',
            0,
            onChange((state: number): number | Broken =>
              state === 0 ? state : broken(`it is ${String(state)}`),
            ),
            onChange((state: number): number => (x.peek() === 1 ? 1 : state)),
          ),
        ],
      };
    });
    expect(verdict.kind).toBe('violation');
  });

  it('hears of an event that is the last thing to happen', () => {
    const verdict = goingOn((m) => {
      const x = m.cell('x', 0);
      const said = m.event('said');
      return {
        actors: {
          *a(cpu) {
            yield* cpu.read(x);
            yield* cpu.emit(said, undefined);
          },
        },
        properties: [
          monitor<number>(
            'nothing is said',
            0,
            onEvent(said, (state: number) => state + 1),
            onChange((state: number): number | Broken => (state === 0 ? state : broken('it was'))),
          ),
        ],
      };
    });
    expect(verdict.kind).toBe('violation');
  });

  it('looks as often on a machine that has run before as on a fresh one', () => {
    const looks: number[] = [];
    const setup: Setup = (m) => {
      const [choice, x] = [m.cell('choice', 0), m.cell('x', 0)];
      return {
        actors: {
          *a(cpu) {
            yield* cpu.write(x, 1);
            yield* cpu.write(x, 2);
          },
          *b(cpu) {
            yield* cpu.write(choice, 1);
          },
        },
        properties: [
          monitor<number>(
            'counts its looks',
            0,
            onChange((state: number) => {
              if (choice.peek() === 1) x.peek();
              return state + 1;
            }),
          ),
        ],
      };
    };
    const run = (machine: Machine, schedules: readonly (readonly number[])[]): number => {
      let execution: Execution | undefined;
      for (const order of schedules) {
        const follow = new Follow(
          order.map((pick, n) => ({ at: n, pick })),
          () => execution?.asked ?? 0,
          false,
        );
        execution = new Execution(machine, follow);
        execution.run();
      }
      return machine.stateLines().filter((line) => line.startsWith('property')).length;
    };
    looks.push(run(armed(setup), [[0, 0, 1]]));
    looks.push(
      run(armed(setup), [
        [1, 0, 0],
        [0, 0, 1],
      ]),
    );
    expect(looks[1]).toBe(looks[0]);
    const state = (schedules: readonly (readonly number[])[]): string => {
      const machine = armed(setup);
      run(machine, schedules);
      return machine.stateLines().join('\n');
    };
    expect(
      state([
        [1, 0, 0],
        [0, 0, 1],
      ]),
    ).toBe(state([[0, 0, 1]]));
  });
});

describe('freed memory', () => {
  it('is no private object that one could fill in', () => {
    const verdict = goingOn((m) => {
      const thing = m.object(Thing, 'thing');
      return {
        actors: {
          *a(cpu) {
            yield* cpu.kfree(thing);
            yield* cpu.init(thing.value, 1);
            yield* cpu.read(thing.value);
          },
        },
      };
    });
    expect(verdict).toMatchObject({ kind: 'panic' });
  });
});

describe('masked interrupts', () => {
  it('keep others off the CPU, also once preemption is on again', () => {
    const { verdicts } = everySchedule(
      (m) => {
        const l = m.spinlock('l');
        const x = m.cell('x', 0);
        return {
          actors: {
            *a(cpu) {
              yield* cpu.spin_lock_irq(l);
              yield* cpu.spin_unlock(l);
              yield* cpu.write(x, (yield* cpu.read(x)) + 1);
            },
            *b(cpu) {
              yield* cpu.write(x, (yield* cpu.read(x)) + 1);
            },
          },
          properties: [atEnd('no update is lost', () => x.peek() === 2)],
        };
      },
      { cpus: 1, all: true },
    );
    expect(verdicts).toContain(fine);
    expect(verdicts.filter((verdict) => verdict.includes('lost'))).toEqual([]);
  });
});

describe('preempt_enable()', () => {
  it('warns where preemption was not disabled', () => {
    const verdict = goingOn((m) => {
      const x = m.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.read(x);
            yield* cpu.preempt_enable();
          },
        },
      };
    });
    expect(verdict).toMatchObject({ kind: 'warning' });
  });
});
