// racewalk replay FILE: one recorded schedule again, bit for bit.
import { type Command, Option } from 'commander';
import { limits } from '../../limits.js';
import { describe, isFailure } from '../../machine/index.js';
import { renderColumns } from '../../trace/columns.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { readReplayFile } from '../files.js';
import type { ReplayResult } from '../job.js';
import { wholeNumber } from '../options.js';
import { supervise } from '../supervise.js';
import { terminalWidth } from '../terminal.js';

interface ReplayFlags {
  readonly json?: true;
  readonly full?: true;
  readonly watchdog: number;
}

export function addReplay(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('replay')
    .argument('<file>', 'a replay file that explore or prove has written')
    .description('run a recorded schedule again, and say whether it is still what was recorded')
    .option('--full', 'show every step')
    .option('--json', 'print one JSON document on stdout')
    .addOption(
      new Option(
        '--watchdog <seconds>',
        'give up on a model that shows no sign of life for so long',
      )
        .argParser(wholeNumber(1, 86_400))
        .default(limits.watchdogMilliseconds / 1000),
    )
    .action(async (path: string, flags: ReplayFlags) => {
      const file = readReplayFile(path);
      const supervision = { watchdogSeconds: flags.watchdog };
      const result = (await supervise({ kind: 'replay', file }, supervision)) as ReplayResult;
      process.stdout.write(`${flags.json === true ? json(result) : screen(result, flags)}\n`);
      finish(codeOf(result));
    });
}

function codeOf({ faithful, trace }: ReplayResult): ExitCode {
  if (!faithful) return exitCodes.unanswered;
  return isFailure(trace.verdict) ? exitCodes.bug : exitCodes.clear;
}

function screen({ trace, faithful, drift }: ReplayResult, { full }: ReplayFlags): string {
  const lines = [renderColumns(trace, { width: terminalWidth(), full: full === true }), ''];
  if (faithful)
    lines.push(`replayed bit for bit, ${String(trace.steps)} steps: ${describe(trace.verdict)}`);
  else lines.push(`this replay no longer applies: ${drift ?? ''}`);
  return lines.join('\n');
}

function json({ trace, faithful, drift }: ReplayResult): string {
  const { scenario, rung, verdict, steps, switches, preemptions } = trace;
  const answer = !faithful ? 'NOT VERIFIED' : isFailure(verdict) ? 'BROKEN' : 'NOT FOUND';
  const document = {
    scenario,
    rung,
    verdict: answer,
    property: verdict.kind === 'violation' ? verdict.property : undefined,
    kind: verdict.kind,
    message: describe(verdict),
    steps,
    switches,
    preemptions,
    faithful,
    drift,
  };
  return JSON.stringify(document, undefined, 2);
}
