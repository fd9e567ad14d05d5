// The entry of a helper: it runs blocks of one campaign, on a machine of its own.
import { parentPort, workerData } from 'node:worker_threads';
import {
  type BlockOrder,
  type BlockResult,
  BlockRunner,
  type FirstFailure,
  type Program,
} from '../../scheduler/index.js';
import { programOf } from '../../scenarios/index.js';
import type { ExploreJob } from './job.js';
import { locate } from './locate.js';
import { type Failed, failed } from './outcome.js';
import { WorkerSignals } from './signals.js';
import { printToStderr } from './terminal.js';

/** What every helper of a campaign is told when it starts. */
export interface HelperData {
  readonly job: ExploreJob;
  readonly signals: Int32Array;
  /** Rows of the signals that are taken; each helper takes the next one. */
  readonly taken: Int32Array;
}

export type BlockOutcome =
  | { readonly kind: 'done'; readonly result: BlockResult }
  | (Failed & {
      /** What the block had found before: the outcome may overtake the news of it. */
      readonly news?: HelperNews | undefined;
    });

/** Sent as soon as a block has failed: the model may hang afterwards. */
export interface HelperNews {
  readonly block: number;
  readonly first: FirstFailure;
}

class Helper {
  readonly #signals: WorkerSignals;
  readonly #runner: BlockRunner;
  readonly #all: boolean;
  #block = 0;
  /** Of the block that is run. */
  #news: HelperNews | undefined = undefined;

  static async start({ job, signals, taken }: HelperData): Promise<Helper> {
    const own = new WorkerSignals(signals, Atomics.add(taken, 0, 1) + 1);
    own.enter('module');
    try {
      const scenario = await locate(job.scenario);
      own.enter('setup');
      return new Helper(own, job, programOf(scenario, job.composition, job.machine));
    } finally {
      own.enter('idle');
    }
  }

  private constructor(signals: WorkerSignals, job: ExploreJob, program: Program) {
    const { all, stepsMax, outcomes } = job;
    this.#signals = signals;
    this.#all = all;
    const interrupted = (): boolean => signals.shallStop() || !signals.mayCount(this.#block);
    this.#runner = new BlockRunner(program, {
      stepsMax,
      all,
      outcomes,
      interrupted,
      pulse: signals.pulse,
    });
  }

  run(order: BlockOrder): BlockOutcome {
    const signals = this.#signals;
    signals.enter('executions');
    this.#block = order.block;
    this.#news = undefined;
    try {
      const result = this.#runner.run(order, (first) => {
        if (!this.#all) signals.endAfter(order.block);
        this.#news = { block: order.block, first };
        parentPort?.postMessage(this.#news);
      });
      return { kind: 'done', result };
    } catch (error) {
      return { ...failed(error), news: this.#news };
    } finally {
      signals.enter('idle');
    }
  }
}

printToStderr();
/** The module is loaded before the first block is asked for, by all helpers at once. */
const helper = await Helper.start(workerData as HelperData).catch(failed);

/** What the pool runs. */
export function work(order: BlockOrder): BlockOutcome {
  return helper instanceof Helper ? helper.run(order) : helper;
}
