// ladder: the table property by rung, and the replay files of what it says is broken.
import type { LadderEntry, LadderRung, LadderTable } from '../../trace/ladder.js';
import { ladderMarkdown } from '../../trace/ladder-markdown.js';
import { renderLadder } from '../../trace/ladder-text.js';
import type { LadderFlags } from '../commands/ladder.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { writeReplayFile } from '../files.js';
import type { LadderJob, LadderResult } from '../job.js';
import { replayFileName } from '../names.js';
import { parseScenario } from '../scenario-ref.js';
import { supervise } from '../supervise.js';
import { terminalWidth } from '../terminal.js';

export async function showLadder(series: string, flags: LadderFlags): Promise<ExitCode> {
  const { defaultPortfolio } = await import('../../../scheduler/strategies/index.js');
  const { preemptions, states, runs, seed, stepsMax, dependencies, elisions } = flags;
  const job: LadderJob = {
    kind: 'ladder',
    series: parseScenario(series),
    choice: {
      from: flags.from,
      to: flags.to,
      rungs: flags.rung,
      scenarios: flags.scenario,
      with: flags.with,
      without: flags.without,
    },
    effort: {
      preemptionsEnough: preemptions,
      statesMax: states,
      runs,
      seed,
      stepsMax,
      dependencies,
      elisions,
      strategies: defaultPortfolio,
    },
  };
  const result = (await supervise(job, { watchdogSeconds: flags.watchdog })) as LadderResult;
  const table = written(result, flags.out);
  process.stdout.write(`${text(table, flags)}\n`);
  return codeOf(table);
}

function text(table: LadderTable, { json, markdown }: LadderFlags): string {
  if (json === true) return JSON.stringify(table, undefined, 2);
  if (markdown === true) return ladderMarkdown(table);
  return renderLadder(table, terminalWidth());
}

/** The table that names the replay files. */
function written({ table, replays }: LadderResult, out: string): LadderTable {
  const paths = new Map<string, string>();
  for (const { rung, scenario, property, file } of replays) {
    const path = writeReplayFile(file, out, replayFileName(file));
    // It has been said once that nothing can be written there.
    if (path === undefined) break;
    paths.set([rung, scenario, property].join('\n'), path);
  }
  const named = (rung: LadderRung): LadderRung => ({
    ...rung,
    entries: rung.entries.map((entry) => withReplay(entry, paths.get(keyOf(rung, entry)))),
  });
  return { ...table, rungs: table.rungs.map(named), subsets: table.subsets.map(named) };
}

function keyOf({ name }: LadderRung, { scenario, property }: LadderEntry): string {
  return [name, scenario, property].join('\n');
}

function withReplay(entry: LadderEntry, replay: string | undefined): LadderEntry {
  const { outcome } = entry;
  if (outcome.kind !== 'broken' || replay === undefined) return entry;
  return { ...entry, outcome: { ...outcome, replay } };
}

/** That of the highest rung: that lower ones are broken is what a series is for. */
function codeOf({ rungs, interrupted }: LadderTable): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  const outcomes = rungs.at(-1)?.entries.map(({ outcome }) => outcome.kind) ?? [];
  if (outcomes.includes('broken')) return exitCodes.bug;
  return outcomes.includes('not found') ? exitCodes.unanswered : exitCodes.clear;
}
