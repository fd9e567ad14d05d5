// racewalk prove SCENARIO: every schedule, one preemption bound after the other.
import { type Command, Option } from 'commander';
import { limits } from '../../limits.js';
import type { ExitCode } from '../exit-codes.js';
import type { ProveJob } from '../job.js';
import {
  addSearchFlags,
  commandLine,
  compositionOf,
  machineOf,
  required,
  scenarioArgument,
  type SearchFlags,
  wholeNumber,
  workersFlag,
  workersOf,
} from '../options.js';
import { parseScenario } from '../scenario-ref.js';

interface ProveFlags extends SearchFlags {
  readonly workers?: number;
  readonly runs?: number;
  readonly preemptions?: number;
  readonly engine: ProveJob['engine'];
  readonly states: number;
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
      new Option('--runs <n>', 'executions before the answer is LIMIT (enumerate: 2000000)')
        .argParser(wholeNumber(1, limits.runsCeiling))
        .env('RACEWALK_RUNS'),
    )
    .addOption(
      new Option('--engine <engine>', 'how to search')
        .choices(['auto', 'stateful', 'dpor', 'enumerate'])
        .default('auto'),
    )
    .addOption(
      new Option('--states <n>', 'states before the answer is LIMIT, where states are searched')
        .argParser(wholeNumber(1, limits.statesCeiling))
        .env('RACEWALK_STATES')
        .default(limits.statesDefault),
    );
  addSearchFlags(command.addOption(workersFlag())).action(
    async (scenario: string, flags: ProveFlags) => {
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
        engine: flags.engine,
        states: flags.states,
        workers: workersOf(flags),
      } as const;
      const { search } = await import('../actions/search.js');
      finish(await search(job, flags, commandLine(command)));
    },
  );
}
