// Complete traces per second by optimal reduction, against executions of a random walk of the same program in the same
// process. In a file of its own, because who asks for footprints makes every access of the process a little dearer.
import { bench, describe } from 'vitest';
import { dpor, Execution, makeStrategy } from 'racewalk/scheduler';
import { dispatcher } from './dispatcher.js';

const traces = 137;

describe(`dispatcher(5,2): ${String(traces)} traces, or as many executions`, () => {
  const program = { name: 'dispatcher(5,2)', build: () => dispatcher(5, 2) };
  bench('optimal reduction', () => {
    const result = dpor(program);
    if (result.traces !== traces || result.wasted !== 0) throw new Error('the search is wrong');
  });

  const walk = makeStrategy('random', '1');
  const execution = new Execution(program.build(), walk);
  let block = 0;
  bench('random walk', () => {
    walk.beginBlock(block++);
    for (let n = 0; n < traces; n++) execution.run();
  });
});
