// show: a recorded schedule in the form that was asked for.
import { traceToChrome } from '../../trace/chrome.js';
import { renderColumns } from '../../trace/columns.js';
import { traceToHtml } from '../../trace/html.js';
import { traceToItf } from '../../trace/itf.js';
import { traceToJson } from '../../trace/json.js';
import { lockSteps, renderLockSteps } from '../../trace/lock-steps.js';
import type { Trace } from '../../trace/trace.js';
import type { ShowFlags } from '../commands/show.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { readReplayFile } from '../files.js';
import type { ReplayResult } from '../job.js';
import { supervise } from '../supervise.js';
import { terminalWidth } from '../terminal.js';

export async function showFile(path: string, flags: ShowFlags): Promise<ExitCode> {
  const file = readReplayFile(path);
  const { trace, how, drift } = (await supervise(
    { kind: 'replay', file, runs: 0 },
    { watchdogSeconds: flags.watchdog },
  )) as ReplayResult;
  process.stdout.write(`${render(trace, flags)}\n`);
  if (how === 'exactly') return exitCodes.clear;
  const isGone = how === 'no longer';
  const what = isGone
    ? `this replay no longer applies: ${drift ?? ''}`
    : `the model has changed; this is the failure as it happens now, reproduced ${how}`;
  process.stderr.write(`racewalk: ${what}\n`);
  return isGone ? exitCodes.unanswered : exitCodes.clear;
}

function render(trace: Trace, flags: ShowFlags): string {
  if (flags.html === true) return traceToHtml(trace);
  if (flags.chrome === true) return traceToChrome(trace);
  if (flags.itf === true) return traceToItf(trace);
  if (flags.locks === true) return renderLocks(trace, flags.json === true);
  if (flags.json === true) return traceToJson(trace);
  const detail = { full: flags.full === true, brief: flags.brief === true };
  if (flags.git === true) return renderColumns(trace, { ...detail, git: true });
  return renderColumns(trace, { ...detail, width: flags.width ?? terminalWidth() });
}

function renderLocks(trace: Trace, asJson: boolean): string {
  const rows = lockSteps(trace);
  return asJson ? JSON.stringify({ lockSteps: rows }, undefined, 1) : renderLockSteps(rows);
}
