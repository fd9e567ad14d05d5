// The same program, W1, as a model: what a user would write.
import { type Cpu, Machine, type Path } from 'racewalk';

export function account(threads: number, times: number): Machine {
  const machine = new Machine();
  const lock = machine.mutex('lock');
  const x = machine.cell('x', 0);
  function* add(cpu: Cpu): Path {
    for (let i = 0; i < times; i++) {
      yield* cpu.mutex_lock(lock);
      const seen = yield* cpu.read(x);
      yield* cpu.write(x, seen + 1);
      yield* cpu.mutex_unlock(lock);
    }
  }
  const actors = Array.from({ length: threads }, (_, i) => ({
    name: `t${String(i)}`,
    path: add,
    current: undefined,
    cpu: undefined,
  }));
  machine.arm(actors, []);
  return machine;
}
