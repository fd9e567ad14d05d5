// The books of a campaign that its bounds are computed from: how much each sampler drew, what PCT was told beforehand, and
// which blocks of the random walk are alike, so that they may be run again to see what kinds of schedules they draw.
// Plain data, and each block is booked once, in order.
import { limits } from '../../src/limits.js';
import type { BlockOrder, BlockResult } from '../campaign/block.js';
import { type PctBound, pctBound, zeroFailureBound } from './sampling-bounds.js';
import type { Unseen } from './unseen.js';

export interface SampleBooks {
  readonly drawn: readonly Drawn[];
  /** The most threads, and decisions between threads, that one execution had. */
  readonly threadsMax: number;
  readonly decisionsMax: number;
  /** Blocks of the random walk whose executions are independent and alike; as many as are worth to be run again. */
  readonly alike: readonly BlockOrder[];
}

/** The samples of one strategy that it drew expecting so many decisions. */
interface Drawn {
  readonly strategy: string;
  readonly decisionsExpected: number;
  readonly runs: number;
}

export const emptyBooks: SampleBooks = { drawn: [], threadsMax: 0, decisionsMax: 0, alike: [] };

/** It draws nothing: all its executions are the same one. */
const isSampler = (strategy: string): boolean => strategy !== 'go-on';

/** The books with one block more. */
export function booked(books: SampleBooks, order: BlockOrder, result: BlockResult): SampleBooks {
  const { strategy, runs, lesson, isCut } = result;
  const threadsMax = Math.max(books.threadsMax, result.threadsMax);
  const decisionsMax = Math.max(books.decisionsMax, lesson.decisionsMax);
  if (!isSampler(strategy)) return { ...books, threadsMax, decisionsMax };
  const decisionsExpected = order.learned.decisionsMax;
  const drawn = withDrawn(books.drawn, { strategy, decisionsExpected, runs });
  const isWalk = order.strategy === 'random' && !isCut;
  return {
    drawn,
    threadsMax,
    decisionsMax,
    alike: isWalk ? withAlike(books.alike, order) : books.alike,
  };
}

function withDrawn(all: readonly Drawn[], one: Drawn): readonly Drawn[] {
  const at = all.findIndex(
    ({ strategy, decisionsExpected }) =>
      strategy === one.strategy && decisionsExpected === one.decisionsExpected,
  );
  const known = all[at];
  return known === undefined
    ? [...all, one]
    : all.with(at, { ...one, runs: known.runs + one.runs });
}

/** A random walk learns where failing steps may stand, and nothing else: blocks that knew the same are alike. */
function withAlike(alike: readonly BlockOrder[], order: BlockOrder): readonly BlockOrder[] {
  if (alike[0]?.learned.drawsMax !== order.learned.drawsMax) return [order];
  const runs = alike.reduce((sum, one) => sum + one.runs, 0);
  if (runs >= limits.traceSampleRuns) return alike;
  return [...alike, order];
}

/** What one sampler has shown by finding nothing. Samples of different samplers are not alike, so each has its own. */
export interface StrategyBound {
  readonly strategy: string;
  readonly runs: number;
  /** With 95 % confidence at most this part of the schedules that it draws fails. */
  readonly failsAtMost: number;
  /** For PCT. */
  readonly pct: PctBound | undefined;
}

/** What a campaign that found nothing may have missed. */
export interface SamplingLimits {
  readonly samples: number;
  /** The same over all samplers, each as often as it ran. */
  readonly failsAtMost: number;
  readonly strategies: readonly StrategyBound[];
  /** The traces that a random walk has not come to; undefined where none ran. */
  readonly unseen: Unseen | undefined;
}

export function samplingLimits(books: SampleBooks, unseen: Unseen | undefined): SamplingLimits {
  const names = [...new Set(books.drawn.map(({ strategy }) => strategy))];
  const strategies = names.map((name) => boundOf(name, books));
  const samples = strategies.reduce((sum, { runs }) => sum + runs, 0);
  return { samples, failsAtMost: zeroFailureBound(samples), strategies, unseen };
}

function boundOf(name: string, { drawn, threadsMax, decisionsMax }: SampleBooks): StrategyBound {
  const own = drawn.filter(({ strategy }) => strategy === name);
  const runs = own.reduce((sum, one) => sum + one.runs, 0);
  const depth = /^pct:(\d+)$/.exec(name)?.[1];
  // Who expected fewer decisions than there are could demote nobody that late.
  const informed = own.find(({ decisionsExpected }) => decisionsExpected === decisionsMax)?.runs;
  const pct =
    depth === undefined
      ? undefined
      : pctBound(Number(depth), threadsMax, decisionsMax, informed ?? 0);
  return { strategy: name, runs, failsAtMost: zeroFailureBound(runs), pct };
}
