// One block of a campaign: some executions under one strategy. What it comes to is a function of its order alone, and
// of nothing that ran before it on the same machine; so it does not matter which worker runs it, or when. Both the
// order and the result are plain data that may cross threads.
import { type FaultTally, isFailure, type LockdepWatches } from '../../src/machine/index.js';
import { Execution } from '../execution.js';
import { type Finding, findingOf } from '../finding.js';
import { LockGraph, type LockSightings } from '../lockdep/graph.js';
import { Histogram, type OutcomeTable } from '../outcomes.js';
import { Profiler } from '../profiler.js';
import type { Program, RunOptions } from '../program.js';
import { GoOn } from '../strategies/go-on.js';
import { makeStrategy } from '../strategies/index.js';
import type { Lesson } from '../strategy.js';
import { Learner } from './lesson.js';
import { Scout } from './scout.js';

/** All that the result of a block depends on, besides the program and its options. */
export interface BlockOrder {
  /** Counted from 0 over the whole campaign; -1 for the opening. It names the block's streams of chance. */
  readonly block: number;
  /** By the name that makes it. */
  readonly strategy: string;
  readonly seed: string;
  /** Executions, unless one fails and that is enough. */
  readonly runs: number;
  /** What the rounds before have taught. */
  readonly learned: Lesson;
  /** What lockdep keeps account of from the first step on, as the rounds before have shown that it matters. */
  readonly watches: LockdepWatches;
  /** Count what the threads of its first execution do. */
  readonly profiles: boolean;
  /** Of so many executions, the first ones, find out what kinds of schedules they are. */
  readonly scouts: number;
}

/** What a block came to. Two results of the same order are equal. */
export interface BlockResult {
  readonly block: number;
  readonly strategy: string;
  /** Executions, the failing one included. */
  readonly runs: number;
  readonly failures: number;
  readonly limited: number;
  readonly steps: number;
  /** The first failure, and which execution of the block it was, counted from 1. */
  readonly first: FirstFailure | undefined;
  readonly lesson: Lesson;
  /** The kinds of schedules that its first executions were: see Scout. */
  readonly kinds: readonly number[];
  /** The most threads that one execution had. */
  readonly threadsMax: number;
  /** What the executions came to, where that was asked for. */
  readonly outcomes: OutcomeTable | undefined;
  /** What lockdep saw. */
  readonly locks: LockSightings;
  /** What lockdep has come to keep account of. */
  readonly watches: LockdepWatches;
  /** What became of the places where something was to fail. */
  readonly faults: readonly FaultTally[];
  /** It was ended from outside before its last execution. */
  readonly isCut: boolean;
}

export interface FirstFailure {
  readonly finding: Finding;
  readonly run: number;
}

export interface BlockOptions extends RunOptions {
  /** Count the different outcomes. */
  readonly outcomes?: boolean | undefined;
}

/** Runs blocks of one program, one after the other, on one machine. */
export class BlockRunner {
  readonly #execution: Execution;
  readonly #program: Program;
  readonly #options: BlockOptions;

  constructor(program: Program, options: BlockOptions) {
    this.#program = program;
    this.#options = options;
    this.#execution = new Execution(program.build('search'), new GoOn(), options);
  }

  /** @param onFailure hears of the first failure at once: the model may hang afterwards */
  run(order: BlockOrder, onFailure?: (first: FirstFailure) => void): BlockResult {
    const execution = this.#execution;
    const { machine } = execution;
    const strategy = makeStrategy(order.strategy, order.seed);
    let isCut = strategy.study?.(this.#program, this.#options) === false;
    strategy.learn(order.learned);
    strategy.beginBlock(order.block);
    const profiler = order.profiles ? new Profiler(strategy) : undefined;
    const scout = new Scout(strategy);
    const kinds: number[] = [];
    execution.use(profiler ?? strategy);
    machine.lockdep.forget(order.watches);
    machine.faults.places?.forget();
    const graph = new LockGraph();
    const learner = new Learner();
    const histogram = this.#options.outcomes === true ? new Histogram() : undefined;
    let threadsMax = 0;
    let runs = 0;
    let failures = 0;
    let limited = 0;
    let steps = 0;
    let first: FirstFailure | undefined;
    while (!isCut && runs < order.runs && (first === undefined || this.#options.all === true)) {
      isCut = this.#options.interrupted?.() === true;
      if (isCut) break;
      const verdict = execution.run();
      if (runs > 0 && runs <= order.scouts) kinds.push(scout.kind);
      // One execution tells enough of what threads do; to count it in all of them would cost time.
      execution.use(runs++ < order.scouts ? scout : strategy);
      steps += execution.steps;
      graph.collect(execution);
      learner.see(execution);
      if (machine.threadCount > threadsMax) threadsMax = machine.threadCount;
      histogram?.add(machine, strategy.name);
      if (verdict.kind === 'limit') limited++;
      if (!isFailure(verdict)) continue;
      failures++;
      if (first !== undefined) continue;
      first = { finding: findingOf(execution), run: runs };
      onFailure?.(first);
    }
    return {
      block: order.block,
      strategy: strategy.name,
      runs,
      failures,
      limited,
      steps,
      first,
      lesson: learner.lesson(runs === 0 ? undefined : profiler?.profile),
      kinds,
      threadsMax,
      outcomes: histogram?.table,
      locks: graph.sightings,
      watches: machine.lockdep.watches,
      faults: machine.faults.places?.taken() ?? [],
      isCut,
    };
  }
}
