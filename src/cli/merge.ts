// Puts the answers of the shards of one campaign together into the answer of the campaign. What cannot be put together is
// named, and a shard that is missing or was interrupted leaves the question open.
import { UsageError } from '../machine/errors.js';
import { sumOfTallies, type FaultTally } from '../machine/index.js';
import type { LockReport } from '../trace/lock-report.js';
import type { FoundIn } from '../../scheduler/index.js';
import type { Answer } from './job.js';

/** What explore --shard --json has printed. */
export interface ShardDocument extends Readonly<Record<string, unknown>> {
  readonly scenario: string;
  readonly verdict: Answer;
  /** `2/3`. */
  readonly shard: string;
  readonly campaign: string;
  readonly runs: number;
  readonly failures: number;
  readonly limited?: number | undefined;
  readonly steps?: number | undefined;
  readonly foundIn?: FoundIn | undefined;
  readonly notVerifiedBy?: readonly string[] | undefined;
  readonly fail?: readonly FaultTally[] | undefined;
  readonly lockdep?: readonly LockReport[] | undefined;
  readonly interrupted?: boolean | undefined;
}

export interface MergedDocument extends Readonly<Record<string, unknown>> {
  readonly scenario: string;
  readonly verdict: Answer;
  readonly runs: number;
  readonly failures: number;
  /** How many shards the campaign has. */
  readonly shards: number;
  /** Those that are not among the files. */
  readonly missing?: readonly string[] | undefined;
  /** Fields that hold for one shard only, or differ, and that nobody knows how to put together. */
  readonly notMerged?: readonly string[] | undefined;
}

/** Fields that say what was found: they are those of the shard whose failure comes first in the campaign. */
const ofTheFailure = new Set(
  'property kind message switches preemptions minimal counterexampleSteps strategy foundIn replay decisive'.split(
    ' ',
  ),
);
/** Fields that are put together below. */
const putTogether = new Set(
  'verdict shard runs failures limited steps notVerifiedBy fail lockdep interrupted'.split(' '),
);

/** Fields that hold for one shard only. */
const ofOneShard = new Set(['limits', 'outcomes', 'otherOutcomes']);

/**
 * The answer of the campaign.
 * @throws UsageError for answers of different campaigns, and for one that is there twice
 */
export function mergeShards(documents: readonly ShardDocument[]): MergedDocument {
  const [first] = documents;
  if (first === undefined) throw new UsageError('there is nothing to merge');
  const { of, indices } = shardsOf(documents, first);
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((i) => !indices.has(i));
  const ordered = [...documents].sort((a, b) => shardOf(a).index - shardOf(b).index);
  const witness = witnessAmong(ordered);
  const base = witness ?? ordered[0] ?? first;
  const { shared, notMerged } = sharedFields(ordered);
  const found = Object.entries(base).filter(([name]) => ofTheFailure.has(name));
  const interrupted = ordered.some((document) => document.interrupted === true);
  return {
    ...shared,
    scenario: first.scenario,
    verdict: verdictOf(ordered, missing.length === 0 && !interrupted),
    ...Object.fromEntries(found),
    runs: sum(ordered, ({ runs }) => runs),
    failures: sum(ordered, ({ failures }) => failures),
    limited: unlessZero(sum(ordered, ({ limited }) => limited)),
    steps: ordered.every(({ steps }) => steps !== undefined)
      ? sum(ordered, ({ steps }) => steps)
      : undefined,
    notVerifiedBy: unlessEmpty([...new Set(ordered.flatMap((one) => one.notVerifiedBy ?? []))]),
    fail: unlessEmpty(sumOfTallies(ordered.flatMap(({ fail }) => fail ?? []))),
    lockdep: unlessEmpty(lockReports(ordered)),
    interrupted: interrupted ? true : undefined,
    shards: of,
    missing: unlessEmpty(missing.map((index) => `${String(index)}/${String(of)}`)),
    notMerged: unlessEmpty(notMerged),
  };
}

