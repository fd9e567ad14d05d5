// replay and show, inside the worker: runs the recorded schedule again and compares it with the file.
import { existsSync } from 'node:fs';
import { describe, UsageError, type Verdict } from '../machine/index.js';
import { replay, type Replay, type Schedule, signaturesOf } from '../../scheduler/index.js';
import { programOf, type Scenario } from '../../scenarios/index.js';
import type { ReplayFile } from '../trace/replay-file.js';
import type { ReplayJob, ReplayResult } from './job.js';
import { locate } from './locate.js';
import { absoluteModule } from './names.js';
import type { Reporter } from './worker.js';

export async function runReplay({ file }: ReplayJob, reporter: Reporter): Promise<ReplayResult> {
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
  const { stepsMax, all, dataRaces, memory = 'sc', fail } = file.options;
  const machine = {
    memory,
    ...(dataRaces !== undefined && { dataRaces }),
    ...(fail && { fail }),
  };
  const program = programOf(scenario, composition, machine);
  reporter.enter('executions');
  const options = { stepsMax, all, pulse: reporter.pulse };
  const again = withLockReport(
    file,
    replay(program, file.choices, { ...options, rung: rung?.label }),
    (schedules) => signaturesOf(program, schedules, options),
  );
  const drift = driftOf(file, again);
  return { kind: 'replay', trace: again.trace, memory, faithful: drift === undefined, drift };
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
