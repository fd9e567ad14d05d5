// Small programs, each of which a search of states could easily get wrong.
import type { Program } from '../../../scheduler/index.js';
import {
  type Allocated,
  always,
  atEnd,
  atEvent,
  broken,
  type Cpu,
  Loop,
  type Memory,
  monitor,
  onChange,
  onEvent,
  path,
  type Path,
  wheneverFree,
} from '../../../src/machine/index.js';
import { program } from '../../support/program.js';

/** A helper leaves what it has read in a list of its caller: it must not be forgotten. */
export function leaking(): Program {
  return program('a helper that leaks into a list of its caller', (m) => {
    const [x, y] = [m.cell('x', 0), m.cell('y', 0)];
    const look = path('look', function* (cpu: Cpu, seen: number[]) {
      seen.push(yield* cpu.read(x));
    });
    return {
      actors: {
        *reader(cpu) {
          const seen: number[] = [];
          yield* look(cpu, seen);
          yield* cpu.write(y, 5);
          yield* cpu.write(y, seen[0] ?? 9);
          return seen.length;
        },
        *writer(cpu) {
          yield* cpu.write(x, 1);
          yield* cpu.write(x, 0);
          yield* cpu.write(x, 0);
        },
      },
      properties: [atEnd('nothing was seen', () => y.peek() === 0)],
    };
  });
}

/** Helpers that may be forgotten, called again and again. */
export function helpers(): Program {
  return program('helpers that are forgotten', (m) => {
    const [x, lock] = [m.cell('x', 0), m.mutex('lock')];
    const add = path('add', function* (cpu: Cpu, n: number): Path<boolean> {
      yield* cpu.mutex_lock(lock);
      const seen = yield* cpu.read(x);
      if (seen < 3) yield* cpu.write(x, seen + n);
      yield* cpu.mutex_unlock(lock);
      return seen === 2;
    });
    function* twice(cpu: Cpu): Path<number> {
      const first = yield* add(cpu, 1);
      const second = yield* add(cpu, 1);
      return Number(first) + 2 * Number(second);
    }
    return { actors: { a: twice, b: twice } };
  });
}

/** A helper switches preemption off, or not, by what it has read: no step and no result tells. */
export function openingSections(): Program {
  return program(
    'a helper that opens a section',
    (m) => {
      const [x, y] = [m.cell('x', 0), m.cell('y', 0)];
      const maybe = path('maybe', function* (cpu: Cpu) {
        if ((yield* cpu.read(x)) === 1) yield* cpu.preempt_disable();
      });
      return {
        actors: {
          a: {
            cpu: 0,
            *path(cpu) {
              yield* maybe(cpu);
              yield* cpu.write(y, 1);
              yield* cpu.write(y, 2);
            },
          },
          b: {
            cpu: 0,
            *path(cpu) {
              return yield* cpu.read(y);
            },
          },
          c: {
            cpu: 1,
            *path(cpu) {
              yield* cpu.write(x, 1);
              yield* cpu.write(x, 0);
            },
          },
        },
      };
    },
    { cpus: 2 },
  );
}

/** A thread waits until a flag is set, with or without a loop's head. */
export function spinning(setter: boolean, limit?: number): Program {
  return program(
    `a loop${setter ? '' : ' for ever'}${limit === undefined ? '' : ' of rounds'}`,
    (m) => {
      const [flag, x] = [m.cell('flag', 0), m.cell('x', 0)];
      return {
        actors: {
          *waiter(cpu) {
            const retry = new Loop('retry');
            let rounds = 0;
            for (;;) {
              yield* cpu.loop(retry, ...(limit === undefined ? [] : [rounds]));
              if ((yield* cpu.read(flag)) === 1) break;
              if (limit !== undefined && ++rounds === limit) break;
            }
            return yield* cpu.read(x);
          },
          *other(cpu) {
            yield* cpu.write(x, 1);
            if (setter) yield* cpu.write(flag, 1);
            yield* cpu.write(x, 2);
          },
        },
      };
    },
  );
}

/** Two threads that put back what they have changed, for ever: a livelock. */
export function goingInCircles(): Program {
  return program('two that give way for ever', (m) => {
    const flags = [m.cell('a', 0), m.cell('b', 0)] as const;
    const polite = (mine: 0 | 1) =>
      function* (cpu: Cpu): Path {
        const retry = new Loop('retry');
        for (;;) {
          yield* cpu.loop(retry);
          yield* cpu.write(flags[mine], 1);
          if ((yield* cpu.read(flags[1 - mine] as (typeof flags)[0])) === 0) break;
          yield* cpu.write(flags[mine], 0);
        }
        yield* cpu.write(flags[mine], 0);
      };
    return { actors: { a: polite(0), b: polite(1) } };
  });
}

