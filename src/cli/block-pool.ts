// Helpers on other cores that run blocks of a campaign. Whoever asks for a block waits for it; the helpers take the
// blocks in the order in which they were asked for.
import type { Piscina } from 'piscina';
import type { BlockOrder, BlockResult } from '../../scheduler/index.js';
import type { BlockOutcome, HelperData, HelperNews } from './block-worker.js';
import type { ExploreJob } from './job.js';
import { deathOf, errorOf } from './outcome.js';
import { rowsOf } from './signals.js';

export class BlockPool {
  readonly #pool: Piscina;
  readonly #signals: Int32Array;
  readonly #onNews: (news: HelperNews) => void;

  /** @param onNews hears of the first failure of each block as soon as it is found */
  static async start(
    job: ExploreJob,
    signals: Int32Array,
    onNews: (news: HelperNews) => void,
  ): Promise<BlockPool> {
    const { Piscina: Pool } = await import('piscina');
    const data: HelperData = { job, signals, taken: new Int32Array(new SharedArrayBuffer(4)) };
    const pool = new Pool({
      filename: new URL('./block-worker.js', import.meta.url).href,
      name: 'work',
      minThreads: job.workers.count,
      maxThreads: job.workers.count,
      workerData: data,
    });
    pool.on('message', onNews);
    return new BlockPool(pool, signals, onNews);
  }

  private constructor(pool: Piscina, signals: Int32Array, onNews: (news: HelperNews) => void) {
    this.#pool = pool;
    this.#signals = signals;
    this.#onNews = onNews;
  }

  /** @throws what the model throws, or UsageError where the model ends the helper itself */
  async run(order: BlockOrder): Promise<BlockResult> {
    let outcome: BlockOutcome;
    try {
      outcome = (await this.#pool.run(order)) as BlockOutcome;
    } catch (error) {
      throw deathOf(error);
    }
    if (outcome.kind === 'failed') {
      if (outcome.news !== undefined) this.#onNews(outcome.news);
      throw errorOf(outcome);
    }
    return outcome.result;
  }

  /** Ends all helpers, whatever they are at. */
  async close(): Promise<void> {
    // The answer of a helper that is ended may already be on its way here: the pool takes it for a mistake.
    this.#pool.on('error', () => undefined);
    await this.#pool.destroy();
    for (const helper of rowsOf(this.#signals).slice(1)) helper.enter('idle');
  }
}
