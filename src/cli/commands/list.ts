// racewalk list: scenarios, series, rungs, properties.
import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes.js';
import { jsonFlag } from '../options.js';

export interface ListFlags {
  readonly full?: true;
  readonly json?: true;
  readonly rules?: true;
}

export function addList(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('list')
    .argument(
      '[scenario]',
      "a name, or the path of an .mjs module; by default all of racewalk's own",
    )
    .description('show scenarios, series, rungs and properties')
    .option('--full', 'what the models of a series leave out as well')
    .option('--rules', 'the rules that the machine checks, and the two small programs of each')
    .addOption(jsonFlag())
    .action(async (scenario: string | undefined, flags: ListFlags) => {
      const { listScenarios } = await import('../actions/list.js');
      finish(await listScenarios(scenario, flags));
    });
}
