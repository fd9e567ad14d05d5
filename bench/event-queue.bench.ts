// W5: events per second of the `timed` strategy against a bare loop over a typed heap, in one process. An execution is
// a million events; the machine is built once, as for every campaign.
import { bench, describe } from 'vitest';
import { Execution, Timed } from 'racewalk/scheduler';
import { type Cpu, Machine, type Path } from 'racewalk';
import { BareEvents, delayOf } from './bare-events.js';

function sleepers(processes: number, timeouts: number): Machine {
  const machine = new Machine();
  const actors = Array.from({ length: processes }, (_, process) => ({
    name: `p${String(process)}`,
    *path(cpu: Cpu): Path {
      for (let n = 0; n < timeouts; n++) yield* cpu.timeout(delayOf(process, n));
    },
    current: undefined,
    cpu: undefined,
  }));
  machine.arm(actors, []);
  return machine;
}

for (const [processes, timeouts] of [
  [100_000, 10],
  [1, 1_000_000],
] as const) {
  describe(`W5 ${String(processes)} x ${String(timeouts)} timeouts, a million events`, () => {
    const bare = new BareEvents(processes, timeouts);
    const end = bare.run();
    const strategy = new Timed('1', 0);
    const execution = new Execution(sleepers(processes, timeouts), strategy, {
      stepsMax: 2_000_000,
    });
    if (execution.run().kind !== 'ok' || strategy.now !== end) throw new Error('it ends otherwise');
    const options = { time: 3_000, warmupTime: 500 };
    bench('bare loop over a typed heap', () => void bare.run(), options);
    bench('timed:0', () => void execution.run(), options);
  });
}