/** A property that looks at something else by what it sees, and a monitor that counts. */
export function watched(): Program {
  return program('properties and monitors', (m) => {
    const [x, y, z] = [m.cell('x', 0), m.cell('y', 0), m.cell('z', 0)];
    const lock = m.mutex('lock');
    const told = m.event<number>('told');
    return {
      actors: {
        *a(cpu) {
          yield* cpu.write(x, 1);
          yield* cpu.write(y, 1);
          yield* cpu.write(x, 0);
          yield* cpu.write(y, 0);
        },
        *b(cpu) {
          yield* cpu.mutex_lock(lock);
          yield* cpu.write(z, 1);
          yield* cpu.write(z, yield* cpu.read(x));
          yield* cpu.mutex_unlock(lock);
          yield* cpu.emit(told, yield* cpu.read(y));
        },
      },
      properties: [
        always(
          'where x is, y is looked at',
          () => x.peek() === 0 || y.peek() === 0 || z.peek() === 0,
        ),
        wheneverFree(lock, 'z is clean', () => z.peek() === 0 || y.peek() === 1),
        monitor(
          'y changes in turn',
          [] as readonly number[],
          onChange((seen) => {
            const now = y.peek() + 2 * z.peek();
            return seen.at(-1) === now ? seen : [...seen, now];
          }),
          onEvent(told, (seen, value) =>
            seen.length > 3 && value === 0 ? broken('told too late') : seen,
          ),
        ),
        atEvent(told, 'it is told once x is back', (value) => value === 0 || x.peek() === 0),
      ],
    };
  });
}

/** Children that are told what was seen, and joined in another order. */
export function spawning(): Program {
  return program('children', (m) => {
    const x = m.cell('x', 0);
    function* child(cpu: Cpu, add: number): Path<number> {
      const seen = yield* cpu.fetch_add(x, add);
      return seen;
    }
    return {
      actors: {
        *main(cpu) {
          const seen = yield* cpu.read(x);
          const first = yield* cpu.spawn('child', (own) => child(own, 1 + seen));
          const second = yield* cpu.spawn('child', (own) => child(own, 10));
          const b = yield* cpu.join(second);
          const a = yield* cpu.join(first);
          return [a, b];
        },
        *other(cpu) {
          yield* cpu.write(x, 5);
        },
      },
    };
  });
}

class Node implements Allocated {
  readonly memory: Memory;
  readonly value;
  constructor(memory: Memory) {
    this.memory = memory;
    this.value = memory.cell('value', 0);
  }
}

/** Objects that are published, freed and used: what was made before names what is made next. */
export function pooled(): Program {
  return program('objects', (m) => {
    const slot = m.cell<Node | null>('slot', null);
    const flag = m.cell('flag', 0);
    const publish = path('publish', function* (cpu: Cpu) {
      if ((yield* cpu.read(flag)) === 1) yield* cpu.kmalloc(Node);
      const node = yield* cpu.kmalloc(Node);
      if (node !== null) yield* cpu.write(node.value, 7);
      yield* cpu.write(slot, node);
    });
    return {
      actors: {
        *maker(cpu) {
          yield* publish(cpu);
          yield* publish(cpu);
          const last = yield* cpu.xchg(slot, null);
          if (last !== null) yield* cpu.kfree(last);
        },
        *user(cpu) {
          yield* cpu.write(flag, 1);
          const node = yield* cpu.read(slot);
          yield* cpu.write(flag, 0);
          return node === null ? -1 : yield* cpu.read(node.value);
        },
      },
    };
  });
}

/** Readers and writers of an rwsem, one of which queues. */
export function queueing(): Program {
  return program('an rwsem', (m) => {
    const [sem, x] = [m.rwsem('sem'), m.cell('x', 0)];
    function* reader(cpu: Cpu): Path<number> {
      yield* cpu.down_read(sem);
      const seen = yield* cpu.read(x);
      yield* cpu.up_read(sem);
      return seen;
    }
    function* writer(cpu: Cpu): Path {
      yield* cpu.down_write(sem);
      yield* cpu.write(x, (yield* cpu.read(x)) + 1);
      yield* cpu.up_write(sem);
    }
    return { actors: { reader, w1: writer, w2: writer } };
  });
}

/** A sleeper that may miss its wake-up. */
export function sleeping(): Program {
  return program('a wait queue', (m) => {
    const [flag, wait] = [m.cell('flag', 0), m.waitqueue('wait')];
    return {
      actors: {
        *sleeper(cpu) {
          yield* cpu.wait_event(wait, function* (own) {
            return (yield* own.read(flag)) === 1;
          });
        },
        *waker(cpu) {
          yield* cpu.write(flag, 1);
          if (yield* cpu.waitqueue_active(wait)) yield* cpu.wake_up(wait);
        },
        *other(cpu) {
          yield* cpu.wake_up(wait);
        },
      },
    };
  });
}

/** Which of two places fails decides. */
export function failing(): Program {
  return program(
    'faults',
    (m) => {
      const x = m.cell('x', 0);
      const attempt = path('attempt', function* (cpu: Cpu, n: number): Path<boolean> {
        if (yield* cpu.may_fail('it')) return false;
        yield* cpu.write(x, (yield* cpu.read(x)) + n);
        return true;
      });
      function* both(cpu: Cpu): Path<boolean> {
        const first = yield* attempt(cpu, 1);
        yield* attempt(cpu, 2);
        return first;
      }
      return {
        actors: { a: both, b: both },
        properties: [atEnd('not too little', () => x.peek() > 2)],
      };
    },
    { faults: 2 },
  );
}

export function all(): readonly Program[] {
  return [
    leaking(),
    helpers(),
    openingSections(),
    spinning(true),
    spinning(false),
    spinning(false, 3),
    goingInCircles(),
    watched(),
    spawning(),
    pooled(),
    queueing(),
    sleeping(),
    failing(),
  ];
}
