// From places in courses to steps that people find again.
import type { Program, RunOptions } from '../program.js';
import type { Course } from './course.js';
import { courseOf } from './course-of.js';
import type { Critical } from './critical.js';
import { Driver } from './drive.js';
import type {
  CriticalStep,
  DecidingPair,
  RaceWindow,
  StepRef,
} from '../../src/trace/explanation.js';
import type { Deciding, Pair } from './pair.js';
import { type Section, Shown } from './shown.js';
import type { Window } from './window.js';

export function describeCritical(critical: Critical, failing: Shown): CriticalStep {
  switch (critical.kind) {
    case 'step':
      return {
        kind: 'step',
        step: refOf(failing, critical.step),
        isFault: critical.isFault,
      };
    case 'between':
      return {
        kind: 'between',
        first: refOf(failing, critical.first),
        last: refOf(failing, critical.last),
      };
    case 'always':
      return critical;
    case 'undecided':
      return { kind: 'undecided', last: failing.ref(critical.last) };
  }
}

/** A step of the course always has an entry in the trace, but where the thread was stopped before it. */
function refOf(shown: Shown, place: number): StepRef {
  const thread = shown.course[place]?.name ?? '';
  return shown.ref(place) ?? { step: place, thread, function: undefined, text: 'its last step' };
}

export function describePair(
  program: Program,
  deciding: Deciding,
  failing: Shown,
  options: RunOptions,
): DecidingPair {
  if (deciding.kind !== 'pair') return deciding;
  const driver = new Driver(program, options);
  driver.drive(deciding.good);
  const schedule = driver.schedule();
  const good = new Shown(program, schedule, deciding.good, options);
  const other = refOf(good, deciding.other);
  return {
    kind: 'pair',
    taken: refOf(failing, deciding.taken),
    other,
    otherInFailure: sameIn(failing, deciding.good, deciding.other, other),
    about: aboutOf(deciding, failing, good),
    guarded: guardedBoth(failing.section(deciding.taken), good.section(deciding.other)),
    isSameOrder: deciding.isSameOrder,
    good: schedule,
  };
}

/** The step of the failing execution that is the same one of its thread, if it does the same there. */
function sameIn(failing: Shown, good: Course, place: number, ref: StepRef): StepRef | undefined {
  const before = good.slice(0, place).filter(({ name }) => name === ref.thread).length;
  const found = failing.ref(failing.placeOf(ref.thread, before));
  return found?.function === ref.function ? found : undefined;
}

/** What both act on, or else the cells that both touch: those of properties only if there are no others; or the CPU. */
function aboutOf({ taken, other, cells }: Pair, failing: Shown, good: Shown): string[] {
  const [a, b] = [failing.entry(taken), good.entry(other)];
  if (a !== undefined && a.subject !== '' && a.subject === b?.subject) return [a.label];
  // One keeps the other one from its CPU: an interrupt does.
  if (cells.length === 0 && a !== undefined && a.cpu === b?.cpu) return [`CPU${String(a.cpu)}`];
  const own = cells.filter(({ name }) => !name.startsWith('property '));
  return [...new Set((own.length > 0 ? own : cells).map(({ label }) => label))];
}

/** What one section changes and the other one looks at or changes. */
function guardedBoth(a: Section, b: Section): string[] {
  if (a.lock === undefined || a.lock !== b.lock) return [];
  const labels = new Map<string, string>();
  for (const [name, label] of a.changed) {
    if (b.changed.has(name) || b.touched.has(name)) labels.set(name, label);
  }
  for (const [name, label] of b.changed) if (a.touched.has(name)) labels.set(name, label);
  return [...new Set(labels.values())];
}

export function describeWindow(program: Program, window: Window, options: RunOptions): RaceWindow {
  const { fixed, moved, movedSteps, isRest, places, undisturbed, fixedSteps } = window;
  const course = courseOf(new Driver(program, options), undisturbed);
  const shown = new Shown(program, undisturbed, course, options);
  const first = places.indexOf('fails');
  const last = places.lastIndexOf('fails');
  const stepOf = (n: number): StepRef | undefined => shown.ref(fixedSteps[n] ?? -1);
  return {
    fixed,
    fixedIn: shown.entry(fixedSteps[0] ?? -1)?.frames[0],
    moved,
    movedSteps,
    isRest,
    places,
    opens: first < 0 ? undefined : stepOf(first - 1),
    closes: last < 0 ? undefined : stepOf(last),
  };
}
