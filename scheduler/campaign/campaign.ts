// A campaign as a whole: it hands out the blocks of one round after the other, and puts together what they come to,
// strictly in their order. It runs nothing itself; where and when the blocks run is not its concern. Between two
// blocks all it knows is plain data, so it can be laid down and taken up again.
import { limits } from '../../src/limits.js';
import { type FaultTally, type LockdepWatches, sumOfTallies } from '../../src/machine/index.js';
import { booked, emptyBooks, type SampleBooks } from '../estimates/sample-books.js';
import type { Finding } from '../finding.js';
import { LockGraph, type LockSightings } from '../lockdep/graph.js';
import { Histogram, type OutcomeTable } from '../outcomes.js';
import { makeStrategy } from '../strategies/index.js';
import type { Lesson } from '../strategy.js';
import type { BlockOrder, BlockResult } from './block.js';
import { bothLessons, noLesson } from './lesson.js';
import { blocksOfRound, openingBlock, runsOfBlock } from './plan.js';
import { counts, runsBlock, type Shard, teaches } from './shard.js';
import { Shares, type SharesState } from './shares.js';

export interface CampaignOptions {
  readonly seed: string;
  /** Executions in all, the opening included. */
  readonly runs: number;
  /** The strategies that share the blocks, as on the command line: `random`, `pct:3`. */
  readonly strategies: readonly string[];
  /** A failure does not end it. */
  readonly all?: boolean | undefined;
  /** Run only a part of its blocks. */
  readonly shard?: Shard | undefined;
}

/** Which execution found the first failure: its block, and which one of the block it is, counted from 1. */
export interface FoundIn {
  readonly block: number;
  readonly run: number;
}

/** All that a campaign knows between two blocks: plain data. */
export interface CampaignState {
  readonly runs: number;
  readonly failures: number;
  readonly limited: number;
  readonly steps: number;
  readonly finding: Finding | undefined;
  readonly foundIn: FoundIn | undefined;
  readonly strategy: string | undefined;
  readonly books: SampleBooks;
  readonly outcomes: OutcomeTable;
  readonly sampled: readonly (readonly [string, number])[];
  readonly faults: readonly FaultTally[];
  readonly locks: LockSightings;
  readonly lesson: Lesson;
  readonly watches: LockdepWatches;
  readonly shares: SharesState;
  readonly round: number;
  readonly nextBlock: number;
  readonly ordered: number;
  readonly pending: readonly BlockOrder[];
}

export class Campaign {
  runs = 0;
  failures = 0;
  limited = 0;
  steps = 0;
  /** The first failure, in the order of the blocks. */
  finding: Finding | undefined = undefined;
  foundIn: FoundIn | undefined = undefined;
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
  /** Executions of all blocks up to the last one that was handed out, those of other shards included. */
  #ordered = 0;
  /** What was handed out and has not been merged. */
  #pending: BlockOrder[] = [];
  #wasCut = false;
  /** Some strategy goes by what threads do. */
  readonly #profiles: boolean;
  readonly #shares: Shares;

  /**
   * @param state where a campaign of the same options was laid down; undefined for a new one
   * @throws UsageError for a strategy that there is not
   */
  constructor(options: CampaignOptions, state?: CampaignState) {
    this.#options = options;
    this.#shares = new Shares(options.strategies);
    const strategies = options.strategies.map((name) => makeStrategy(name, options.seed));
    this.#profiles = strategies.some(({ needsProfile }) => needsProfile === true);
    if (state !== undefined) this.#takeUp(state);
  }

