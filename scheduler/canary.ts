// A race that is certainly there. Whoever does not find it would find nothing: its campaigns are not verified.
import { limits } from '../src/limits.js';
import { atEnd, type Cpu, isFailure, Machine, type Path } from '../src/machine/index.js';
import { Learner } from './campaign/lesson.js';
import { Execution } from './execution.js';
import { Profiler } from './profiler.js';
import type { Program } from './program.js';
import { GoOn } from './strategies/go-on.js';
import type { Strategy } from './strategy.js';

/** Two threads each add 1 to a counter, by a read and a write: an update can be lost. */
export const canary: Program = {
  name: 'canary',
  build: () => {
    const machine = new Machine();
    const counter = machine.cell('counter', 0);
    function* add(cpu: Cpu): Path {
      yield* cpu.write(counter, (yield* cpu.read(counter)) + 1);
    }
    const actor = (name: string) => ({ name, path: add, current: undefined, cpu: undefined });
    const property = atEnd('no update is lost', () => counter.peek() === 2);
    machine.arm([actor('a'), actor('b')], [property]);
    return machine;
  },
};

/** Whether the strategy finds the planted race within limits.canaryRuns executions. */
export function canaryIsFound(strategy: Strategy): boolean {
  const first = new Profiler(new GoOn());
  const execution = new Execution(canary.build('search'), first);
  execution.run();
  const learner = new Learner();
  learner.see(execution);
  strategy.study?.(canary, {});
  strategy.learn(learner.lesson(first.profile));
  execution.use(strategy);
  for (let run = 0; run < limits.canaryRuns; run++) {
    if (run % limits.blockRuns === 0) strategy.beginBlock(run / limits.blockRuns);
    if (isFailure(execution.run())) return true;
  }
  return false;
}
