// The flags that several commands share, and what their values may be. Flags win over RACEWALK_* variables.
import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Composition } from '../kernel/series.js';
import { limits } from '../limits.js';
import { UsageError } from '../machine/errors.js';
import type { MachineOptions, MemoryOrder } from '../machine/index.js';
import type { Workers } from './job.js';

/** A whole number within bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(
      `It takes a whole number from ${String(min)} to ${String(max)}.`,
    );
  };
}

/** A comma-separated list. */
export function list(text: string): readonly string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.every((item) => item !== '')) return items;
  throw new InvalidArgumentError('It takes names, separated by commas.');
}

/** The flags that say which kernel. */
export interface RungFlags {
  readonly rung?: string;
  readonly with?: readonly string[];
  readonly without?: readonly string[];
  readonly elide?: readonly string[];
  readonly fill?: readonly string[];
}

export function addRungFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--rung <rung>', 'the series up to this patch; base: the tree it applies to'),
    )
    .addOption(new Option('--with <patches>', 'and these patches').argParser(list))
    .addOption(new Option('--without <patches>', 'but not these').argParser(list))
    .addOption(new Option('--elide <ids>', 'leave these modelled sections out').argParser(list))
    .addOption(new Option('--fill <ids>', 'model these left-out sections').argParser(list));
}

/**
 * Undefined if no flag was given: then the series decides, and a plain machine has nothing to decide. Patches are
 * added to the base, and left out of the whole series, unless a rung is given.
 */
export function compositionOf(flags: RungFlags): Composition<object> | undefined {
  const { rung, with: extra, without, elide, fill } = flags;
  const given = [rung, extra, without, elide, fill].some((flag) => flag !== undefined);
  if (!given) return undefined;
  const wholeSeries = without !== undefined && extra === undefined;
  const upTo = rung ?? (wholeSeries ? undefined : 'base');
  return { upTo, with: extra, without, elide, fill };
}

/** The flags of explore and prove. */
export interface SearchFlags extends RungFlags {
  readonly stepsMax: number;
  readonly memory?: MemoryOrder;
  readonly all?: true;
  readonly outcomes?: true;
  readonly races?: true;
  readonly fail?: readonly string[];
  readonly full?: true;
  readonly json?: true;
  readonly timing?: true;
  readonly out: string;
  readonly watchdog: number;
}

export function addSearchFlags(command: Command): Command {
  addRungFlags(command)
    .addOption(
      new Option('--steps-max <n>', 'steps of one execution before it is cut off')
        .argParser(wholeNumber(1, limits.stepsCeiling))
        .env('RACEWALK_STEPS_MAX')
        .default(limits.stepsMax),
    )
    .addOption(
      new Option(
        '--memory <order>',
        "sequential consistency, or x86's total store order; by default the scenario's own",
      )
        .choices(['sc', 'tso'])
        .env('RACEWALK_MEMORY'),
    )
    .option('--all', 'go on after a failure, and count them all')
    .option('--outcomes', 'count the different outcomes, as litmus tools do; it implies --all')
    .addOption(
      new Option(
        '--fail <places>',
        'what fails in every schedule: find_css_set:2, the 2nd allocation or veto in each call of that function',
      ).argParser(list),
    )
    .option('--races', 'look for data races: conflicting accesses that nothing orders')
    .option('--full', 'show every step, and every name in full')
    .addOption(jsonFlag())
    .option('--timing', 'add seconds and rates, which differ from run to run')
    .addOption(outFlag())
    .addOption(watchdogFlag());
  return command;
}

/** What the flags say about the machine; where they say nothing, the scenario decides. */
export function machineOf({ races, memory, fail }: SearchFlags): MachineOptions {
  return {
    ...(races !== undefined && { dataRaces: races }),
    ...(memory && { memory }),
    ...(fail && { fail }),
  };
}

export function jsonFlag(): Option {
  return new Option('--json', 'print one JSON document on stdout');
}

export function outFlag(): Option {
  return new Option('--out <dir>', 'where replay files go')
    .env('RACEWALK_OUT')
    .default('.racewalk');
}

export function watchdogFlag(): Option {
  return new Option(
    '--watchdog <seconds>',
    'give up on a model that shows no sign of life for so long',
  )
    .argParser(wholeNumber(1, 86_400))
    .default(limits.watchdogMilliseconds / 1000);
}

const workersCeiling = 256;

export function workersFlag(): Option {
  return new Option(
    '--workers <n>',
    'threads that run it, which changes nothing but the time; by default one for each core once it takes long',
  )
    .argParser(wholeNumber(1, workersCeiling))
    .env('RACEWALK_WORKERS');
}

export function workersOf({ workers }: { readonly workers?: number }): Workers {
  const count = workers ?? Math.min(availableParallelism(), workersCeiling);
  return { count, atOnce: workers !== undefined };
}

/** SCENARIO, for the commands that take one. */
export const scenarioArgument = [
  '<scenario>',
  'a name, or the path of an .mjs module (MODULE#NAME where it has several)',
] as const;

/** Flags that change how a result looks, and not what it is. */
const looks = new Set([
  'full',
  'json',
  'timing',
  'out',
  'watchdog',
  'workers',
  'checkpoint',
  'resume',
]);

/** The command line that asks the same again: what was given, what stands in a variable, and the seed. */
export function commandLine(command: Command): string[] {
  const flags = command.options.flatMap((option) => {
    const name = option.attributeName();
    const source = command.getOptionValueSource(name);
    const given = source === 'cli' || source === 'env' || name === 'seed';
    if (!given || looks.has(name)) return [];
    const value: unknown = command.getOptionValue(name);
    return value === true ? [option.long ?? ''] : [option.long ?? '', textOf(value)];
  });
  return [command.name(), ...command.args, ...flags];
}

/** A flag's value as it is typed. */
function textOf(value: unknown): string {
  const isShard = typeof value === 'object' && value !== null && 'index' in value && 'of' in value;
  return isShard ? `${String(value.index)}/${String(value.of)}` : String(value);
}

/** An argument that may not be empty. */
export function required(name: string, text: string): string {
  if (text.trim() !== '') return text;
  throw new UsageError(`${name} is empty; racewalk list shows what there is`);
}
