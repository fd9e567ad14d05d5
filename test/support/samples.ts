// Programs that several tests of searches use.
import type { Program } from '../../scheduler/index.js';
import {
  type Allocated,
  atEnd,
  type Cpu,
  type Memory,
  type Path,
} from '../../src/machine/index.js';
import { crowd, program } from './program.js';

/** Two increments by a read and a write: one preemption loses one. */
export function lostUpdate(): Program {
  return program('lost update', (m) => {
    const x = m.cell('x', 0);
    function* add(cpu: Cpu): Path {
      yield* cpu.write(x, (yield* cpu.read(x)) + 1);
    }
    return {
      actors: { a: add, b: add },
      properties: [atEnd('no update is lost', () => x.peek() === 2)],
    };
  });
}

/** Two increments under a lock. */
export function lockedUpdate(): Program {
  return program('locked update', (m) => {
    const [x, lock] = [m.cell('x', 0), m.mutex('lock')];
    function* add(cpu: Cpu): Path {
      yield* cpu.mutex_lock(lock);
      yield* cpu.write(x, (yield* cpu.read(x)) + 1);
      yield* cpu.mutex_unlock(lock);
    }
    return {
      actors: { a: add, b: add },
      properties: [atEnd('no update is lost', () => x.peek() === 2)],
    };
  });
}

/** One thread loses an update if another one comes in between; `noise` threads do something else meanwhile. */
export function noisyUpdate(noise: number, steps: number): Program {
  return program('noisy update', (m) => {
    const x = m.cell('x', 0);
    return {
      actors: {
        *updater(cpu) {
          yield* cpu.write(x, (yield* cpu.read(x)) + 1);
        },
        *other(cpu) {
          yield* cpu.fetch_add(x, 1);
        },
        ...crowd('noise', noise, (i) => {
          const own = m.cell(`own${String(i)}`, 0);
          return function* (cpu) {
            for (let n = 0; n < steps; n++) yield* cpu.fetch_add(own, 1);
          };
        }),
      },
      properties: [atEnd('no update is lost', () => x.peek() === 2)],
    };
  });
}

/** Many threads with a few steps each: more than fit into the bits of a number. */
export function many(threads: number): Program {
  return program(`${String(threads)} threads`, (m) => {
    const [x, lock] = [m.cell('x', 0), m.mutex('lock')];
    function* body(cpu: Cpu): Path {
      yield* cpu.fetch_add(x, 1);
      yield* cpu.mutex_lock(lock);
      yield* cpu.mutex_unlock(lock);
    }
    return {
      actors: crowd('t', threads, () => body),
      properties: [atEnd('everybody was there', () => x.peek() === threads)],
    };
  });
}

/** A main thread that spawns and joins, whose children spawn again; one grandchild each, or two. */
export function family(children = 4, grandchildren: 1 | 2 = 2): Program {
  return program('family', (m) => {
    const [x, sem] = [m.cell('x', 0), m.rwsem('sem')];
    function* grandchild(cpu: Cpu): Path {
      yield* cpu.down_write(sem);
      yield* cpu.write(x, (yield* cpu.read(x)) + 1);
      yield* cpu.up_write(sem);
    }
    function* child(cpu: Cpu): Path {
      const first = yield* cpu.spawn('grandchild', grandchild);
      const second = grandchildren === 1 ? first : yield* cpu.spawn('grandchild', grandchild);
      yield* cpu.down_read(sem);
      yield* cpu.up_read(sem);
      yield* cpu.join(first);
      yield* cpu.join(second);
    }
    return {
      actors: {
        *main(cpu) {
          const handles = [];
          for (let i = 0; i < children; i++) handles.push(yield* cpu.spawn('child', child));
          for (const handle of handles) yield* cpu.join(handle);
        },
      },
      properties: [atEnd('everybody was there', () => x.peek() === children * grandchildren)],
    };
  });
}

class Thing implements Allocated {
  readonly memory: Memory;
  constructor(memory: Memory) {
    this.memory = memory;
  }
}

/** Two threads allocate; up to `faults` of these allocations may fail, and the third of a thread must not. */
export function allocations(faults: number): Program {
  return program(
    'allocations',
    () => {
      function* body(cpu: Cpu): Path {
        for (let i = 0; i < 4; i++) {
          const thing = yield* cpu.kmalloc(Thing);
          yield* cpu.BUG_ON(i === 2 && thing === null, 'the third allocation fails');
        }
      }
      return { actors: { a: body, b: body } };
    },
    { faults },
  );
}
