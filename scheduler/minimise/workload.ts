// What a failure does without: whole actors of the scenario, left out one after the other while the same bug recurs. A
// property may be about everybody ("both updates count"): an actor stays if without it no order of the others is right.
import { limits } from '../../src/limits.js';
import { affordable } from './affordable.js';
import { ModelError, UsageError } from '../../src/machine/index.js';
import { Execution } from '../execution.js';
import type { Finding } from '../finding.js';
import type { Cast, Program, RunOptions } from '../program.js';
import { prove } from '../prove.js';
import { Follow } from '../strategies/follow.js';
import type { Course } from '../strategies/in-turn.js';
import { courseOf, CourseTrial } from './course.js';

export interface SmallerWorkload {
  readonly program: Program;
  /** The same bug, in that program. */
  readonly finding: Finding;
  /** The actors that it does without, in their order. */
  readonly leftOut: readonly string[];
  readonly runs: number;
}

/** Leaves out every actor without which the same bug recurs with no more preemptions. */
export function leaveOutActors(
  program: Program,
  finding: Finding,
  cast: Cast,
  options: RunOptions,
): SmallerWorkload {
  let smallest: SmallerWorkload = { program, finding, leftOut: [], runs: 0 };
  let runs = 0;
  for (const actor of cast.actors.toReversed()) {
    const left = smallest.leftOut;
    if (left.length + 1 === cast.actors.length || options.interrupted?.() === true) break;
    const leftOut = cast.actors.filter((name) => name === actor || left.includes(name));
    const candidate = cast.without(leftOut);
    const course = courseOf(smallest.program, smallest.finding.schedule, options);
    const found = without(candidate, course, smallest.finding, options);
    runs += found.runs;
    if (found.finding !== undefined) {
      smallest = { program: candidate, finding: found.finding, leftOut, runs };
    }
  }
  return { ...smallest, runs };
}

interface Found {
  readonly finding: Finding | undefined;
  readonly runs: number;
}

const nothing: Found = { finding: undefined, runs: 0 };

/** The same bug in the smaller program; nothing where the initial state or another actor needs who was left out. */
function without(program: Program, course: Course, finding: Finding, options: RunOptions): Found {
  try {
    return sameBug(program, course, finding, options);
  } catch (error) {
    if (error instanceof UsageError || error instanceof ModelError) return nothing;
    throw error;
  }
}

/** By the same course, or else by a short search. */
function sameBug(
  program: Program,
  course: Course,
  { signature, preemptions, steps }: Finding,
  options: RunOptions,
): Found {
  if (!hasGoodOrder(program, options)) return nothing;
  const found = new CourseTrial(program, signature, options).try(course);
  if (found !== undefined && found.preemptions <= preemptions) return { finding: found, runs: 1 };
  const proof = prove(program, {
    ...options,
    all: false,
    signature,
    preemptionsMax: preemptions,
    runsMax: affordable(limits.workloadRuns, steps),
  });
  return { finding: proof.finding, runs: 1 + proof.runs };
}

/** Whether an execution ends well that begins with some actor and switches only where it must. */
function hasGoodOrder(program: Program, options: RunOptions): boolean {
  const follow = new Follow([], () => execution.asked, false);
  const machine = program.build('search');
  const execution: Execution = new Execution(machine, follow, { ...options, all: false });
  for (let first = 0; first === 0 || first < machine.threadCount; first++) {
    follow.follow([{ at: 0, pick: first }]);
    if (execution.run().kind === 'ok') return true;
  }
  return false;
}
