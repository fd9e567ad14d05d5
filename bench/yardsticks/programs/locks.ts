// Programs in which only locks, spawn and join are events: every value is guarded by a lock, so that accesses to
// it would change no count. Sources: Nguyen, Rodriguez, Sousa, Coti, Petrucci, "Quasi-optimal partial order
// reduction", CAV 2018 (DPU); the model checking tests of SimGrid.
import type { Program } from '../../../scheduler/index.js';
import type { Cell, Cpu, Machine, Mutex, Path } from '../../../src/machine/index.js';
import { at, crowd, list, program } from '../../../test/support/program.js';

/** A value that a lock guards: reading and changing it are no events. */
class Guarded {
  readonly #cell: Cell<number>;
  constructor(m: Machine, name: string, initial = 0) {
    this.#cell = m.cell(name, initial);
  }
  get value(): number {
    return this.#cell.peek();
  }
  *set(cpu: Cpu, value: number): Path {
    yield* cpu.init(this.#cell, value);
  }
}

function* section(cpu: Cpu, lock: Mutex, body?: (cpu: Cpu) => Path): Path {
  yield* cpu.mutex_lock(lock);
  if (body !== undefined) yield* body(cpu);
  yield* cpu.mutex_unlock(lock);
}

const mutexes = (m: Machine, name: string, n: number): Mutex[] =>
  list(n, (i) => m.mutex(`${name}[${String(i)}]`));
const values = (m: Machine, name: string, n: number): Guarded[] =>
  list(n, (i) => new Guarded(m, `${name}[${String(i)}]`));

/** S servers; main dispatches R requests, each to the server that a thread of its own picks. */
export function dispatcher(s: number, r: number): Program {
  return program(`dispatcher(${String(s)},${String(r)})`, (m) => {
    const servers = mutexes(m, 'servers', s);
    const incoming = values(m, 'in', s);
    const outgoing = values(m, 'out', s);
    const k = m.mutex('k');
    const sid = new Guarded(m, 'sid');

    const serve = (id: number) =>
      function* (cpu: Cpu): Path {
        yield* section(cpu, at(servers, id), function* (cpu) {
          const requests = at(incoming, id).value;
          if (requests > 0) yield* at(outgoing, id).set(cpu, requests);
        });
      };
    function* pick(cpu: Cpu): Path {
      for (let x = 0; x < s; x++) {
        yield* section(cpu, k, (cpu) => sid.set(cpu, x));
      }
    }
    function* main(cpu: Cpu): Path {
      for (let request = 0; request < r; request++) {
        const picker = yield* cpu.spawn('pick', pick);
        yield* cpu.mutex_lock(k);
        const idx = sid.value;
        yield* cpu.mutex_unlock(k);
        yield* section(cpu, at(servers, idx), (cpu) =>
          at(incoming, idx).set(cpu, at(incoming, idx).value + 1),
        );
        yield* cpu.join(picker);
      }
    }
    return { actors: { ...crowd('server', s, serve), main } };
  });
}

/** K pairs: a writer of its own lock, and a reader that takes a common lock first. */
export function mpat(k: number): Program {
  return program(`mpat(${String(k)})`, (m) => {
    const ma = mutexes(m, 'ma', k);
    const mi = m.mutex('mi');
    return {
      actors: {
        ...crowd('wa', k, (i) => (cpu) => section(cpu, at(ma, i))),
        ...crowd(
          'ra',
          k,
          (i) =>
            function* (cpu) {
              yield* section(cpu, mi);
              yield* section(cpu, at(ma, i));
            },
        ),
      },
    };
  });
}

/** N threads, one critical section each. */
export function pi(n: number): Program {
  return program(`pi(${String(n)})`, (m) => {
    const lock = m.mutex('m');
    return { actors: crowd('t', n, () => (cpu) => section(cpu, lock)) };
  });
}

/** P producers give work to W workers. */
export function multiprodcon(p: number, w: number): Program {
  return program(`multiprodcon(${String(p)},${String(w)})`, (m) => {
    const mut = mutexes(m, 'mut', w);
    const workreq = values(m, 'workreq', w);
    const prodmut = m.mutex('prodmut');
    const buf = new Guarded(m, 'buf');

    const work = (id: number) =>
      function* (cpu: Cpu): Path {
        for (let round = 0; round < 2; round++) {
          yield* section(cpu, at(mut, id), function* (cpu) {
            const requests = at(workreq, id).value;
            if (requests > 0) yield* at(workreq, id).set(cpu, requests - 1);
          });
        }
      };
    const produce = (id: number) =>
      function* (cpu: Cpu): Path {
        let tmp = 0;
        for (let round = 0; round < 2; round++) {
          yield* section(cpu, prodmut, function* (cpu) {
            tmp = buf.value * p + id;
            yield* buf.set(cpu, tmp);
          });
        }
        const dst = tmp % w;
        yield* section(cpu, at(mut, dst), (cpu) =>
          at(workreq, dst).set(cpu, at(workreq, dst).value + 1),
        );
      };
    return { actors: { ...crowd('worker', w, work), ...crowd('producer', p, produce) } };
  });
}

/** T workers; main lets R times one thread choose a worker and another one look at it. */
export function poke(t: number, r: number): Program {
  return program(`poke(${String(t)},${String(r)})`, (m) => {
    const ma = mutexes(m, 'ma', t);
    const a = values(m, 'a', t);
    const mi = m.mutex('mi');
    const i = new Guarded(m, 'i');
    const d = new Guarded(m, 'd');

    function* choice(cpu: Cpu): Path {
      for (let x = 1; x < t; x++) {
        yield* section(cpu, mi, (cpu) => i.set(cpu, x));
      }
    }
    function* ra(cpu: Cpu): Path {
      yield* cpu.mutex_lock(mi);
      const idx = i.value;
      yield* cpu.mutex_unlock(mi);
      yield* section(cpu, at(ma, idx), function* (cpu) {
        if (at(a, idx).value !== 0) yield* d.set(cpu, d.value + 1);
      });
    }
    function* main(cpu: Cpu): Path {
      for (let round = 0; round < r; round++) {
        const chooser = yield* cpu.spawn('choice', choice);
        const reader = yield* cpu.spawn('ra', ra);
        yield* cpu.join(chooser);
        yield* cpu.join(reader);
      }
    }
    const wa = (id: number) => (cpu: Cpu) =>
      section(cpu, at(ma, id), (cpu) => at(a, id).set(cpu, 1));
    return { actors: { ...crowd('wa', t, wa), main } };
  });
}
