// racewalk merge FILES: the answers of the shards of one campaign, as one answer.
import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes.js';
import { jsonFlag } from '../options.js';

export function addMerge(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('merge')
    .argument('<files...>', 'what explore --shard i/n --json has printed, one file for each shard')
    .description('put the answers of the shards of one campaign together')
    .addOption(jsonFlag())
    .action(async (paths: readonly string[], { json }: { readonly json?: true }) => {
      const { merge } = await import('../actions/merge.js');
      finish(merge(paths, json === true));
    });
}
