// explain: finds a failure, or takes a recorded one, and says why it fails.
import { UsageError } from '../../machine/index.js';
import { renderColumns } from '../../trace/columns.js';
import { explanationMarks, renderExplanation } from '../../trace/explanation-text.js';
import type { ExplainFlags } from '../commands/explain.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { readReplayFile, writeReplayFile } from '../files.js';
import type { ExplainJob, ExplainResult, ExploreJob, ReplayResult } from '../job.js';
import { replayFileName, shellWord } from '../names.js';
import { compositionOf, machineOf } from '../options.js';
import { parseScenario } from '../scenario-ref.js';
import { supervise } from '../supervise.js';
import { terminalWidth } from '../terminal.js';
import { wrap } from '../../trace/wrap.js';
import { reportSearch } from './search.js';

export async function explainSubject(
  subject: string,
  flags: ExplainFlags,
  again: readonly string[],
): Promise<ExitCode> {
  const isFile = /\.json$/i.test(subject);
  if (isFile) refuseSearchFlags(again);
  const { defaultPortfolio } = await import('../../../scheduler/strategies/index.js');
  const search: ExploreJob = {
    kind: 'explore',
    scenario: parseScenario(subject),
    composition: compositionOf(flags),
    stepsMax: flags.stepsMax,
    all: false,
    runs: flags.runs,
    machine: machineOf(flags),
    seed: flags.seed,
    strategies: defaultPortfolio,
    workers: { count: 1, atOnce: false },
    outcomes: false,
    keeping: { checkpoint: undefined, resume: undefined },
    shard: undefined,
  };
  const job: ExplainJob = {
    kind: 'explain',
    of: isFile ? readReplayFile(subject) : search,
    runs: flags.runs,
  };
  const result = (await supervise(job, { watchdogSeconds: flags.watchdog })) as ExplainResult;
  if (result.again === undefined && result.search !== undefined) {
    return reportSearch(result.search, flags, { command: 'explore', again, seed: flags.seed });
  }
  const found = result.search?.shown?.replay;
  const replay = found && writeReplayFile(found, flags.out, replayFileName(found));
  const text = flags.json === true ? json(result, replay) : screen(result, flags, replay);
  process.stdout.write(`${text}\n`);
  return codeOf(result);
}

/** A file says all that a search would have to be told. */
function refuseSearchFlags(again: readonly string[]): void {
  const [, , ...given] = again;
  const flag = given.find((word) => word.startsWith('--') && !['--seed', '--runs'].includes(word));
  if (flag === undefined) return;
  throw new UsageError(`${flag} is for a scenario: a replay file says everything itself`);
}

function codeOf({ again, explanation }: ExplainResult): ExitCode {
  if (again === undefined || again.how === 'no longer') return exitCodes.unanswered;
  return explanation === undefined ? exitCodes.clear : exitCodes.bug;
}

function screen(
  { again, explanation }: ExplainResult,
  { full }: ExplainFlags,
  replay: string | undefined,
): string {
  const width = terminalWidth();
  if (again === undefined) return '';
  const marks = explanation === undefined ? [] : explanationMarks(explanation);
  const text =
    explanation === undefined
      ? wrap(whyNot(again), width, 2).join('\n')
      : renderExplanation(explanation, width);
  const file =
    replay === undefined ? [] : ['', `  replay:  npx racewalk replay ${shellWord(replay)}`];
  const picture = renderColumns(again.trace, { width, full: full === true, marks });
  return [picture, '', text, ...file].join('\n');
}

function whyNot({ how, drift, trace }: ReplayResult): string {
  if (how === 'no longer') return `this replay no longer applies: ${drift ?? ''}`;
  if (trace.verdict.kind === 'ok') return 'nothing fails here: there is nothing to explain';
  return 'this report comes from several schedules, none of which fails by itself: no order in one of them decides';
}

function json({ again, explanation }: ExplainResult, replay: string | undefined): string {
  const { scenario, rung } = again?.trace ?? {};
  const document = {
    scenario,
    rung,
    memory: again?.memory,
    how: again?.how,
    drift: again?.drift,
    ...explanation,
    replay,
  };
  return JSON.stringify(document, undefined, 2);
}
