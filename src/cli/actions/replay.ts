// replay: what became of a recorded schedule.
import { describe, isFailure } from '../../machine/index.js';
import { renderColumns } from '../../trace/columns.js';
import type { ReplayFlags } from '../commands/replay.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { readReplayFile } from '../files.js';
import type { ReplayResult } from '../job.js';
import { memoryOrders } from '../scope.js';
import { supervise } from '../supervise.js';
import { terminalWidth } from '../terminal.js';
import { wrap } from '../../trace/wrap.js';

export async function replayFile(path: string, flags: ReplayFlags): Promise<ExitCode> {
  const file = readReplayFile(path);
  const result = (await supervise(
    { kind: 'replay', file },
    { watchdogSeconds: flags.watchdog },
  )) as ReplayResult;
  process.stdout.write(`${flags.json === true ? json(result) : screen(result, flags)}\n`);
  return codeOf(result);
}

function codeOf({ faithful, trace }: ReplayResult): ExitCode {
  if (!faithful) return exitCodes.unanswered;
  return isFailure(trace.verdict) ? exitCodes.bug : exitCodes.clear;
}

function screen({ trace, memory, faithful, drift }: ReplayResult, { full }: ReplayFlags): string {
  const width = terminalWidth();
  const outcome = faithful
    ? `replayed bit for bit, ${String(trace.steps)} steps, ${memoryOrders[memory]}: ${describe(trace.verdict)}`
    : `this replay no longer applies: ${drift ?? ''}`;
  return [
    renderColumns(trace, { width, full: full === true }),
    '',
    ...wrap(outcome, width, 2),
  ].join('\n');
}

function json({ trace, memory, faithful, drift }: ReplayResult): string {
  const { scenario, rung, verdict, steps, switches, preemptions } = trace;
  const answer = !faithful ? 'NOT VERIFIED' : isFailure(verdict) ? 'BROKEN' : 'NOT FOUND';
  const document = {
    scenario,
    rung,
    verdict: answer,
    memory,
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
