// A recorded failure on a model that has been edited since: first by the labels of its course, then by the numbers of
// its choices, then by a search from what still applies. Whatever it comes to is a schedule of the present model, which
// is replayed strictly.
import type { Course } from '../src/trace/course.js';
import { byLabels } from './course/by-labels.js';
import type { Missed } from './course/follow-course.js';
import { type Attempt, LabelRuns } from './course/label-runs.js';
import { type Rename, renamed, renamedText, renamesOf } from './course/renames.js';
import { type SearchedOn, searchOn } from './course/search-on.js';
import type { Finding } from './finding.js';
import type { Program } from './program.js';
import { reduce } from './reduce.js';
import { type Replay, replay, type ReplayOptions } from './replay.js';
import type { Schedule } from './schedule.js';

/** What a replay file knows of a failure. */
export interface Recorded {
  readonly schedule: Schedule;
  readonly signature: string;
  readonly course?: Course | undefined;
}

export interface ReliveOptions extends ReplayOptions {
  /** Executions that the search may take; with 0 there is none. */
  readonly runs: number;
}

/** How a failure was found again. */
export type Relived = 'by labels' | 'by position' | 'after search' | 'no longer';

export interface Reliving {
  readonly how: Relived;
  /** The failure on the present model; else the recorded course, as far as it still applies. */
  readonly replay: Replay;
  /** What was taken for something of another name. */
  readonly renames: readonly Rename[];
  /** The first place of the course that was not come to; undefined if all were, or if the file tells no course. */
  readonly gone: Missed | undefined;
  /** Executions that followed the file, by labels and by numbers. */
  readonly followed: number;
  readonly searched: SearchedOn | undefined;
  /** What else fails, where it does not fail as recorded. */
  readonly other: Finding | undefined;
}

/** Executions by chance draw from here: a replay is the same every time. */
const seed = 'replay';

/** Looks for a recorded failure on the present model. */
export function relive(program: Program, recorded: Recorded, options: ReliveOptions): Reliving {
  const once = { ...options, all: false };
  const runs = new LabelRuns(program, once);
  const { course } = recorded;
  const renames =
    course === undefined ? [] : renamesOf(course.threads, runs.survey(recorded.schedule));
  const signature = renamedText(recorded.signature, renames);
  const isWanted = ({ failed, finding }: Attempt): boolean =>
    failed && (finding.signature === signature || finding.signature === recorded.signature);
  const labelled = course && byLabels(runs, renamed(course, renames), isWanted);
  const nearest = labelled?.nearest ?? runs.lenient(recorded.schedule);
  const result = {
    renames: course === undefined ? [] : renamesUsed(course, renames),
    gone: nearest.missed[0],
    other: undefined,
    searched: undefined,
  };
  const show = (finding: Finding): Replay => replay(program, finding.schedule, once);
  if (labelled?.found !== undefined) {
    const shown = show(labelled.found.finding);
    const gone = labelled.found.missed[0];
    return { ...result, gone, how: 'by labels', replay: shown, followed: runs.runs };
  }
  const counted = labelled === undefined ? nearest : runs.lenient(recorded.schedule);
  const followed = runs.runs;
  if (isWanted(counted)) {
    return { ...result, how: 'by position', replay: show(counted.finding), followed };
  }
  const searched = goOn(program, { nearest, signature }, options);
  const finding = searched?.finding;
  if (finding !== undefined) {
    // With everybody: the file says nothing of actors that a failure could do without.
    const { finding: small } = reduce({ name: program.name, build: program.build }, finding, once);
    return { ...result, how: 'after search', replay: show(small), followed, searched };
  }
  const other = nearest.failed ? nearest.finding : searched?.other;
  return { ...result, how: 'no longer', replay: show(nearest.finding), followed, searched, other };
}

function goOn(
  program: Program,
  { nearest, signature }: { readonly nearest: Attempt; readonly signature: string },
  options: ReliveOptions,
): SearchedOn | undefined {
  if (options.runs === 0) return undefined;
  const { finding, missed, begun } = nearest;
  const { runs } = options;
  // The turn whose end was not come to is decided anew, and what follows it.
  const kept = missed[0]?.turn ?? begun.length - 1;
  const prefixes = [begun[kept] ?? 0, begun[Math.floor(kept / 2)] ?? 0, 0];
  const wanted = {
    schedule: finding.schedule,
    prefixes: [...new Set(prefixes)],
    preemptions: Math.max(1, finding.preemptions),
    signature,
    runs,
    seed,
  };
  return searchOn(program, wanted, { ...options, all: false });
}

/** Only what the course names needs to be said. */
function renamesUsed(course: Course, renames: readonly Rename[]): Rename[] {
  const text = course.turns.flatMap(({ thread, before, after }) => [
    thread,
    before?.to ?? '',
    after?.to ?? '',
  ]);
  const named = new Set([...text, ...course.draws.map(({ during }) => during.to)]);
  return renames.filter(({ from }) => named.has(from));
}
