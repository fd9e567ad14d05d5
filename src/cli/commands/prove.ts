// racewalk prove SCENARIO: every schedule, one preemption bound after the other.
import { type Command, Option } from 'commander';
import { limits } from '../../limits.js';
import type { ExitCode } from '../exit-codes.js';
import type { SearchResult } from '../job.js';
import { parseScenario } from '../locate.js';
import { addRunFlags, compositionOf, required, type RunFlags, wholeNumber } from '../options.js';
import { reportSearch } from '../report.js';
import { supervise } from '../supervise.js';

interface ProveFlags extends RunFlags {
  readonly runs: number;
  readonly preemptions?: number;
  readonly engine: string;
}

const preemptionsCeiling = 1_000_000;

export function addProve(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('prove')
    .argument(
      '<scenario>',
      'a name, or the path of an .mjs module (MODULE#NAME where it has several)',
    )
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
  addRunFlags(command).action(async (scenario: string, flags: ProveFlags) => {
    const started = performance.now();
    const result = await supervise(
      {
        kind: 'prove',
        scenario: parseScenario(required('SCENARIO', scenario)),
        composition: compositionOf(flags),
        stepsMax: flags.stepsMax,
        all: flags.all === true,
        runs: flags.runs,
        preemptionsMax: flags.preemptions,
      },
      { watchdogSeconds: flags.watchdog },
    );
    const seconds = (performance.now() - started) / 1000;
    finish(reportSearch(result as SearchResult, { ...flags, command: 'prove', scenario, seconds }));
  });
}
