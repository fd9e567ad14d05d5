// Store buffers against interrupts, threads that share a CPU or move, freed memory, and grace periods.
import { describe, expect, it } from 'vitest';
import type {
  Allocated,
  Cpu,
  Machine,
  Memory,
  MachineOptions,
} from '../../../src/machine/index.js';
import type { Body } from '../../support/program.js';
import { everySchedule, fine, type Setup } from '../../support/run.js';

const tso = { memory: 'tso' } as const;
const outcomes = (setup: Setup, options: Partial<MachineOptions> = {}) =>
  everySchedule(setup, { ...tso, ...options });

const cellsOf = (m: Machine) => ({ x: m.cell('x', 0), y: m.cell('y', 0) });

class Thing implements Allocated {
  readonly memory: Memory;
  readonly field;
  readonly lock;

  constructor(memory: Memory) {
    this.memory = memory;
    this.field = memory.cell('field', 0);
    this.lock = memory.spinlock('lock');
  }
}

type Cells = ReturnType<typeof cellsOf>;

/**
 * Store buffering: `other` stores y, with a barrier, and looks at x; the actors of `first` do the opposite without one.
 * The outcome is what either saw, - for nothing.
 */
function against(
  m: Machine,
  first: (cells: Cells, saw: (y: number) => void) => Record<string, Body>,
): ReturnType<Setup> {
  const { x, y } = cellsOf(m);
  let [r1, r2] = [-1, -1];
  const actors = first({ x, y }, (value) => {
    r1 = value;
  });
  return {
    actors: {
      ...actors,
      other: {
        cpu: 7,
        *path(cpu: Cpu) {
          // Before its first step, so once per execution.
          r1 = r2 = -1;
          yield* cpu.write(y, 1);
          yield* cpu.smp_mb();
          r2 = yield* cpu.read(x);
        },
      },
    },
    look: () => [r1, r2].map((value) => (value < 0 ? '-' : String(value))).join(''),
  };
}

describe('threads of one CPU', () => {
  it('see a store of the one before only when it is visible to all: a switch drains the buffer', () => {
    const { looks, verdicts } = outcomes((m) =>
      against(m, ({ x, y }, saw) => ({
        storing: {
          cpu: 0,
          *path(cpu: Cpu) {
            yield* cpu.write(x, 1);
          },
        },
        looking: {
          cpu: 0,
          *path(cpu: Cpu) {
            if ((yield* cpu.read(x)) === 1) saw(yield* cpu.read(y));
          },
        },
      })),
    );
    expect(verdicts).toEqual([fine]);
    // Whoever sees x = 1 sees it in memory, so not both can miss the other.
    expect(looks).toEqual(['-0', '-1', '01', '10', '11']);
  });
});

describe('an interrupt', () => {
  it('comes only when the stores of whom it interrupts are visible', () => {
    const { looks } = outcomes((m) =>
      against(m, ({ x, y }, saw) => ({
        thread: {
          cpu: 0,
          *path(cpu: Cpu) {
            yield* cpu.write(x, 1);
            yield* cpu.smp_mb();
          },
        },
        irq: {
          cpu: 0,
          interrupt: { kind: 'hardirq', times: 1 },
          *path(cpu: Cpu) {
            if ((yield* cpu.read(x)) === 1) saw(yield* cpu.read(y));
          },
        },
      })),
    );
    expect(looks).not.toContain('00');
    expect(looks).toContain('01');
  });

  it('returns only when its own are visible', () => {
    const { looks, verdicts } = outcomes((m) =>
      against(m, ({ x, y }, saw) => ({
        thread: {
          cpu: 0,
          *path(cpu: Cpu) {
            if ((yield* cpu.read(x)) === 1) saw(yield* cpu.read(y));
          },
        },
        irq: {
          cpu: 0,
          interrupt: { kind: 'hardirq', times: 1 },
          *path(cpu: Cpu) {
            yield* cpu.write(x, 1);
          },
        },
      })),
    );
    expect(verdicts).toEqual([fine]);
    expect(looks).not.toContain('00');
    expect(looks).toContain('01');
  });

  it('buffers its own stores like anybody else', () => {
    const { looks } = outcomes((m) =>
      against(m, ({ x, y }, saw) => ({
        thread: {
          cpu: 0,
          *path(cpu: Cpu) {
            yield* cpu.read(y);
            yield* cpu.read(y);
          },
        },
        irq: {
          cpu: 0,
          interrupt: { kind: 'hardirq', times: 1 },
          *path(cpu: Cpu) {
            yield* cpu.write(x, 1);
            saw(yield* cpu.read(y));
          },
        },
      })),
    );
    expect(looks).toContain('00');
  });
});

