// Small programs on shared memory. Every access is one event; what a thread does in private is none.
// Sources: the test suite of GenMC; Abdulla, Aronis, Jonsson, Sagonas, "Optimal dynamic partial order
// reduction", POPL 2014; Flanagan and Godefroid, "Dynamic partial-order reduction", POPL 2005.
import type { Program } from '../../../scheduler/index.js';
import type { Cell, Cpu, Path } from '../../../src/machine/index.js';
import { crowd, program } from '../../../test/support/program.js';

function* load(cpu: Cpu, cell: Cell<number>): Path {
  yield* cpu.read(cell);
}

function* store(cpu: Cpu, cell: Cell<number>, value: number): Path {
  yield* cpu.write(cell, value);
}

/** One writer, N readers: each reads before or after the write. */
export function readers(n: number): Program {
  return program(`readers(${String(n)})`, (m) => {
    const x = m.cell('x', 0);
    return {
      actors: {
        writer: (cpu) => store(cpu, x, 42),
        ...crowd('reader', n, () => (cpu) => load(cpu, x)),
      },
    };
  });
}

/** One reader, N + 1 writers. */
export function nWriters(n: number): Program {
  return program(`N-writers(${String(n)})`, (m) => {
    const x = m.cell('x', -1);
    return {
      actors: {
        reader: (cpu) => load(cpu, x),
        ...crowd('writer', n + 1, (i) => (cpu) => store(cpu, x, i)),
      },
    };
  });
}

/** N threads increment one atomic. */
export function ainc(n: number): Program {
  return program(`ainc(${String(n)})`, (m) => {
    const x = m.cell('x', 0);
    function* add(cpu: Cpu): Path {
      yield* cpu.fetch_add(x, 1);
    }
    return { actors: crowd('t', n, () => add) };
  });
}

/** N threads increment under one lock. */
export function lockinc(n: number): Program {
  return program(`lockinc(${String(n)})`, (m) => {
    const x = m.cell('x', 0);
    const lock = m.mutex('m');
    function* add(cpu: Cpu): Path {
      yield* cpu.mutex_lock(lock);
      yield* cpu.write(x, (yield* cpu.read(x)) + 1);
      yield* cpu.mutex_unlock(lock);
    }
    return { actors: crowd('t', n, () => add) };
  });
}

/** N threads: read, then write one's own number. */
export function rw(n: number): Program {
  return program(`rw(${String(n)})`, (m) => {
    const x = m.cell('x', -1);
    function* readThenWrite(cpu: Cpu, id: number): Path {
      yield* cpu.read(x);
      yield* cpu.write(x, id);
    }
    return { actors: crowd('t', n, (i) => (cpu) => readThenWrite(cpu, i)) };
  });
}

/** N threads increment by a read and a write; thread i adds 2^i. */
export function inc(n: number): Program {
  return program(`inc(${String(n)})`, (m) => {
    const x = m.cell('x', 0);
    function* add(cpu: Cpu, amount: number): Path {
      yield* cpu.write(x, (yield* cpu.read(x)) + amount);
    }
    return { actors: crowd('t', n, (i) => (cpu) => add(cpu, 2 ** i)) };
  });
}

function* compareAndSwap(cpu: Cpu, cell: Cell<number>, from: number, to: number): Path {
  yield* cpu.cmpxchg(cell, from, to);
}

/** N threads compete to be first; who fails has only read. */
export function cas(n: number): Program {
  return program(`cas(${String(n)})`, (m) => {
    const x = m.cell('x', 0);
    return { actors: crowd('t', n, (i) => (cpu) => compareAndSwap(cpu, x, 0, i + 1)) };
  });
}

/** Thread i passes the turn from i - 1 to i. */
export function casrot(n: number): Program {
  return program(`casrot(${String(n)})`, (m) => {
    const x = m.cell('x', 0);
    return { actors: crowd('t', n, (i) => (cpu) => compareAndSwap(cpu, x, i, i + 1)) };
  });
}

/** The running example of the POPL 2014 paper, on which source sets alone waste runs. */
export function poplExample(): Program {
  return program('POPL example', (m) => {
    const x = m.cell('x', 0);
    const y = m.cell('y', 0);
    const z = m.cell('z', 0);
    return {
      actors: {
        p: (cpu) => store(cpu, x, 1),
        q: (cpu) => store(cpu, y, 1),
        *r(cpu) {
          if ((yield* cpu.read(y)) === 0) yield* cpu.write(z, 1);
        },
        *s(cpu) {
          if ((yield* cpu.read(z)) === 1 && (yield* cpu.read(y)) === 0) yield* cpu.write(x, 2);
        },
      },
    };
  });
}

/** Two threads: N private accesses, then a store and a load that they share. */
export function parLength(n: number): Program {
  return program(`par_length(${String(n)})`, (m) => {
    const x = m.cell('x', 0);
    function* body(cpu: Cpu, id: number): Path {
      let own = 0;
      for (let i = 0; i < n; i++) own += i;
      yield* cpu.write(x, own + id);
      yield* cpu.read(x);
    }
    return { actors: crowd('t', 2, (i) => (cpu) => body(cpu, i)) };
  });
}
