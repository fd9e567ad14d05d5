// Executions per second against a bare generator loop for the same program, in one process. The product is measured
// as it is built: a test runner's module wrappers would be measured along otherwise. `npm run bench` builds first.
import { bench, describe } from 'vitest';
import { forkVsTransfer, programOf } from 'racewalk/scenarios';
import { Execution, GoOn, makeStrategy, Profiler } from 'racewalk/scheduler';
import type { Machine } from 'racewalk';
import { account } from './account.js';
import { BareAccount } from './bare-account.js';
import { BareHost } from './bare-host.js';
import { TunedAccount } from './tuned-account.js';

/** Executions in one sample: a block, so that the start of a stream is counted in. */
const batch = 256;

function sampled(machine: Machine, strategyName: string): () => void {
  const strategy = makeStrategy(strategyName, '1');
  const first = new Profiler(new GoOn());
  const execution = new Execution(machine, first);
  execution.run();
  const { decisions, draws } = execution;
  strategy.learn({ decisionsMax: decisions, drawsMax: draws, profile: first.profile });
  execution.use(strategy);
  let block = 0;
  return () => {
    machine.host = execution;
    strategy.beginBlock(block++);
    let decisionsMax = 0;
    for (let i = 0; i < batch; i++) {
      execution.run();
      decisionsMax = Math.max(decisionsMax, execution.decisions);
    }
    strategy.learn({ decisionsMax, drawsMax: 0 });
  };
}

function repeated(run: () => void): () => void {
  return () => {
    for (let i = 0; i < batch; i++) run();
  };
}

for (const [threads, times] of [
  [3, 4],
  [8, 16],
] as const) {
  describe(`W1 ${String(threads)}x${String(times)}, 256 executions`, () => {
    const bare = new BareAccount(threads, times);
    bench(
      'bare generator loop',
      repeated(() => {
        bare.run();
      }),
    );
    const tuned = new TunedAccount(threads, times);
    bench(
      'bare loop, tuned for this program',
      repeated(() => {
        tuned.run();
      }),
    );
    bench('random walk', sampled(account(threads, times), 'random'));
    bench('PCT d=3', sampled(account(threads, times), 'pct:3'));
    bench('POS', sampled(account(threads, times), 'pos'));
    bench('URW', sampled(account(threads, times), 'urw'));
    bench('SURW', sampled(account(threads, times), 'surw'));
  });
}

describe('fork-vs-transfer on base, properties armed, 256 executions', () => {
  const program = programOf(forkVsTransfer);
  const bare = new BareHost(program.build('search'));
  bench(
    'bare generator loop',
    repeated(() => {
      bare.run();
    }),
  );
  bench('random walk', sampled(program.build('search'), 'random'));
  bench('PCT d=3', sampled(program.build('search'), 'pct:3'));
});

describe('W1 with 2 threads, 16,000 steps in all, cut into executions of so many steps', () => {
  for (const times of [2, 20, 200, 2_000]) {
    const steps = 2 * 4 * times;
    const execution = new Execution(account(2, times), makeStrategy('random', '1'));
    bench(`${String(steps)} steps`, () => {
      for (let done = 0; done < 16_000; done += steps) execution.run();
    });
  }
});
