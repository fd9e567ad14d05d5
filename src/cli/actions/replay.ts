// replay: what became of a recorded schedule.
import { isFailure } from '../../machine/index.js';
import type { ReplayFlags } from '../commands/replay.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { readReplayFile, writeReplayFile } from '../files.js';
import type { ReplayResult } from '../job.js';
import { renewedFileName } from '../names.js';
import { replayDocument, replayScreen } from '../replay-report.js';
import { supervise } from '../supervise.js';
import { terminalWidth } from '../terminal.js';

export async function replayFile(path: string, flags: ReplayFlags): Promise<ExitCode> {
  const file = readReplayFile(path);
  const result = (await supervise(
    { kind: 'replay', file, runs: flags.runs },
    { watchdogSeconds: flags.watchdog },
  )) as ReplayResult;
  const now = result.again?.renewed;
  const renewed = now && writeReplayFile(now, flags.out, renewedFileName(now));
  const options = { width: terminalWidth(), full: flags.full === true };
  const text =
    flags.json === true ? replayDocument(result, renewed) : replayScreen(result, options, renewed);
  process.stdout.write(`${text}\n`);
  return codeOf(result);
}

function codeOf({ how, trace, interrupted }: ReplayResult): ExitCode {
  if (how === 'no longer') return interrupted ? exitCodes.interrupted : exitCodes.unanswered;
  return isFailure(trace.verdict) ? exitCodes.bug : exitCodes.clear;
}
