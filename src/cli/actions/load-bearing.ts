// load-bearing: the table of what a scenario's properties stand on.
import { renderLoadTable } from '../../trace/load-bearing-text.js';
import type { LoadBearingFlags } from '../commands/load-bearing.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import type { LoadBearingJob, LoadBearingResult } from '../job.js';
import { compositionOf } from '../options.js';
import { parseScenario } from '../scenario-ref.js';
import { supervise } from '../supervise.js';
import { terminalWidth } from '../terminal.js';

export async function showLoadBearing(
  scenario: string,
  flags: LoadBearingFlags,
): Promise<ExitCode> {
  const { defaultPortfolio } = await import('../../../scheduler/strategies/index.js');
  const { preemptions, runs, samples, seed, stepsMax, memory } = flags;
  const job: LoadBearingJob = {
    kind: 'load-bearing',
    scenario: parseScenario(scenario),
    composition: compositionOf(flags),
    stepsMax,
    machine: memory === undefined ? {} : { memory },
    preemptionsMax: preemptions,
    runs,
    samples,
    seed,
    strategies: defaultPortfolio,
  };
  const result = (await supervise(job, { watchdogSeconds: flags.watchdog })) as LoadBearingResult;
  const text = flags.json === true ? json(result) : screen(result);
  process.stdout.write(`${text}\n`);
  return codeOf(result);
}

function codeOf({ table }: LoadBearingResult): ExitCode {
  if (table.interrupted) return exitCodes.interrupted;
  return table.whole.kind === 'dies' ? exitCodes.bug : exitCodes.clear;
}

function json({ scenario, rung, memory, table }: LoadBearingResult): string {
  return JSON.stringify({ scenario, rung, memory, ...table }, undefined, 2);
}

function screen({ scenario, rung, table }: LoadBearingResult): string {
  const where = rung === undefined ? '' : ` on ${rung}`;
  const title = `${scenario}${where}: what is load-bearing`;
  const cut = table.interrupted ? ['interrupted: this is what was found until then', ''] : [];
  const warning =
    table.whole.kind === 'dies'
      ? ['the scenario fails as it is: what dies below may have been dead before', '']
      : [];
  return [title, '', ...cut, ...warning, renderLoadTable(table, terminalWidth())].join('\n');
}