  #takeUp(state: CampaignState): void {
    this.runs = state.runs;
    this.failures = state.failures;
    this.limited = state.limited;
    this.steps = state.steps;
    this.finding = state.finding;
    this.foundIn = state.foundIn;
    this.strategy = state.strategy;
    this.books = state.books;
    this.histogram.absorb(state.outcomes);
    for (const [strategy, runs] of state.sampled) this.#sampled.set(strategy, runs);
    this.#faults = state.faults;
    this.graph.absorb(state.locks);
    this.#lesson = state.lesson;
    this.#watches = state.watches;
    this.#shares.takeUp(state.shares);
    this.#round = state.round;
    this.#nextBlock = state.nextBlock;
    this.#ordered = state.ordered;
    this.#pending = [...state.pending];
  }

  /** Lays it down. What a cut block came to must not be part of it: the block would be run only in part. */
  get state(): CampaignState {
    const { runs, failures, limited, steps, finding, foundIn, strategy } = this;
    return {
      ...{ runs, failures, limited, steps, finding, foundIn, strategy },
      books: this.books,
      outcomes: this.histogram.table,
      sampled: [...this.#sampled],
      faults: this.#faults,
      locks: this.graph.sightings,
      lesson: this.#lesson,
      watches: this.#watches,
      shares: this.#shares.state,
      round: this.#round,
      nextBlock: this.#nextBlock,
      ordered: this.#ordered,
      pending: [...this.#pending],
    };
  }

  /** Nothing that is still to run would count. */
  get isOver(): boolean {
    const enough = this.finding !== undefined && this.#options.all !== true;
    return enough || this.#wasCut || (this.#pending.length === 0 && this.#wasAllOrdered);
  }

  get #wasAllOrdered(): boolean {
    return this.#ordered >= this.#options.runs;
  }

  /** The strategies that ran, with their executions; the opening, which switches only where it must, is none. */
  get sampled(): { readonly strategy: string; readonly runs: number }[] {
    return [...this.#sampled].map(([strategy, runs]) => ({ strategy, runs }));
  }

  /** What became of the places where something was to fail. */
  get faults(): readonly FaultTally[] {
    return this.#faults;
  }

  /**
   * The blocks of the next round, in order; every block of the rounds before must have been merged. Of a campaign that
   * was laid down within a round, those that are left of it.
   */
  nextRound(): readonly BlockOrder[] {
    if (this.#pending.length === 0) this.#pending = this.#ordersOf(this.#round++);
    return [...this.#pending];
  }

  #ordersOf(round: number): BlockOrder[] {
    const { shard, runs: runsMax } = this.#options;
    if (round < 0) return [this.#order(openingBlock, 'go-on', 1)];
    const { strategies } = this.#shares;
    const blocks = blocksOfRound(round, strategies.length);
    const runs = runsOfBlock(round);
    const names = runs < limits.blockRuns ? strategies : this.#shares.handOut(blocks);
    const orders: BlockOrder[] = [];
    for (const name of names) {
      if (this.#wasAllOrdered) break;
      const block = this.#nextBlock++;
      const order = this.#order(block, name, Math.min(runs, runsMax - this.#ordered));
      if (runsBlock(shard, block)) orders.push(order);
    }
    return orders;
  }

  #order(block: number, strategy: string, runs: number): BlockOrder {
    this.#ordered += runs;
    const { seed } = this.#options;
    const [learned, watches] = [this.#lesson, this.#watches];
    const profiles = this.#profiles;
    const scouts = this.#shares.strategies.length > 1 ? limits.scoutRuns : 0;
    return { block, strategy, seed, runs, learned, watches, profiles, scouts };
  }

  /** Takes over what the next block, in order, came to; not to be called once it is over. */
  merge(result: BlockResult): void {
    const { block, strategy, first } = result;
    const { shard } = this.#options;
    const order = this.#pending.shift();
    if (counts(shard, block)) this.#count(result, order);
    if (teaches(shard, block)) this.#learn(result, order);
    this.graph.absorb(result.locks);
    if (result.isCut) this.#wasCut = true;
    if (first === undefined || this.finding !== undefined) return;
    this.finding = first.finding;
    this.foundIn = { block, run: first.run };
    this.strategy = strategy;
  }

  #count(result: BlockResult, order: BlockOrder | undefined): void {
    const { block, strategy, runs, failures, limited, steps, faults, outcomes } = result;
    this.runs += runs;
    this.failures += failures;
    this.limited += limited;
    this.steps += steps;
    this.#faults = sumOfTallies([...this.#faults, ...faults]);
    if (outcomes !== undefined) this.histogram.absorb(outcomes);
    if (order !== undefined) this.books = booked(this.books, order, result);
    if (block === openingBlock) return;
    this.#sampled.set(strategy, (this.#sampled.get(strategy) ?? 0) + runs);
  }

  #learn(result: BlockResult, order: BlockOrder | undefined): void {
    const { events, interrupts } = result.watches;
    this.#lesson = bothLessons(this.#lesson, result.lesson);
    if (order !== undefined) this.#shares.saw(order.strategy, result.kinds);
    this.#watches = {
      events: this.#watches.events || events,
      interrupts: this.#watches.interrupts || interrupts,
    };
  }
}
