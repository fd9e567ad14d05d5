// racewalk explain SCENARIO or FILE: why a schedule fails.
import { type Command, Option } from 'commander';
import { limits } from '../../limits.js';
import type { ExitCode } from '../exit-codes.js';
import {
  addSearchFlags,
  commandLine,
  required,
  type SearchFlags,
  wholeNumber,
} from '../options.js';

export interface ExplainFlags extends SearchFlags {
  readonly seed: string;
  readonly runs: number;
}

export function addExplain(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('explain')
    .argument(
      '<scenario>',
      'a name, or the path of an .mjs module; or a replay file (.json) that explore or prove has written',
    )
    .description(
      'say which order of two operations makes a schedule fail, and how wide the window is',
    )
    .addOption(
      new Option('--seed <seed>', 'where all chance comes from').env('RACEWALK_SEED').default('1'),
    )
    .addOption(
      new Option('--runs <n>', 'executions that a failure is looked for in')
        .argParser(wholeNumber(1, limits.runsCeiling))
        .env('RACEWALK_RUNS')
        .default(limits.runsDefault),
    );
  addSearchFlags(command).action(async (subject: string, flags: ExplainFlags) => {
    const { explainSubject } = await import('../actions/explain.js');
    finish(await explainSubject(required('SCENARIO', subject), flags, commandLine(command)));
  });
}
