// A campaign on several cores. One worker hands out the blocks of each round and merges what its helpers bring, in the
// order of the blocks; so its answer is the same, to the byte, for any number of helpers. A campaign that is over soon
// has none: to start them takes longer than it does.
import {
  type BlockResult,
  BlockRunner,
  Campaign,
  type CampaignState,
  concluded,
  type Exploration,
  type ExploreOptions,
  type Program,
  runRound,
} from '../../scheduler/index.js';
import { BlockPool } from './block-pool.js';
import type { HelperNews } from './block-worker.js';
import type { ExploreJob } from './job.js';
import type { Keeper } from './keeper.js';
import type { Reporter } from './worker.js';

/** Helpers are started once a campaign has taken this long and will take at least as long again, in milliseconds. */
const worthHelpers = 1_000;

export async function exploreOnCores(
  program: Program,
  options: ExploreOptions,
  job: ExploreJob,
  reporter: Reporter,
  keeper: Keeper<CampaignState>,
): Promise<Exploration> {
  const campaign = new Campaign(options, keeper.begin());
  keeper.keepNow(() => campaign.state);
  const onResult = (result: BlockResult): void => {
    keepBefore(result, campaign, keeper);
  };
  const here = new BlockRunner(program, options);
  const started = performance.now();
  const before = campaign.runs;
  while (!campaign.isOver) {
    const elapsed = performance.now() - started;
    const ran = campaign.runs - before;
    if (ran > 0 && paysOff(job, elapsed, ran, job.runs - campaign.runs)) {
      await new HelpedCampaign(campaign, options, job, reporter, onResult).run();
      break;
    }
    runRound(campaign, here, options, onResult);
  }
  return concluded(program, campaign, options);
}

/** A block that was cut is run whole when the campaign is taken up again. */
function keepBefore(result: BlockResult, campaign: Campaign, keeper: Keeper<CampaignState>): void {
  const lay = (): CampaignState => campaign.state;
  if (result.isCut) keeper.keepNow(lay);
  else keeper.keep(lay);
}

/**
 * @param elapsed milliseconds that the campaign has taken here
 * @param ran executions that it ran in them
 * @param left executions that are left, other shards' included
 */
function paysOff(
  { workers, shard }: ExploreJob,
  elapsed: number,
  ran: number,
  left: number,
): boolean {
  if (workers.count === 1) return false;
  const toCome = ((elapsed / ran) * left) / (shard?.of ?? 1);
  return workers.atOnce || (elapsed >= worthHelpers && toCome >= worthHelpers);
}

class HelpedCampaign {
  readonly #campaign: Campaign;
  readonly #options: ExploreOptions;
  readonly #job: ExploreJob;
  readonly #reporter: Reporter;
  /** Hears of each result before it is merged. */
  readonly #onResult: (result: BlockResult) => void;
  /** The earliest block that is known to have failed. */
  #failing = Number.POSITIVE_INFINITY;

  constructor(
    campaign: Campaign,
    options: ExploreOptions,
    job: ExploreJob,
    reporter: Reporter,
    onResult: (result: BlockResult) => void,
  ) {
    this.#onResult = onResult;
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
      this.#onResult(merged);
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
