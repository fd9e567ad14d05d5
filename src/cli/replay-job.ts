// replay and show, inside the worker: runs the recorded schedule again and compares it with the file.
import { describe } from '../machine/index.js';
import { replay, type Replay } from '../../scheduler/index.js';
import { programOf } from '../../scenarios/index.js';
import type { ReplayFile } from '../trace/replay-file.js';
import type { ReplayJob, ReplayResult } from './job.js';
import { locate } from './locate.js';
import { absoluteModule } from './names.js';
import type { Reporter } from './worker.js';

export async function runReplay({ file }: ReplayJob, reporter: Reporter): Promise<ReplayResult> {
  const { name, module } = file.scenario;
  const scenario = await locate({ name, module: absoluteModule(module) });
  reporter.enter('setup');
  const rung = file.rung;
  const composition = rung && {
    upTo: emptyRung(scenario.series?.rungs),
    with: rung.patches,
    elide: rung.elided,
    fill: rung.filled,
  };
  const { stepsMax, all } = file.options;
  const program = programOf(scenario, composition);
  reporter.enter('executions');
  const again = replay(program, file.choices, {
    stepsMax,
    all,
    rung: rung?.label,
    pulse: reporter.pulse,
  });
  const drift = driftOf(file, again);
  return { kind: 'replay', trace: again.trace, faithful: drift === undefined, drift };
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
  if (again.mismatch !== undefined) {
    const label = file.choices[again.mismatch.index]?.label ?? '';
    return `${again.mismatch.message} (${label}); ${since}`;
  }
  if (parted !== undefined) {
    return `the state after step ${String(parted.step)} is not the recorded one; ${since}`;
  }
  if (again.finding.signature !== file.verdict.signature) {
    return `it ends otherwise: ${describe(again.finding.verdict)}; recorded was: ${file.verdict.message}`;
  }
  if (again.trace.steps !== file.steps) {
    return `it takes ${String(again.trace.steps)} steps; recorded were ${String(file.steps)}`;
  }
  return undefined;
}
