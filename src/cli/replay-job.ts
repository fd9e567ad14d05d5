// replay and show, inside the worker: runs the recorded schedule again and compares it with the file. Where the model
// has changed it looks for the recorded failure by labels, and then by a search.
import { existsSync } from 'node:fs';
import { describe, type MemoryOrder, UsageError, type Verdict } from '../machine/index.js';
import {
  type Program,
  relive,
  type Reliving,
  replay,
  type Replay,
  type ReplayOptions,
  type Schedule,
  signaturesOf,
} from '../../scheduler/index.js';
import { programWith, type Scenario } from '../../scenarios/index.js';
import type { ReplayFile } from '../trace/replay-file.js';
import type { Again, ReplayJob, ReplayResult } from './job.js';
import { locate } from './locate.js';
import { absoluteModule } from './names.js';
import type { Reporter } from './worker.js';

/** What a replay file is of, ready to run. */
export interface RecordedProgram {
  readonly program: Program;
  readonly memory: MemoryOrder;
  readonly options: ReplayOptions;
}

export async function runReplay(
  { file, runs }: ReplayJob,
  reporter: Reporter,
): Promise<ReplayResult> {
  return replayOf(file, await recordedProgram(file, reporter), runs);
}

/** @throws UsageError where the scenario is not there any more */
export async function recordedProgram(
  file: ReplayFile,
  reporter: Reporter,
): Promise<RecordedProgram> {
  const scenario = await recorded(file);
  reporter.enter('setup');
  const rung = file.rung;
  const composition = rung && {
    upTo: emptyRung(scenario.series?.rungs),
    with: rung.patches,
    elide: rung.elided,
    fill: rung.filled,
  };
  // Files from before there was a choice of the memory order say nothing.
  const { stepsMax, all, dataRaces, memory = 'sc', fail, leftOut, unarmed } = file.options;
  const machine = {
    memory,
    ...(dataRaces !== undefined && { dataRaces }),
    ...(fail && { fail }),
  };
  const program = programWith(scenario, { composition, machine, leaveOut: leftOut, unarmed });
  reporter.enter('executions');
  const { pulse, interrupted } = reporter;
  const options = { stepsMax, all, pulse, interrupted, rung: rung?.label };
  return { program, memory, options };
}

/**
 * Runs the recorded schedule, compares it with the file, and where that differs looks for the recorded failure.
 * @param runs executions of that search
 */
export function replayOf(file: ReplayFile, recorded: RecordedProgram, runs: number): ReplayResult {
  const { program, memory, options } = recorded;
  const strict = withLockReport(file, replay(program, file.choices, options), (schedules) =>
    signaturesOf(program, schedules, options),
  );
  const drift = driftOf(file, strict);
  const result = { kind: 'replay', memory, drift } as const;
  // A report about the order of locks is of several schedules, none of which fails.
  if (drift === undefined || file.dependencies !== undefined) {
    const how = drift === undefined ? 'exactly' : 'no longer';
    return { ...result, how, trace: strict.trace, again: undefined, interrupted: false };
  }
  return { ...result, ...searchAgain(file, program, { ...options, runs }) };
}

/** Looks for the recorded failure on a model that has changed. */
function searchAgain(
  file: ReplayFile,
  program: Program,
  options: ReplayOptions & { readonly runs: number },
): Pick<ReplayResult, 'how' | 'trace' | 'again' | 'interrupted'> {
  const { choices, course, verdict } = file;
  const recorded = { schedule: choices, course, signature: verdict.signature };
  const found = relive(program, recorded, options);
  const { how, gone, renames, followed, searched, other } = found;
  const again: Again = {
    gone: gone && { place: gone.place, instead: gone.instead },
    renames,
    hasCourse: course !== undefined,
    followed,
    searched: searched?.runs,
    clearedTo: searched?.clearedTo,
    other: other && describe(other.verdict),
    renewed: how === 'no longer' ? undefined : renewed(file, found),
  };
  const interrupted = options.interrupted?.() === true;
  return { how, trace: found.replay.trace, again, interrupted };
}

/** The file of the failure as it happens now. */
function renewed(file: ReplayFile, { replay: now }: Reliving): ReplayFile {
  const { finding, choices, digests, course } = now;
  const { kind } = finding.verdict;
  const verdict = { kind, signature: finding.signature, message: describe(finding.verdict) };
  return { ...file, verdict, steps: finding.steps, choices, digests, course };
}

/** A report about the order of locks comes from several schedules: if they still make it, it is the verdict. */
function withLockReport(
  { dependencies, verdict }: ReplayFile,
  again: Replay,
  signatures: (schedules: readonly Schedule[]) => readonly string[],
): Replay {
  if (dependencies === undefined || !signatures(dependencies).includes(verdict.signature)) {
    return again;
  }
  const [, rule = ''] = /^lock rule (\S+)/.exec(verdict.signature) ?? [];
  const message = verdict.signature.slice(`lock rule ${rule} `.length);
  const reported: Verdict = { kind: 'lock rule', rule, message };
  return {
    ...again,
    finding: { ...again.finding, verdict: reported, signature: verdict.signature },
    trace: { ...again.trace, verdict: reported },
  };
}

async function recorded({ scenario: { name, module } }: ReplayFile): Promise<Scenario> {
  const path = absoluteModule(module);
  if (path !== undefined && !existsSync(path)) {
    throw new UsageError(
      `the replay is of ${module ?? ''}, and there is no ${path}; run it in the directory in which it was recorded`,
    );
  }
  return locate({ name, module: path });
}

/** The rung with no patch at all, from which a file's patches are added; undefined lets the series decide. */
function emptyRung(
  rungs: Readonly<Record<string, readonly string[]>> | undefined,
): string | undefined {
  return Object.entries(rungs ?? {}).find(([, patches]) => patches.length === 0)?.[0];
}

/** Where the replay stops being what was recorded. */
function driftOf(file: ReplayFile, again: Replay): string | undefined {
  const recorded = new Map(file.digests.map(({ step, digest }) => [step, digest]));
  const parted = again.digests.find(
    ({ step, digest }) => recorded.has(step) && recorded.get(step) !== digest,
  );
  const same = again.digests.findLast(({ step, digest }) => recorded.get(step) === digest);
  const since = `the state was still the recorded one after step ${String(same?.step ?? 0)}`;
  const turned = file.choices.findIndex(({ label }, i) => again.choices[i]?.label !== label);
  const choice = file.choices[turned];
  if (again.mismatch !== undefined) {
    const label = file.choices[again.mismatch.index]?.label ?? '';
    return `${again.mismatch.message} (${label}); ${since}`;
  }
  if (choice !== undefined && choice.at < (parted?.step ?? Number.POSITIVE_INFINITY)) {
    const now = again.choices[turned]?.label ?? '';
    return `after step ${String(choice.at)} it goes on with ${now}; recorded was ${choice.label}; ${since}`;
  }
  if (parted !== undefined) {
    return `the state after step ${String(parted.step)} is not the recorded one; ${since}`;
  }
  const steps = String(again.trace.steps);
  if (again.finding.signature !== file.verdict.signature) {
    return `it ends otherwise, after step ${steps}: ${describe(again.finding.verdict)}; recorded was: ${file.verdict.message}`;
  }
  if (again.trace.steps !== file.steps) {
    return `it ends after step ${steps}; recorded was the end after step ${String(file.steps)}`;
  }
  return undefined;
}
