// One size in a process of its own, so that its memory is its own: node one.js RUNG attach|transfer THREADS.
import { RandomWalk } from '../../scheduler/index.js';
import { taskMigration } from '../../src/kernel/index.js';
import { bigMove, type How } from './move.js';

/** What one process has measured; seconds are user time. */
export interface Measured {
  readonly verdict: string;
  readonly ret: number | undefined;
  /** Tasks in the destination in the end. */
  readonly moved: number;
  readonly steps: number;
  readonly switches: number;
  readonly setup: number;
  readonly run: number;
  readonly megabytes: number;
}

const seconds = (): number => process.resourceUsage().userCPUTime / 1e6;

function measure(rung: string, how: How, threads: number): Measured {
  const start = seconds();
  const composed = taskMigration.compose({ upTo: rung });
  const move = bigMove(composed, how, threads, new RandomWalk('1'), Math.ceil(threads / 1_000));
  const made = seconds();
  const verdict = move.execution.run();
  const ran = seconds();
  const { steps, switches } = move.execution;
  return {
    verdict: verdict.kind,
    ret: move.ret(),
    moved: move.members()[0],
    steps,
    switches,
    setup: made - start,
    run: ran - made,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

const [, , rung = '0007', how = 'attach', size = '10000'] = process.argv;
console.log(JSON.stringify(measure(rung, how as How, Number(size))));
