// list: what there is to explore and to prove.
import { limits } from '../../limits.js';
import { wrap } from '../../trace/wrap.js';
import type { ListFlags } from '../commands/list.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import type { ListedScenario, ListedSeries, ListResult } from '../job.js';
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
  } as const;
  const watchdogSeconds = limits.watchdogMilliseconds / 1000;
  const { scenarios, series } = (await supervise(job, { watchdogSeconds })) as ListResult;
  const text =
    flags.json === true
      ? JSON.stringify({ scenarios, series }, undefined, 2)
      : [
          ...scenarios.map(scenarioBlock),
          ...propertiesBlock(scenarios),
          ...series.map((one) => seriesBlock(one, flags.full === true)),
        ].join('\n\n');
  process.stdout.write(`${text}\n`);
  return exitCodes.clear;
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
