// list: what there is to explore and to prove.
import { UsageError } from '../../machine/index.js';
import { limits } from '../../limits.js';
import { wrap } from '../../trace/wrap.js';
import type { ListFlags } from '../commands/list.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import type { ListedRule, ListedScenario, ListedSeries, ListResult } from '../job.js';
import { required } from '../options.js';
import { shortName } from '../property-names.js';
import { parseScenario } from '../scenario-ref.js';
import { supervise } from '../supervise.js';
import { terminalWidth } from '../terminal.js';

export async function listScenarios(
  scenario: string | undefined,
  flags: ListFlags,
): Promise<ExitCode> {
  const job = {
    kind: 'list',
    scenario: scenario === undefined ? undefined : parseScenario(required('SCENARIO', scenario)),
    rules: flags.rules === true,
  } as const;
  if (job.rules && scenario !== undefined) {
    throw new UsageError('--rules lists the rules of the machine: leave SCENARIO out');
  }
  const watchdogSeconds = limits.watchdogMilliseconds / 1000;
  const result = (await supervise(job, { watchdogSeconds })) as ListResult;
  const text = flags.json === true ? listDocument(result, job.rules) : listScreen(result, flags);
  process.stdout.write(`${text}\n`);
  return exitCodes.clear;
}

function listDocument({ scenarios, series, rules }: ListResult, onlyRules: boolean): string {
  return JSON.stringify(onlyRules ? { rules } : { scenarios, series }, undefined, 2);
}

function listScreen({ scenarios, series, rules }: ListResult, flags: ListFlags): string {
  return [
    ...scenarios.map(scenarioBlock),
    ...propertiesBlock(scenarios),
    ...series.map((one) => seriesBlock(one, flags.full === true)),
    ...rules.map(ruleBlock),
  ].join('\n\n');
}

function ruleBlock({ id, rule, verdict, broken, neighbour }: ListedRule): string {
  return block(`${id}: ${rule}`, [`${verdict}: ${broken}`, `nothing: ${neighbour}`]);
}

function scenarioBlock({ name, about, properties, series }: ListedScenario): string {
  return block(name, [
    about,
    ...(series === undefined ? [] : [`series: ${series}`]),
    `properties: ${properties.map(shortName).join(', ') || 'only what the machine itself checks'}`,
  ]);
}

/** Those with a number, which several scenarios share: once, in full. */
function propertiesBlock(scenarios: readonly ListedScenario[]): string[] {
  const all = new Set(scenarios.flatMap(({ properties }) => properties));
  const numbered = [...all].filter((name) => shortName(name) !== name).sort();
  return numbered.length === 0 ? [] : [block('properties', numbered)];
}

function seriesBlock(series: ListedSeries, full: boolean): string {
  const { name, about, rungs, patches, elisions } = series;
  const idsWhere = (how: string): string =>
    elisions
      .filter((elision) => elision.switch === how)
      .map(({ id }) => id)
      .join(', ') || 'none';
  const always = elisions.filter((elision) => elision.switch === undefined);
  return block(`series ${name}`, [
    about,
    `rungs: ${rungs.join(', ')}`,
    ...patches.map((patch) => `${patch.name}  ${patch.subject}`),
    `modelled, and left out by --elide: ${idsWhere('elide')}`,
    `left out, and modelled by --fill: ${idsWhere('fill')}`,
    ...(full
      ? ['left out always:', ...always.map(({ id, leavesOut }) => `- ${id}: ${leavesOut}`)]
      : [`left out always: ${String(always.length)} sections of kernel code; --full names them`]),
  ]);
}

function block(title: string, paragraphs: readonly string[]): string {
  const room = terminalWidth() - 2;
  return [
    title,
    ...paragraphs.flatMap((text) => wrap(text, room, 2)).map((line) => `  ${line}`),
  ].join('\n');
}
