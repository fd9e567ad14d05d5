// Executions by their course: written down from a schedule, changed, and tried again.
import { isFailure } from '../../src/machine/index.js';
import { Execution } from '../execution.js';
import { type Finding, findingOf } from '../finding.js';
import type { Program, RunOptions } from '../program.js';
import type { Schedule } from '../schedule.js';
import { Follow } from '../strategies/follow.js';
import { type Course, InTurn } from '../strategies/in-turn.js';

/** Follows a schedule and writes down what it comes to. */
class WritingDown extends Follow {
  readonly keepsTime = true;
  readonly turns: string[] = [];
  readonly draws = new Map<string, number[]>();
  readonly #nameOf: (thread: number) => string;

  constructor(schedule: Schedule, asked: () => number, nameOf: (thread: number) => string) {
    super(schedule, asked, false);
    this.#nameOf = nameOf;
  }

  override choose(current: number): number {
    const chosen = super.choose(current);
    this.turns.push(this.#nameOf(chosen));
    return chosen;
  }

  override draw(ways: number): number {
    const value = super.draw(ways);
    const thread = this.turns.at(-1) ?? '';
    const drawn = this.draws.get(thread);
    if (drawn === undefined) this.draws.set(thread, [value]);
    else drawn.push(value);
    return value;
  }
}

/** The course of the execution that a schedule makes. */
export function courseOf(program: Program, schedule: Schedule, options: RunOptions): Course {
  const machine = program.build('search');
  const writing: WritingDown = new WritingDown(
    schedule,
    () => execution.asked,
    (thread) => machine.threadName(thread),
  );
  const execution: Execution = new Execution(machine, writing, { ...options, all: false });
  execution.run();
  return writing;
}

/** Tries courses on one program, and tells which of them show the bug. */
export class CourseTrial {
  /** Executions so far. */
  runs = 0;
  readonly #execution: Execution;
  readonly #inTurn: InTurn;
  readonly #signature: string;

  /** @throws UsageError or ModelError where the program cannot be built */
  constructor(program: Program, signature: string, options: RunOptions) {
    const machine = program.build('search');
    this.#signature = signature;
    this.#inTurn = new InTurn((thread) => machine.threadName(thread));
    this.#execution = new Execution(machine, this.#inTurn, { ...options, all: false });
  }

  /** The failure that the course ends in, if it is the one looked for. */
  try(course: Course): Finding | undefined {
    this.runs++;
    this.#inTurn.follow(course);
    if (!isFailure(this.#execution.run())) return undefined;
    const found = findingOf(this.#execution);
    return found.signature === this.#signature ? found : undefined;
  }
}