interface Shards {
  readonly of: number;
  readonly indices: ReadonlySet<number>;
}

function shardsOf(documents: readonly ShardDocument[], first: ShardDocument): Shards {
  const { of } = shardOf(first);
  const indices = new Set<number>();
  for (const document of documents) {
    const shard = shardOf(document);
    if (document.campaign !== first.campaign) {
      throw new UsageError(
        `these are answers of different campaigns: ${first.scenario} ${first.campaign} and ` +
          `${document.scenario} ${document.campaign}; a campaign is the same model, options, seed and racewalk`,
      );
    }
    if (shard.of !== of) {
      throw new UsageError(`shards ${first.shard} and ${document.shard} divide it differently`);
    }
    if (indices.has(shard.index)) {
      throw new UsageError(`shard ${document.shard} is there twice, and would be counted twice`);
    }
    indices.add(shard.index);
  }
  return { of, indices };
}

function shardOf({ shard }: ShardDocument): { readonly index: number; readonly of: number } {
  const [index, of] = shard.split('/').map(Number);
  return { index: index ?? 0, of: of ?? 0 };
}

/** Whose failure comes first in the order of the campaign. */
function witnessAmong(ordered: readonly ShardDocument[]): ShardDocument | undefined {
  const broken = ordered.filter(({ verdict }) => verdict === 'BROKEN');
  return broken.reduce<ShardDocument | undefined>(
    (best, one) => (best === undefined || comesBefore(one.foundIn, best.foundIn) ? one : best),
    undefined,
  );
}

/** A failure that no execution of the campaign has shown, as a cycle of locks, comes after those that one has. */
function comesBefore(a: FoundIn | undefined, b: FoundIn | undefined): boolean {
  if (a === undefined) return false;
  if (b === undefined) return true;
  return a.block !== b.block ? a.block < b.block : a.run < b.run;
}

function verdictOf(documents: readonly ShardDocument[], whole: boolean): Answer {
  const all = new Set(documents.map(({ verdict }) => verdict));
  if (all.has('BROKEN')) return 'BROKEN';
  if (all.has('NOT VERIFIED')) return 'NOT VERIFIED';
  return all.has('LIMIT') || !whole ? 'LIMIT' : 'NOT FOUND';
}

/** What all say alike, and the names of what they do not. */
function sharedFields(ordered: readonly ShardDocument[]): {
  readonly shared: Readonly<Record<string, unknown>>;
  readonly notMerged: readonly string[];
} {
  const names = new Set(ordered.flatMap((document) => Object.keys(document)));
  const shared: [string, unknown][] = [];
  const notMerged: string[] = [];
  for (const name of names) {
    if (ofTheFailure.has(name) || putTogether.has(name)) continue;
    const values = new Set(ordered.map((document) => JSON.stringify(document[name])));
    if (values.size === 1 && !ofOneShard.has(name)) shared.push([name, ordered[0]?.[name]]);
    else notMerged.push(name);
  }
  return { shared: Object.fromEntries(shared), notMerged };
}

const certainty = { confirmed: 0, refuted: 1, open: 2 } as const;

/** Each cycle once, as the shard says that knows most about it. */
function lockReports(ordered: readonly ShardDocument[]): LockReport[] {
  const reports = new Map<string, LockReport>();
  for (const report of ordered.flatMap(({ lockdep }) => lockdep ?? [])) {
    const { rule, title, cycle, status } = report;
    const key = JSON.stringify([rule, title, cycle.map(({ from }) => from)]);
    const known = reports.get(key);
    if (known === undefined || certainty[status] < certainty[known.status])
      reports.set(key, report);
  }
  return [...reports.values()];
}

function sum(
  documents: readonly ShardDocument[],
  of: (document: ShardDocument) => number | undefined,
): number {
  return documents.reduce((total, document) => total + (of(document) ?? 0), 0);
}

function unlessZero(count: number): number | undefined {
  return count === 0 ? undefined : count;
}

function unlessEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
