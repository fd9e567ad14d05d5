// A campaign on several cores. One worker hands out the blocks of each round and merges what its helpers bring, in the
// order of the blocks; so its answer is the same, to the byte, for any number of helpers. A campaign that is over soon
// has none: to start them takes longer than it does.
import {
  BlockRunner,
  Campaign,
  concluded,
  type Exploration,
  type ExploreOptions,
  type Program,
  runRound,
} from '../../scheduler/index.js';
import { BlockPool } from './block-pool.js';
import type { HelperNews } from './block-worker.js';
import type { ExploreJob } from './job.js';
import type { Reporter } from './worker.js';

/** Helpers are started once a campaign has taken this long and will take at least as long again, in milliseconds. */
const worthHelpers = 1_000;

export async function exploreOnCores(
  program: Program,
  options: ExploreOptions,
  job: ExploreJob,
  reporter: Reporter,
): Promise<Exploration> {
  const campaign = new Campaign(options);
  const here = new BlockRunner(program, options);
  const started = performance.now();
  while (!campaign.isOver) {
    const elapsed = performance.now() - started;
    if (campaign.runs > 0 && paysOff(job, elapsed, campaign.runs)) {
      await new HelpedCampaign(campaign, options, job, reporter).run();
      break;
    }
    runRound(campaign, here, options);
  }
  return concluded(program, campaign, options);
}

function paysOff({ workers, runs }: ExploreJob, elapsed: number, runsSoFar: number): boolean {
  if (workers.count === 1) return false;
  const left = (elapsed / runsSoFar) * (runs - runsSoFar);
  return workers.atOnce || (elapsed >= worthHelpers && left >= worthHelpers);
}

class HelpedCampaign {
  readonly #campaign: Campaign;
  readonly #options: ExploreOptions;
  readonly #job: ExploreJob;
  readonly #reporter: Reporter;
  /** The earliest block that is known to have failed. */
  #failing = Number.POSITIVE_INFINITY;

  constructor(campaign: Campaign, options: ExploreOptions, job: ExploreJob, reporter: Reporter) {
    this.#campaign = campaign;
    this.#options = options;
    this.#job = job;
    this.#reporter = reporter;
  }

  /** Runs the campaign to its end. */
  async run(): Promise<void> {
    // Whatever this worker waits for, its helpers are the ones to watch.
    this.#reporter.enter('idle');
    const pool = await BlockPool.start(this.#job, this.#reporter.signals, (news) => {
      this.#heard(news);
    });
    try {
      while (!this.#campaign.isOver) await this.#round(pool);
    } finally {
      await pool.close();
      this.#reporter.enter('executions');
    }
  }

  async #round(pool: BlockPool): Promise<void> {
    const campaign = this.#campaign;
    const results = campaign.nextRound().map((order) => pool.run(order));
    // What fails after the campaign's end does not count, and nobody waits for it.
    for (const result of results) result.catch(() => undefined);
    for (const result of results) {
      const merged = await result;
      if (merged.first !== undefined) this.#heard({ block: merged.block, first: merged.first });
      campaign.merge(merged);
      this.#options.onProgress?.({ runs: campaign.runs, failures: campaign.failures });
      if (campaign.isOver) return;
    }
  }

  /** A failure is shown at once, as the model may hang; if an earlier block fails as well, that one is. */
  #heard({ block, first }: HelperNews): void {
    const { finding, runs } = this.#campaign;
    if (finding !== undefined || block >= this.#failing) return;
    this.#failing = block;
    this.#reporter.enter('executions');
    this.#options.onFinding?.(first.finding, runs + first.run);
    this.#reporter.enter('idle');
  }
}
