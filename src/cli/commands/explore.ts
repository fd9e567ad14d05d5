// racewalk explore SCENARIO: many seeded schedules.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { limits } from '../../limits.js';
import type { Shard } from '../../../scheduler/campaign/shard.js';
import type { ExitCode } from '../exit-codes.js';
import {
  addSearchFlags,
  commandLine,
  compositionOf,
  list,
  machineOf,
  required,
  scenarioArgument,
  type SearchFlags,
  wholeNumber,
  workersFlag,
  workersOf,
} from '../options.js';
import { parseScenario } from '../scenario-ref.js';

interface ExploreFlags extends SearchFlags {
  readonly runs: number;
  readonly seed: string;
  readonly strategy?: readonly string[];
  readonly workers?: number;
  readonly checkpoint?: string;
  readonly resume?: string;
  readonly shard?: Shard;
}

/** For the help text: the scheduler itself is loaded only to run. */
const strategies =
  'random, pct:D (D = 1 to 20), pctcp:D (D = 1 to 20), delay:D (D = 1 to 20), pos, urw, surw, uniform (small models), timed:L (L = 0 to 1000000 simulated ns a step), go-on; by default surw,pos,pct:2,random,pct:3';

export function addExplore(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('explore')
    .argument(...scenarioArgument)
    .description('run many seeded schedules, and show the first failure as small as it gets')
    .addOption(
      new Option('--seed <seed>', 'where all chance comes from').env('RACEWALK_SEED').default('1'),
    )
    .addOption(
      new Option('--runs <n>', 'executions')
        .argParser(wholeNumber(1, limits.runsCeiling))
        .env('RACEWALK_RUNS')
        .default(limits.runsDefault),
    )
    .addOption(
      new Option('--strategy <names>', `they share the runs: ${strategies}`)
        .argParser(list)
        .env('RACEWALK_STRATEGY'),
    )
    .addOption(workersFlag())
    .addOption(
      new Option('--checkpoint <file>', 'keep what is known in this file, to go on after a kill'),
    )
    .addOption(new Option('--resume <file>', 'go on from this checkpoint of the same campaign'))
    .addOption(
      new Option(
        '--shard <i/n>',
        'run the i-th of n parts, for n machines; racewalk merge puts the answers together',
      ).argParser(shardNumber),
    );
  addSearchFlags(command).action(async (scenario: string, flags: ExploreFlags) => {
    const { defaultPortfolio, makeStrategy } =
      await import('../../../scheduler/strategies/index.js');
    const names = flags.strategy ?? defaultPortfolio;
    for (const name of names) makeStrategy(name, flags.seed);
    const job = {
      kind: 'explore',
      scenario: parseScenario(required('SCENARIO', scenario)),
      composition: compositionOf(flags),
      stepsMax: flags.stepsMax,
      all: flags.all === true || flags.outcomes === true,
      outcomes: flags.outcomes === true,
      runs: flags.runs,
      machine: machineOf(flags),
      seed: flags.seed,
      strategies: names,
      workers: workersOf(flags),
      keeping: { checkpoint: flags.checkpoint, resume: flags.resume },
      shard: flags.shard,
    } as const;
    const { search } = await import('../actions/search.js');
    finish(await search(job, flags, commandLine(command)));
  });
}

/** `2/3`: the second of three. */
function shardNumber(text: string): Shard {
  const [, index, of] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (shard.index >= 1 && shard.index <= shard.of && shard.of <= limits.shardsMax) return shard;
  throw new InvalidArgumentError(
    `It takes i/n: the i-th of n parts, at most ${String(limits.shardsMax)}.`,
  );
}
