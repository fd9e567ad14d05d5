// racewalk prove SCENARIO: every schedule, one preemption bound after the other.
import { type Command, Option } from 'commander';
import { limits } from '../../limits.js';
import type { ExitCode } from '../exit-codes.js';
import {
  addSearchFlags,
  commandLine,
  compositionOf,
  machineOf,
  required,
  scenarioArgument,
  type SearchFlags,
  wholeNumber,
} from '../options.js';
import { parseScenario } from '../scenario-ref.js';

interface ProveFlags extends SearchFlags {
  readonly preemptions?: number;
  readonly engine: string;
}

const preemptionsCeiling = 1_000_000;

export function addProve(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('prove')
    .argument(...scenarioArgument)
    .description('run every schedule, those with fewer preemptions first')
    .addOption(
      new Option(
        '--preemptions <p>',
        'prove only that this many preemptions break nothing',
      ).argParser(wholeNumber(0, preemptionsCeiling)),
    )
    .addOption(
      new Option('--runs <n>', 'executions before the answer is LIMIT')
        .argParser(wholeNumber(1, limits.runsCeiling))
        .env('RACEWALK_RUNS')
        .default(limits.enumerateRunsDefault),
    )
    .addOption(
      new Option('--engine <engine>', 'how to search')
        .choices(['enumerate', 'auto'])
        .default('auto'),
    );
  addSearchFlags(command).action(async (scenario: string, flags: ProveFlags) => {
    const job = {
      kind: 'prove',
      scenario: parseScenario(required('SCENARIO', scenario)),
      composition: compositionOf(flags),
      stepsMax: flags.stepsMax,
      all: flags.all === true || flags.outcomes === true,
      outcomes: flags.outcomes === true,
      runs: flags.runs,
      machine: machineOf(flags),
      preemptionsMax: flags.preemptions,
    } as const;
    const { search } = await import('../actions/search.js');
    finish(await search(job, flags, commandLine(command)));
  });
}
