// explore and prove: runs the search, writes the replay file of a failure, reports, and says what the exit code is.
// Whatever ends a search early, what it had found until then is reported.
import { reportError } from '../errors.js';
import { answerCodes, type ExitCode, exitCodes } from '../exit-codes.js';
import { writeReplayFile } from '../files.js';
import type { ExploreJob, ProveJob, SearchResult } from '../job.js';
import { replayFileName } from '../names.js';
import type { SearchFlags } from '../options.js';
import { type ReportOptions, searchScreen } from '../report.js';
import { searchDocument } from '../search-document.js';
import { supervise } from '../supervise.js';
import { terminalWidth } from '../terminal.js';
import { InternalError, Unfinished } from '../unfinished.js';

export async function search(
  job: ExploreJob | ProveJob,
  flags: SearchFlags,
  again: readonly string[],
): Promise<ExitCode> {
  const started = performance.now();
  let soFar: SearchResult | undefined;
  let failed: ExitCode | undefined;
  let result: SearchResult;
  try {
    result = (await supervise(job, {
      watchdogSeconds: flags.watchdog,
      onSoFar: (news) => {
        soFar = news;
      },
    })) as SearchResult;
  } catch (error) {
    const code = reportError(error);
    const rest = whatIsLeft(soFar, error);
    if (rest === undefined) return code;
    // A model that breaks down after a failure has still failed.
    failed = error instanceof InternalError || code === exitCodes.interrupted ? code : undefined;
    result = rest;
  }
  const seconds = (performance.now() - started) / 1000;
  report(result, flags, {
    command: job.kind,
    again,
    seed: job.kind === 'explore' ? job.seed : undefined,
    preemptions: job.kind === 'prove' ? job.preemptionsMax : undefined,
    full: flags.full === true,
    seconds: flags.timing === true ? seconds : undefined,
    width: terminalWidth(),
  });
  return failed ?? (result.interrupted ? exitCodes.interrupted : answerCodes[result.answer]);
}

/** Reports a search that has ended, and says what the exit code is. */
export function reportSearch(
  result: SearchResult,
  flags: SearchFlags,
  options: Pick<ReportOptions, 'command' | 'again' | 'seed'>,
): ExitCode {
  report(result, flags, {
    ...options,
    preemptions: undefined,
    full: flags.full === true,
    seconds: undefined,
    width: terminalWidth(),
  });
  return result.interrupted ? exitCodes.interrupted : answerCodes[result.answer];
}

/** What there is to report although the worker has no result; undefined for nothing. */
function whatIsLeft(soFar: SearchResult | undefined, error: unknown): SearchResult | undefined {
  const interrupted = error instanceof Unfinished && error.interrupted;
  if (soFar === undefined || (soFar.shown === undefined && !interrupted)) return undefined;
  return { ...soFar, interrupted };
}

function report(result: SearchResult, flags: SearchFlags, options: ReportOptions): void {
  const { shown } = result;
  const replay = shown && writeReplayFile(shown.replay, flags.out, replayFileName(shown.replay));
  const render = flags.json === true ? searchDocument : searchScreen;
  process.stdout.write(`${render(result, options, replay)}\n`);
}
