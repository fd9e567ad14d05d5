// dispatcher(5,2) of DPU (Nguyen et al., CAV 2018) as a user would write it: only locks, spawn and join are events.
import { type Cell, type Cpu, Machine, type Mutex, type Path } from 'racewalk';

const times = <T>(n: number, make: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => make(i));

/** Servers, and a main thread that gives each request to the server that a thread of its own has picked. */
export function dispatcher(servers: number, requests: number): Machine {
  const machine = new Machine();
  const locks = times(servers, (i) => machine.mutex(`server[${String(i)}]`));
  const incoming = times(servers, (i) => machine.cell(`in[${String(i)}]`, 0));
  const outgoing = times(servers, (i) => machine.cell(`out[${String(i)}]`, 0));
  const [k, picked] = [machine.mutex('k'), machine.cell('picked', 0)];

  const serve = (id: number) =>
    function* (cpu: Cpu): Path {
      yield* cpu.mutex_lock(locks[id] as Mutex);
      const request = (incoming[id] as Cell<number>).peek();
      if (request > 0) yield* cpu.init(outgoing[id] as Cell<number>, request);
      yield* cpu.mutex_unlock(locks[id] as Mutex);
    };
  function* pick(cpu: Cpu): Path {
    for (let id = 0; id < servers; id++) {
      yield* cpu.mutex_lock(k);
      yield* cpu.init(picked, id);
      yield* cpu.mutex_unlock(k);
    }
  }
  function* main(cpu: Cpu): Path {
    for (let n = 0; n < requests; n++) {
      const picker = yield* cpu.spawn('pick', pick);
      yield* cpu.mutex_lock(k);
      const id = picked.peek();
      yield* cpu.mutex_unlock(k);
      yield* cpu.mutex_lock(locks[id] as Mutex);
      const cell = incoming[id] as Cell<number>;
      yield* cpu.init(cell, cell.peek() + 1);
      yield* cpu.mutex_unlock(locks[id] as Mutex);
      yield* cpu.join(picker);
    }
  }
  const paths = [...times(servers, serve), main];
  const actors = paths.map((path, i) => ({
    name: i < servers ? `server${String(i)}` : 'main',
    path,
    current: undefined,
    cpu: undefined,
  }));
  machine.arm(actors, []);
  return machine;
}
