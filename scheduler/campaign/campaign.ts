// A campaign as a whole: it hands out the blocks of one round after the other, and puts together what they come to,
// strictly in their order. It runs nothing itself; where and when the blocks run is not its concern.
import { limits } from '../../src/limits.js';
import { type FaultTally, type LockdepWatches, sumOfTallies } from '../../src/machine/index.js';
import { booked, emptyBooks, type SampleBooks } from '../estimates/sample-books.js';
import type { Finding } from '../finding.js';
import { LockGraph } from '../lockdep/graph.js';
import { Histogram } from '../outcomes.js';
import { makeStrategy } from '../strategies/index.js';
import type { Lesson } from '../strategy.js';
import type { BlockOrder, BlockResult } from './block.js';
import { bothLessons, noLesson } from './lesson.js';
import { blocksOfRound, openingBlock, strategyOfBlock } from './plan.js';

export interface CampaignOptions {
  readonly seed: string;
  /** Executions in all, the opening included. */
  readonly runs: number;
  /** The strategies that share the blocks in turn, as on the command line: `random`, `pct:3`. */
  readonly strategies: readonly string[];
  /** A failure does not end it. */
  readonly all?: boolean | undefined;
}

export class Campaign {
  runs = 0;
  failures = 0;
  limited = 0;
  steps = 0;
  /** The first failure, in the order of the blocks. */
  finding: Finding | undefined = undefined;
  /** The strategy that found it. */
  strategy: string | undefined = undefined;
  readonly graph = new LockGraph();
  /** What the executions came to, as far as the blocks have counted it. */
  readonly histogram = new Histogram();
  /** What the bounds of the campaign follow from. */
  books: SampleBooks = emptyBooks;
  readonly #options: CampaignOptions;
  readonly #sampled = new Map<string, number>();
  #faults: readonly FaultTally[] = [];
  /** What all results so far have taught; orders get it with the next round. */
  #lesson: Lesson = noLesson;
  #watches: LockdepWatches = { events: false, interrupts: false };
  /** The next round to hand out; -1 is the opening. */
  #round = -1;
  #nextBlock = 0;
  /** Orders whose results are still to be merged, by their blocks. */
  readonly #open = new Map<number, BlockOrder>();
  /** Executions of all blocks that were handed out. */
  #ordered = 0;
  #wasCut = false;

  /** Some strategy goes by what threads do. */
  readonly #profiles: boolean;

  /** @throws UsageError for a strategy that there is not */
  constructor(options: CampaignOptions) {
    this.#options = options;
    const strategies = options.strategies.map((name) => makeStrategy(name, options.seed));
    this.#profiles = strategies.some(({ needsProfile }) => needsProfile === true);
  }

  /** Nothing that is still to run would count. */
  get isOver(): boolean {
    const enough = this.finding !== undefined && this.#options.all !== true;
    return enough || this.#wasCut || this.runs >= this.#options.runs;
  }

  /** The strategies that ran, with their executions; the opening, which switches only where it must, is none. */
  get sampled(): { readonly strategy: string; readonly runs: number }[] {
    return [...this.#sampled].map(([strategy, runs]) => ({ strategy, runs }));
  }

  /** What became of the places where something was to fail. */
  get faults(): readonly FaultTally[] {
    return this.#faults;
  }

  /** The blocks of the next round, in order; every block of the rounds before must have been merged. */
  nextRound(): BlockOrder[] {
    const round = this.#round++;
    if (round < 0) return [this.#order(openingBlock, 'go-on', 1)];
    const orders: BlockOrder[] = [];
    while (orders.length < blocksOfRound(round) && this.#ordered < this.#options.runs) {
      const block = this.#nextBlock++;
      const strategy = strategyOfBlock(this.#options.strategies, block);
      const runs = Math.min(limits.blockRuns, this.#options.runs - this.#ordered);
      orders.push(this.#order(block, strategy, runs));
    }
    return orders;
  }

  #order(block: number, strategy: string, runs: number): BlockOrder {
    this.#ordered += runs;
    const { seed } = this.#options;
    const [learned, watches] = [this.#lesson, this.#watches];
    const profiles = this.#profiles;
    const order = { block, strategy, seed, runs, learned, watches, profiles };
    this.#open.set(block, order);
    return order;
  }

  /** Takes over what the next block, in order, came to; not to be called once it is over. */
  merge(result: BlockResult): void {
    const { block, strategy, runs, first } = result;
    this.runs += runs;
    this.failures += result.failures;
    this.limited += result.limited;
    this.steps += result.steps;
    this.#lesson = bothLessons(this.#lesson, result.lesson);
    this.#faults = sumOfTallies([...this.#faults, ...result.faults]);
    this.graph.absorb(result.locks);
    if (result.outcomes !== undefined) this.histogram.absorb(result.outcomes);
    const order = this.#open.get(block);
    this.#open.delete(block);
    if (order !== undefined) this.books = booked(this.books, order, result);
    this.#watches = {
      events: this.#watches.events || result.watches.events,
      interrupts: this.#watches.interrupts || result.watches.interrupts,
    };
    if (block !== openingBlock) {
      this.#sampled.set(strategy, (this.#sampled.get(strategy) ?? 0) + runs);
    }
    if (result.isCut) this.#wasCut = true;
    if (first === undefined || this.finding !== undefined) return;
    this.finding = first.finding;
    this.strategy = strategy;
  }
}
