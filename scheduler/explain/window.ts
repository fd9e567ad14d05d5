// How wide the window of a race is: one thread's course is held fixed, the steps that the other one took in a row are
// put at every place of it, and each of these executions is run. Nothing is estimated.
import { isFailure, signature as signatureOf } from '../../src/machine/index.js';
import type { Program, RunOptions } from '../program.js';
import type { Schedule } from '../schedule.js';
import type { Course, Move } from './course.js';
import { CUT, Driver, type Tail } from './drive.js';
import type { Place } from '../../src/trace/explanation.js';
import { Alone, InOrder, withoutFirst } from './orders.js';
import type { View } from '../strategy.js';

export interface Window {
  /** The thread whose course is held fixed. */
  readonly fixed: string;
  /** The thread whose steps are moved. */
  readonly moved: string;
  /** How many steps these were in the failing execution. */
  readonly movedSteps: number;
  /** They were the rest of their thread's course, whatever its length is elsewhere. */
  readonly isRest: boolean;
  /** Place n is after the fixed thread's n-th step, the first one is before all. */
  readonly places: readonly Place[];
  /** The course with the moved steps left out, as a schedule, and which of its steps are the fixed thread's. */
  readonly undisturbed: Schedule;
  readonly fixedSteps: readonly number[];
}

/** Places that are tried, the nearest ones to the failing one first. */
const placesMax = 2_000;

/**
 * @param course a whole execution that fails
 * @param step a step of the thread that is moved
 * @param fixed the name of the other thread
 */
export function findWindow(
  program: Program,
  course: Course,
  step: number,
  fixed: string,
  signature: string,
  options: RunOptions,
): Window | undefined {
  const driver = new Driver(program, options);
  const { name } = course[step] as Move;
  let [start, end] = [step, step + 1];
  while (start > 0 && course[start - 1]?.name === name) start--;
  while (course[end]?.name === name) end++;
  const isRest = isRestOf(driver, course, end, name);
  const before = course.slice(0, start);

  const axis = undisturbedCourse(driver, before, fixed);
  if (axis === undefined) return undefined;
  const fixedSteps = axis.flatMap((move, n) => (move.name === fixed ? [n] : []));
  if (fixedSteps.length > placesMax) return undefined;
  const undisturbed = driver.schedule();
  const earliest = before.findLastIndex((move) => move.name === name) + 1;
  const block = new Block(course.slice(start, end), isRest);
  const after = course.slice(end);
  // A place reaches up to the fixed thread's next step: what third threads did before the steps stays before them.
  const places = [...fixedSteps, axis.length].map((at): Place => {
    if (at < earliest) return 'impossible';
    if (options.interrupted?.() === true) return 'unknown';
    const early = axis.slice(start, at).length;
    const rest =
      at < start ? [...axis.slice(at, start), ...after] : withoutFirst(after, fixed, early);
    return tryPlace(driver, axis.slice(0, at), block, rest, signature);
  });
  return { fixed, moved: name, movedSteps: end - start, isRest, places, undisturbed, fixedSteps };
}

/** Whether the steps up to there are all that the thread has to do, or the failure came in the middle of them. */
function isRestOf(driver: Driver, course: Course, end: number, name: string): boolean {
  if (end === course.length) return true;
  driver.drive(course);
  const { machine } = driver;
  return Array.from({ length: machine.threadCount }, (_, t) => machine.thread(t)).some(
    (thread) => thread.name === name && thread.ended && !course.slice(end).some(isOf(name)),
  );
}

function isOf(name: string): (move: Move) => boolean {
  return (move) => move.name === name;
}

/** What comes before the moved steps, and then the fixed thread alone, as far as it gets. */
function undisturbedCourse(driver: Driver, before: Course, fixed: string): Course | undefined {
  const { machine } = driver;
  driver.drive(before, new Alone(-1));
  for (let thread = 0; thread < machine.threadCount; thread++) {
    if (machine.threadName(thread) !== fixed) continue;
    driver.drive(before, new Alone(thread, placesMax));
    return driver.taken();
  }
  return undefined;
}

/** The steps that are moved. */
class Block {
  readonly moves: Course;
  readonly isRest: boolean;

  constructor(moves: Course, isRest: boolean) {
    this.moves = moves;
    this.isRest = isRest;
  }
}

function tryPlace(
  driver: Driver,
  before: Course,
  block: Block,
  rest: Course,
  signature: string,
): Place {
  const { end, verdict } = driver.drive(before, new InARow(driver, block, rest));
  if (end !== 'over') return 'impossible';
  if (verdict.kind === 'limit') return 'unknown';
  if (!isFailure(verdict)) return 'ends well';
  return signatureOf(verdict) === signature ? 'fails' : 'fails otherwise';
}

/** First the moved steps, without a break, then everything else in order. */
class InARow implements Tail {
  readonly #driver: Driver;
  readonly #block: Block;
  readonly #rest: InOrder;
  #taken = 0;
  #isOver = false;
  #draws: readonly number[] = [];

  constructor(driver: Driver, block: Block, rest: Course) {
    this.#driver = driver;
    this.#block = block;
    this.#rest = new InOrder(driver.machine, rest);
  }

  choose(current: number, view: View): number {
    if (!this.#isOver) {
      const thread = this.#thread();
      const { moves, isRest } = this.#block;
      const isDone =
        thread >= 0 && this.#driver.machine.thread(thread).ended
          ? true
          : !isRest && this.#taken === moves.length;
      if (!isDone) {
        if (thread < 0 || !view.runnable.has(thread)) throw CUT;
        this.#draws = moves[this.#taken]?.draws ?? [];
        this.#taken++;
        return thread;
      }
      this.#isOver = true;
    }
    return this.#rest.choose(current, view);
  }

  #thread(): number {
    const { machine } = this.#driver;
    const name = this.#block.moves[0]?.name;
    for (let t = 0; t < machine.threadCount; t++) if (machine.threadName(t) === name) return t;
    return -1;
  }

  draw(ways: number): number {
    if (this.#isOver) return this.#rest.draw(ways);
    const [pick = 0, ...others] = this.#draws;
    this.#draws = others;
    return pick < ways ? pick : 0;
  }
}
