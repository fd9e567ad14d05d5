// Whether an execution that has come so far can still end well. First a few likely ways to go on are tried, then all
// of them, depth first, each trace once: see happens-before.ts. The answer is one of three, and never a guess.
import { limits } from '../../src/limits.js';
import { Random } from '../../src/random.js';
import type { Program, RunOptions } from '../program.js';
import type { View } from '../strategy.js';
import type { Course, Move } from './course.js';
import { CUT, Driver, goOn, type Tail } from './drive.js';
import { HappensBefore } from './happens-before.js';

export type Continuation =
  /** It can: here is a whole execution. */
  | { readonly kind: 'good'; readonly course: readonly Move[] }
  /** Every way to go on was looked at, and none ends well. */
  | { readonly kind: 'none' }
  /** The steps of the course could not be taken. */
  | { readonly kind: 'impossible' }
  /** None of those that were looked at ends well, and there are more. */
  | { readonly kind: 'undecided' };

/** Decides how an execution can go on. */
export interface Continuations {
  /** Whether some execution that begins with the course ends well: with no failure, and not cut off. */
  after(course: Course): Continuation;
  /** Executions that this has taken so far. */
  readonly runs: number;
}

export interface Effort extends RunOptions {
  /** Steps that one answer may cost. */
  readonly stepsPerAnswer?: number | undefined;
  /** Steps that all answers together may cost. */
  readonly stepsInAll?: number | undefined;
  /** How many likely ways to go on are tried before all of them are. */
  readonly likelyWays?: number | undefined;
}

/** Likely ways to go on: the default, each thread first, and the rest by chance. */
const likelyWays = 32;
/** Threads of which each is let go on first. */
const threadsFirst = 8;

export class SearchedContinuations implements Continuations {
  readonly #driver: Driver;
  readonly #trace: HappensBefore;
  readonly #effort: Effort;
  /** Traces after which nothing ends well: everything that follows them was looked at. */
  readonly #hopeless = new Set<number>();

  constructor(program: Program, effort: Effort = {}) {
    this.#driver = new Driver(program, effort);
    this.#trace = new HappensBefore(this.#driver.machine);
    this.#driver.listen(this.#trace);
    this.#effort = effort;
  }

  get runs(): number {
    return this.#driver.runs;
  }

  /** Steps that all answers so far have cost. */
  get steps(): number {
    return this.#driver.steps;
  }

  after(course: Course): Continuation {
    const end = this.#stepsEnd();
    const ways = this.#effort.likelyWays ?? likelyWays;
    return (ways > 0 ? this.#tryLikely(course, ways, end) : undefined) ?? this.#tryAll(course, end);
  }

  /** The count of steps at which the present answer must be given up. */
  #stepsEnd(): number {
    const { stepsPerAnswer = limits.explainStepsPerAnswer, stepsInAll = limits.explainSteps } =
      this.#effort;
    return Math.min(this.steps + stepsPerAnswer, stepsInAll);
  }