describe('other threads', () => {
  it('start with everything visible that their creator has stored', () => {
    const { looks } = outcomes((m) => {
      const { x } = cellsOf(m);
      let seen = -1;
      return {
        actors: {
          *a(cpu) {
            yield* cpu.write(x, 1);
            yield* cpu.spawn('child', function* (own: Cpu) {
              seen = yield* own.read(x);
            });
          },
        },
        look: () => seen,
      };
    });
    expect(looks).toEqual([1]);
  });

  it('have ended for whoever joins them when their stores are visible', () => {
    const { looks, verdicts } = outcomes((m) => {
      const { x } = cellsOf(m);
      let seen = -1;
      return {
        actors: {
          *a(cpu) {
            const child = yield* cpu.spawn('child', function* (own: Cpu) {
              yield* own.write(x, 1);
            });
            yield* cpu.join(child);
            seen = yield* cpu.read(x);
          },
        },
        look: () => seen,
      };
    });
    expect([looks, verdicts]).toEqual([[1], [fine]]);
  });

  it.each(['by itself', 'by the load balancer'])('move %s with nothing left behind', (how) => {
    const { looks, verdicts } = outcomes((m) => {
      const { x } = cellsOf(m);
      const seen: number[] = [];
      return {
        actors: {
          *moved(cpu) {
            yield* cpu.write(x, 1);
            if (how === 'by itself') yield* cpu.set_cpu(3);
            seen.splice(0, 1, yield* cpu.read(x));
          },
          ...(how === 'by itself'
            ? {}
            : {
                balance: {
                  cpu: 3,
                  balance: { actor: 'moved', times: 1 },
                  *path(): Generator<never, void, void> {
                    // The balancer has none.
                  },
                },
              }),
        },
        look: () => seen[0],
      };
    });
    expect([looks, verdicts]).toEqual([[1], [fine]]);
  });
});

describe('flag words and per-CPU variables', () => {
  it('lose a bit where two threads use |=, and none with set_bit()', () => {
    const flags = (atomic: boolean) =>
      outcomes((m) => {
        const word = m.cell('word', 0);
        const set = (bit: number) =>
          function* (cpu: Cpu) {
            if (atomic) yield* cpu.set_bit(word, bit);
            else yield* cpu.set_bits(word, bit);
          };
        return { actors: { a: set(1), b: set(2) }, look: () => word.peek() };
      }).looks;
    expect(flags(false)).toEqual([1, 2, 3]);
    expect(flags(true)).toEqual([3]);
  });

  it('this_cpu_add() is no barrier', () => {
    const { looks } = outcomes((m) => {
      const count = m.percpu('count', 0);
      return against(m, ({ x, y }, saw) => ({
        *a(cpu: Cpu) {
          yield* cpu.write(x, 1);
          yield* cpu.this_cpu_add(count, 1);
          saw(yield* cpu.read(y));
        },
      }));
    });
    expect(looks).toContain('00');
  });

  it('smp_store_mb() is one', () => {
    const { looks } = outcomes((m) =>
      against(m, ({ x, y }, saw) => ({
        *a(cpu: Cpu) {
          yield* cpu.smp_store_mb(x, 1);
          saw(yield* cpu.read(y));
        },
      })),
    );
    expect(looks).toEqual(['01', '10', '11']);
  });
});

