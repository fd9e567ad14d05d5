// In search gear machine and strategy allocate nothing per step. Measured in a process of its own, without the test
// runner's wrappers, on the built product: how much the heap grows over an execution of a million steps, with
// garbage collection held off by a young generation larger than everything that could be allocated.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

/** Prints the bytes by which the heap grew over the second of two equal executions. */
const program = `
  import { Machine } from '${dist}src/index.js';
  import { Execution, GoOn, makeStrategy, Profiler } from '${dist}scheduler/index.js';
  const [strategy, times] = process.argv.slice(1);
  const machine = new Machine();
  const lock = machine.mutex('lock');
  const x = machine.cell('x', 0);
  function* add(cpu) {
    for (let i = 0; i < Number(times); i++) {
      yield* cpu.mutex_lock(lock);
      const seen = yield* cpu.read(x);
      yield* cpu.write(x, seen + 1);
      yield* cpu.mutex_unlock(lock);
    }
  }
  machine.arm(['a', 'b', 'c'].map((name) => ({ name, path: add })), []);
  const first = new Profiler(new GoOn());
  const execution = new Execution(machine, first, { stepsMax: 10_000_000 });
  execution.run();
  const taught = makeStrategy(strategy, '1');
  taught.learn({ decisionsMax: execution.decisions, drawsMax: 0, profile: first.profile });
  execution.use(taught);
  execution.run();
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  execution.run();
  console.log(process.memoryUsage().heapUsed - before, execution.steps);
`;

function growth(strategy: string, times: number): { bytes: number; steps: number } {
  const flags = ['--expose-gc', '--max-semi-space-size=256', '--min-semi-space-size=256'];
  const args = [...flags, '--input-type=module', '-e', program, strategy, String(times)];
  const [bytes, steps] = execFileSync(process.execPath, args, { encoding: 'utf8' })
    .trim()
    .split(' ')
    .map(Number);
  return { bytes: bytes ?? Number.NaN, steps: steps ?? Number.NaN };
}

describe.runIf(existsSync(dist))('search gear', () => {
  test.each(['random', 'pct:3', 'pctcp:3', 'delay:3', 'pos', 'urw', 'surw', 'timed', 'go-on'])(
    'allocates nothing per step under %s',
    (strategy) => {
      const { bytes, steps } = growth(strategy, 84_000);
      expect(steps).toBe(1_008_000);
      // One object of the smallest size per step would be 16 MB.
      expect(bytes).toBeLessThan(1_000_000);
    },
  );
});