  #isOver(end: number): boolean {
    return this.steps >= end || this.#effort.interrupted?.() === true;
  }

  /** An answer, where a few ways to go on give one. */
  #tryLikely(course: Course, ways: number, end: number): Continuation | undefined {
    let threads: readonly number[] = [];
    const looking: Tail = {
      choose: (current, view) => {
        if (threads.length === 0) threads = view.runnable.sorted();
        return view.runnable.preferred(current);
      },
      draw: () => 0,
    };
    const first = this.#drive(course, looking);
    if (first !== undefined || threads.length < 2) return first;
    random.restart('explain');
    for (let way = 1; way < ways; way++) {
      const thread = way > threadsFirst ? undefined : threads[way - 1];
      const tail = thread === undefined ? walking : preferring(thread);
      if (this.#isOver(end)) return { kind: 'undecided' };
      const found = this.#drive(course, tail);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Undefined where this execution decides nothing. */
  #drive(course: Course, tail: Tail): Continuation | undefined {
    const { end, verdict, followed } = this.#driver.drive(course, tail);
    if (end === 'impossible') return { kind: 'impossible' };
    if (end === 'cut') return undefined;
    if (verdict.kind === 'ok') {
      return followed < course.length
        ? { kind: 'impossible' }
        : { kind: 'good', course: this.#driver.taken() };
    }
    // It is over within the course: there is nothing to go on with.
    if (followed <= course.length && verdict.kind !== 'limit') return { kind: 'none' };
    return undefined;
  }

  #tryAll(course: Course, end: number): Continuation {
    const walk = new Walk(this.#trace, this.#hopeless);
    let isWhole = true;
    do {
      if (this.#isOver(end)) return walk.leave({ kind: 'undecided' });
      walk.restart();
      const found = this.#drive(course, walk);
      if (found !== undefined) return walk.leave(found);
      // What was cut off, or went on fairly, might have ended well.
      const { machine, execution } = this.#driver;
      if (machine.verdict.kind === 'limit' || execution.isFair) {
        isWhole = false;
        walk.forgetWay();
      }
    } while (walk.advance());
    return { kind: isWhole ? 'none' : 'undecided' };
  }
}

const random = new Random('explain');

const walking: Tail = {
  choose: (_, { runnable }) => runnable.at(random.below(runnable.count)),
  draw: () => 0,
};

/** That thread goes on as long as it can, then the default. */
function preferring(thread: number): Tail {
  return {
    choose: (current, view) => (view.runnable.has(thread) ? thread : goOn.choose(current, view)),
    draw: () => 0,
  };
}

/** One place where the rest of an execution was open. */
interface Fork {
  readonly options: readonly number[];
  /** The trace up to here, where that says enough. */
  readonly key: number | undefined;
  taken: number;
}

/** All ways to go on, depth first, but for traces that are known to be hopeless. */
class Walk implements Tail {
  readonly #trace: HappensBefore;
  readonly #hopeless: Set<number>;
  readonly #forks: Fork[] = [];
  #depth = 0;

  constructor(trace: HappensBefore, hopeless: Set<number>) {
    this.#trace = trace;
    this.#hopeless = hopeless;
  }

  restart(): void {
    this.#depth = 0;
  }

  choose(current: number, { runnable }: View): number {
    if (runnable.count === 1) return runnable.preferred(current);
    const known = this.#forks[this.#depth];
    if (known !== undefined) return this.#take(known);
    const { key } = this.#trace;
    if (key !== undefined) {
      if (this.#hopeless.has(key)) throw CUT;
      // It is, once everything after it was looked at; until then nothing else has this trace.
      this.#hopeless.add(key);
    }
    const first = runnable.preferred(current);
    const others = runnable.sorted().filter((thread) => thread !== first);
    return this.#take(this.#open([first, ...others], key));
  }

  draw(ways: number): number {
    const options = Array.from({ length: ways }, (_, value) => value);
    return this.#take(this.#forks[this.#depth] ?? this.#open(options, undefined));
  }

  #open(options: readonly number[], key: number | undefined): Fork {
    const fork = { options, key, taken: 0 };
    this.#forks.push(fork);
    return fork;
  }

  #take(fork: Fork): number {
    this.#depth++;
    return fork.options[fork.taken] as number;
  }

  /** Goes over to the next way; false where there is none. */
  advance(): boolean {
    for (;;) {
      const last = this.#forks.at(-1);
      if (last === undefined) return false;
      last.taken++;
      if (last.taken < last.options.length) return true;
      this.#forks.pop();
    }
  }

  /** The walk ends early. */
  leave<Found>(found: Found): Found {
    this.forgetWay();
    return found;
  }

  /** Of the traces on the present way not everything will have been looked at. */
  forgetWay(): void {
    for (const { key } of this.#forks) if (key !== undefined) this.#hopeless.delete(key);
  }
}
