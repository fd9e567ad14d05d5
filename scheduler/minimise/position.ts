// Where a preemption takes place, among the places that do equally well: as early as it can be. Several positions of a
// race's window fail alike; a counterexample is easier to compare with another one if both show the same of them.
import { limits } from '../../src/limits.js';
import { affordable } from './affordable.js';
import type { Finding } from '../finding.js';
import type { Program, RunOptions } from '../program.js';
import type { Schedule } from '../schedule.js';
import type { Course } from '../strategies/in-turn.js';
import { courseOf, CourseTrial } from './course.js';

/** Some steps in a row of one thread. */
interface Block {
  readonly thread: string;
  readonly steps: number;
}

/** Moves every preemption to the earliest position where the same bug recurs with no more of them. */
export function settlePositions(
  program: Program,
  finding: Finding,
  options: RunOptions,
): { readonly finding: Finding; readonly runs: number } {
  const trial = new CourseTrial(program, finding.signature, options);
  const runsMax = affordable(limits.positionRuns, finding.steps);
  let best = finding;
  let course = courseOf(program, best.schedule, options);
  let blocks = blocksOf(course);
  for (let at = 0; at + 1 < blocks.length; at++) {
    for (let later = (blocks[at] as Block).steps - 1; later > 0; later--) {
      if (trial.runs >= runsMax || options.interrupted?.() === true) {
        return { finding: best, runs: trial.runs };
      }
      const found = trial.try({ ...course, turns: turnsOf(moved(blocks, at, later)) });
      if (found === undefined || !isEarlier(found, best)) continue;
      best = found;
      course = courseOf(program, best.schedule, options);
      blocks = blocksOf(course);
      break;
    }
  }
  return { finding: best, runs: trial.runs };
}

/** No harder to read, and its first difference is an earlier choice. */
function isEarlier(a: Finding, b: Finding): boolean {
  if (a.preemptions > b.preemptions || a.switches > b.switches || a.steps > b.steps) return false;
  return compareSchedules(a.schedule, b.schedule) < 0;
}

/** Negative if `a` comes first: by position, then by what was chosen, then the shorter one. */
export function compareSchedules(a: Schedule, b: Schedule): number {
  for (const [i, choice] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    if (choice.at !== other.at) return choice.at - other.at;
    if (choice.pick !== other.pick) return choice.pick - other.pick;
  }
  return a.length - b.length;
}

function blocksOf({ turns }: Course): Block[] {
  const blocks: { thread: string; steps: number }[] = [];
  for (const thread of turns) {
    const last = blocks.at(-1);
    if (last?.thread === thread) last.steps++;
    else blocks.push({ thread, steps: 1 });
  }
  return blocks;
}

function turnsOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap(({ thread, steps }) => new Array<string>(steps).fill(thread));
}

/** The last steps of a block are taken when its thread goes on the next time, or not at all. */
function moved(blocks: readonly Block[], at: number, later: number): Block[] {
  const { thread, steps } = blocks[at] as Block;
  const next = blocks.findIndex((block, i) => i > at && block.thread === thread);
  return blocks.map((block, i) => {
    if (i === at) return { thread, steps: steps - later };
    return i === next ? { thread, steps: block.steps + later } : block;
  });
}
