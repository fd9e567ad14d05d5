// merge: reads the answers of shards, and prints the answer of the campaign.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { UsageError } from '../../machine/errors.js';
import { answerCodes, type ExitCode } from '../exit-codes.js';
import { type MergedDocument, mergeShards, type ShardDocument } from '../merge.js';
import { count } from '../names.js';

/** Only what merging relies on; whatever else there is stays as it is. */
const shape = z.looseObject({
  scenario: z.string(),
  verdict: z.enum(['BROKEN', 'NOT FOUND', 'LIMIT', 'NOT VERIFIED']),
  shard: z.string().regex(/^[1-9]\d*\/[1-9]\d*$/),
  campaign: z.string(),
  runs: z.number(),
  failures: z.number(),
  limited: z.number().optional(),
  steps: z.number().optional(),
  foundIn: z.object({ block: z.number(), run: z.number() }).optional(),
  notVerifiedBy: z.array(z.string()).optional(),
  fail: z.array(z.object({ place: z.string(), struck: z.number(), most: z.number() })).optional(),
  lockdep: z
    .array(
      z.looseObject({
        rule: z.string(),
        title: z.string(),
        cycle: z.array(z.looseObject({ from: z.string() })),
        status: z.enum(['confirmed', 'refuted', 'open']),
      }),
    )
    .optional(),
  interrupted: z.boolean().optional(),
});

/** @throws UsageError for a file that is no answer of a shard, and for answers that do not belong together */
export function merge(paths: readonly string[], json: boolean): ExitCode {
  const merged = mergeShards(paths.map(readDocument));
  process.stdout.write(`${json ? JSON.stringify(merged, undefined, 2) : screen(merged)}\n`);
  return answerCodes[merged.verdict];
}

function readDocument(path: string): ShardDocument {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot read ${path}: ${detail}`, { cause: error });
  }
  const parsed = shape.safeParse(document);
  // What lockdep and the rest say is only handed on.
  if (parsed.success) return parsed.data as unknown as ShardDocument;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new UsageError(
    `${path} is no answer of a shard (${where}); racewalk explore --shard i/n --json prints one`,
  );
}

function screen(merged: MergedDocument): string {
  const { scenario, rung, verdict, runs, failures, shards, missing, notMerged } = merged;
  const where = typeof rung === 'string' ? ` on ${rung}` : '';
  const there = shards - (missing?.length ?? 0);
  const lines = [
    `${scenario}${where}: ${verdict}`,
    `  ${String(there)} of ${count(shards, 'shard')}, ${count(runs, 'execution')}, ${count(failures, 'failure')}`,
  ];
  if (missing !== undefined) lines.push(`  missing: ${missing.join(', ')}`);
  if (merged['interrupted'] === true) lines.push('  interrupted: not all of them ran to their end');
  if (typeof merged['message'] === 'string') lines.push(`  ${merged['message']}`);
  const { replay } = merged;
  if (typeof replay === 'string') lines.push('', `  replay:  npx racewalk replay ${replay}`);
  if (notMerged !== undefined) lines.push(`  differs, and is left out: ${notMerged.join(', ')}`);
  return lines.join('\n');
}
