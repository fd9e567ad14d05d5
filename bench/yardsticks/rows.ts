// What others have published about the programs of this folder, as data: the tests take what is quick, the
// campaign takes everything that enumeration can reach at all.
import type { Program } from '../../scheduler/index.js';
import * as bugs from './programs/bugs.js';
import * as locks from './programs/locks.js';
import * as memory from './programs/memory.js';
import * as philosophers from './programs/philosophers.js';
import * as tables from './programs/tables.js';

/** An exhaustive search must find exactly so many Mazurkiewicz traces. */
export interface TraceRow {
  readonly program: Program;
  readonly traces: number;
  /**
   * `test`: plain enumeration takes about a second at most; `campaign`: up to some minutes;
   * `reduction`: out of its reach, for searches that leave out equivalent schedules.
   */
  readonly reach: 'test' | 'campaign' | 'reduction';
}

/** What holds of all schedules of a program with a bug, threads existing from the start, failures not ending a run. */
export interface SamplerRow {
  readonly program: Program;
  readonly events: number;
  readonly interleavings: number;
  readonly buggy: number;
  /** The buggy share of all interleavings, as printed. */
  readonly uniform: string;
  /** The probability that a random walk fails, as printed. */
  readonly randomWalk: string;
  /** The probability that URW fails under exact event counts, where it was published. */
  readonly urw?: number;
  readonly fewestPreemptions: number;
  readonly reach: 'test' | 'campaign';
}

type Family = (n: number) => Program;

const traces = (program: Program, count: number, reach: TraceRow['reach'] = 'test'): TraceRow => ({
  program,
  traces: count,
  reach,
});

/** One row per parameter, counted up from `first`. */
const series = (
  family: Family,
  first: number,
  counts: readonly number[],
  reach?: TraceRow['reach'],
): TraceRow[] => counts.map((count, i) => traces(family(first + i), count, reach));

/** Threads of the tables that collide on three messages, or on a block. All others meet nobody. */
const collidingIndexers = [0, 11];
const collidingFiles = [0, 13];

export const memoryRows: readonly TraceRow[] = [
  ...series(memory.readers, 2, [4, 8, 16, 32, 64]),
  ...series(memory.readers, 7, [128, 256], 'campaign'),
  traces(memory.readers(13), 8192, 'reduction'),
  traces(tables.indexer(collidingIndexers), 8),
  traces(tables.indexer(tables.upTo(12)), 8, 'reduction'),
  traces(tables.indexer(tables.upTo(15)), 4096, 'reduction'),
  traces(tables.filesystem(collidingFiles), 2),
  traces(tables.filesystem(tables.upTo(14)), 2, 'reduction'),
  traces(tables.filesystem(tables.upTo(16)), 8, 'reduction'),
  traces(tables.filesystem(tables.upTo(18)), 32, 'reduction'),
  traces(tables.filesystem(tables.upTo(19)), 64, 'reduction'),
  traces(memory.nWriters(4), 720),
  ...series(memory.ainc, 2, [2, 6, 24, 120, 720, 5040]),
  ...series(memory.lockinc, 2, [2, 6, 24, 120, 720]),
  ...series(memory.rw, 2, [4, 36, 576]),
  ...series(memory.inc, 2, [4, 36, 576]),
  ...series(memory.cas, 2, [2, 3, 4, 5]),
  ...series(memory.casrot, 2, [2, 5, 14, 43]),
  traces(memory.poplExample(), 5),
  traces(memory.parLength(1), 4),
  traces(memory.parLength(100), 4),
];

export const lockRows: readonly TraceRow[] = [
  traces(locks.dispatcher(5, 2), 137, 'reduction'),
  traces(locks.mpat(2), 8),
  ...series(locks.mpat, 3, [48, 384, 3840], 'reduction'),
  ...series(locks.pi, 5, [120, 720]),
  traces(locks.multiprodcon(2, 5), 60, 'reduction'),
  traces(locks.poke(3, 3), 160, 'reduction'),
  traces(philosophers.philosophersLeftFirst(3), 7),
  traces(philosophers.philosophersLeftFirst(4), 15),
  traces(philosophers.philosophersLeftFirst(5), 31, 'reduction'),
  traces(philosophers.philosophersInOrder(3), 6),
  traces(philosophers.philosophersInOrder(4), 14),
  ...series(philosophers.philosophersInOrder, 5, [30, 62, 126, 254], 'reduction'),
];

/** Within so many delays an exhaustive search that is reduced optimally runs so many traces. */
export interface DelayRow {
  readonly program: Program;
  readonly delaysMax: number;
  readonly traces: number;
}

export const delayRows: readonly DelayRow[] = [1, 2, 8, 23, 43, 58, 64, 64].map(
  (count, delaysMax) => ({ program: memory.readers(6), delaysMax, traces: count }),
);

const sampler = (
  program: Program,
  [events, interleavings, buggy]: readonly [number, number, number],
  [uniform, randomWalk, urw]: readonly [string, string, number?],
  fewestPreemptions: number,
  reach: SamplerRow['reach'] = 'test',
): SamplerRow => ({
  program,
  events,
  interleavings,
  buggy,
  uniform,
  randomWalk,
  ...(urw === undefined ? {} : { urw }),
  fewestPreemptions,
  reach,
});

export const samplerRows: readonly SamplerRow[] = [
  sampler(bugs.account(), [14, 6, 2], ['0.3333', '0.33333'], 0),
  sampler(bugs.lazy01(), [11, 6, 2], ['0.3333', '0.33333', 0.4156], 0),
  sampler(bugs.deadlock01(), [12, 6, 2], ['0.3333', '0.5', 0.5455], 1),
  sampler(bugs.twostage(1, 1), [14, 72, 1], ['0.01389', '0.015625', 0.0227], 1),
  sampler(bugs.reorder(2, 1), [8, 172, 18], ['0.1047', '0.049383'], 1),
  sampler(bugs.reorder(3, 1), [10, 7038, 522], ['0.07417', '0.038086'], 1),
  sampler(bugs.reorder(4, 1), [12, 423936, 23400], ['0.0552', '0.030208'], 1),
  sampler(bugs.wronglock(1, 3), [18, 71946, 24444], ['0.3398', '0.37158'], 1),
  sampler(bugs.stack(10), [40, 68677, 9891], ['0.144', '0.62387'], 1),
  sampler(philosophers.philosophersRightFirst(3), [12, 168, 6], ['0.03571', '0.33333', 0.4156], 1),
  sampler(
    philosophers.philosophersRightFirst(5),
    [20, 66468720, 120],
    ['1.805e-06', '0.15833'],
    1,
    'campaign',
  ),
];