describe('freed memory', () => {
  it('kfree() is no barrier, and takes effect after the stores before it', () => {
    const { looks, verdicts } = outcomes((m) =>
      against(m, ({ x, y }, saw) => ({
        *a(cpu: Cpu) {
          const thing = yield* cpu.kmalloc(Thing);
          if (thing === null) return;
          yield* cpu.spin_lock(thing.lock);
          yield* cpu.write(thing.field, 1);
          yield* cpu.spin_unlock(thing.lock);
          yield* cpu.write(x, 1);
          yield* cpu.kfree(thing);
          saw(yield* cpu.read(y));
        },
      })),
    );
    expect(verdicts).toEqual([fine]);
    expect(looks).toContain('00');
  });

  it('is seen freed by its own CPU at once', () => {
    const { verdicts } = outcomes((m) => {
      const thing = m.object(Thing, 'thing');
      return {
        actors: {
          *a(cpu) {
            yield* cpu.kfree(thing);
            yield* cpu.read(thing.field);
          },
        },
      };
    });
    expect(verdicts).toEqual(['use after free: read() on thing.field (thread a)']);
  });

  it('is hit by a store that becomes visible too late', () => {
    const { verdicts } = outcomes((m) => {
      const thing = m.object(Thing, 'thing');
      const { x } = cellsOf(m);
      return {
        actors: {
          *late(cpu) {
            yield* cpu.write(thing.field, 1);
            yield* cpu.read(x);
          },
          *a(cpu) {
            yield* cpu.kfree(thing);
          },
        },
      };
    });
    expect(verdicts).toContain(
      'use after free: thing->field = 1 becomes visible after thing.field was freed (thread late)',
    );
  });

  it('freed twice is told of, also where neither free is visible to the other', () => {
    const { verdicts } = outcomes((m) => {
      const thing = m.object(Thing, 'thing');
      const free = function* (cpu: Cpu) {
        yield* cpu.kfree(thing);
      };
      return { actors: { a: free, b: free } };
    });
    expect(verdicts.every((verdict) => verdict.startsWith('double free'))).toBe(true);
  });
});

describe('a grace period', () => {
  it('ends when the stores of the readers before it are visible', () => {
    const { looks, verdicts } = outcomes((m) => {
      const { x, y } = cellsOf(m);
      let [inside, seen] = [-1, -1];
      return {
        actors: {
          *reader(cpu) {
            yield* cpu.rcu_read_lock();
            yield* cpu.write(x, 1);
            inside = yield* cpu.read(y);
            yield* cpu.rcu_read_unlock();
          },
          *updater(cpu) {
            yield* cpu.write(y, 1);
            yield* cpu.synchronize_rcu();
            seen = yield* cpu.read(x);
          },
        },
        look: () => `${String(inside)}${String(seen)}`,
      };
    });
    expect(verdicts).toEqual([fine]);
    // A reader that did not see y began before the grace period: its store is seen after it.
    expect(looks).toEqual(['01', '10', '11']);
  });
});

describe('a work item', () => {
  it('is done for whoever flushes it when its stores are visible', () => {
    const { looks, verdicts } = outcomes((m) => {
      const { x } = cellsOf(m);
      const queue = m.workqueue('queue');
      const work = m.work('work', function* (own: Cpu) {
        yield* own.write(x, 1);
      });
      let seen = -1;
      return {
        actors: {
          *a(cpu) {
            yield* cpu.queue_work(queue, work);
            yield* cpu.flush_work(work);
            seen = yield* cpu.read(x);
          },
        },
        look: () => seen,
      };
    });
    expect([looks, verdicts]).toEqual([[1], [fine]]);
  });
});
