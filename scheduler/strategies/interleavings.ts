// The graph of a small program's states, with the number of complete interleavings below each of them, by dynamic
// programming. Two places of two interleavings are one state if shared memory and every thread's results so far are
// the same there: a path can depend on nothing else. What has no name is equal to nothing, so it only costs. It runs the program again for each state, so it is for small models.
import { identify, type Machine, type Operation, UsageError } from '../../src/machine/index.js';
import { limits } from '../../src/limits.js';
import { Execution } from '../execution.js';
import type { Program, RunOptions } from '../program.js';
import type { Strategy, View } from '../strategy.js';

/** A place where the course of an execution is open, or where it goes on in one way only. */
export interface State {
  /** The threads that could go on, or the values that could be drawn. */
  readonly picks: readonly number[];
  /** By pick: where it leads. */
  readonly next: (State | undefined)[];
  /** Complete interleavings from here. */
  count: number;
}

/** The end of an execution: there is one way to do nothing. */
const end: State = { picks: [], next: [], count: 1 };

/**
 * Finds all states that a program can be in.
 * @returns the initial one, or undefined if it was interrupted
 * @throws UsageError if there are too many, or if an execution comes to the step limit
 */
export function countInterleavings(
  program: Program,
  options: RunOptions,
  statesMax: number = limits.uniformStates,
): State | undefined {
  const machine = program.build('search');
  const survey = new Survey(machine, statesMax);
  const execution = new Execution(machine, survey, options);
  do {
    if (options.interrupted?.() === true) return undefined;
    const verdict = execution.run();
    if (verdict.kind === 'limit' || execution.isFair) {
      throw new UsageError(
        '"uniform" counts interleavings to their ends, and this program has endless ones',
      );
    }
  } while (survey.advance());
  return survey.initial;
}

/** Walks the states depth first, one execution for each way into a new one. */
class Survey implements Strategy {
  readonly name = 'survey';
  readonly keepsTime = true;
  readonly #machine: Machine;
  readonly #statesMax: number;
  readonly #histories: Histories;
  readonly #states = new Map<string, State>();
  /** The present way: the states on it, and which pick of each is taken. */
  readonly #way: { readonly state: State; taken: number }[] = [];
  #depth = 0;
  /** The rest of this execution is known. */
  #cut = false;
  #count = 0;
  #initial: State = end;
  #view: View | undefined = undefined;

  constructor(machine: Machine, statesMax: number) {
    this.#machine = machine;
    this.#statesMax = statesMax;
    this.#histories = new Histories(machine);
  }

  get initial(): State {
    return this.#initial;
  }

  beginBlock(): void {
    // Nothing here is left to chance.
  }

  begin(view: View): void {
    this.#view = view;
    this.#depth = 0;
    this.#cut = false;
  }

  choose(): number {
    const { runnable } = this.#view as View;
    if (this.#cut) return runnable.at(0);
    if (this.#depth < this.#way.length) return this.#follow();
    const key = this.#histories.key();
    const known = this.#states.get(key);
    if (known !== undefined) {
      this.#lead(known);
      this.#cut = true;
      this.#machine.halted = true;
      return runnable.at(0);
    }
    this.#states.set(key, this.#open(runnable.sorted()));
    return this.#follow();
  }

  draw(ways: number): number {
    if (this.#cut) return 0;
    if (this.#depth === this.#way.length) this.#open(Array.from({ length: ways }, (_, n) => n));
    return this.#follow();
  }

  #follow(): number {
    const step = this.#way[this.#depth++];
    return step?.state.picks[step.taken] as number;
  }

  #open(picks: readonly number[]): State {
    if (++this.#count > this.#statesMax) {
      throw new UsageError(
        `"uniform" counts the interleavings of small programs, and this one has more than ` +
          `${String(this.#statesMax)} states; "urw" and "pos" come close to it on larger ones`,
      );
    }
    const state: State = { picks, next: picks.map(() => undefined), count: 0 };
    this.#lead(state);
    this.#way.push({ state, taken: 0 });
    return state;
  }

  /** The last pick of the way leads to a state. */
  #lead(state: State): void {
    const last = this.#way.at(-1);
    if (last === undefined) this.#initial = state;
    else last.state.next[last.taken] = state;
  }

  /** Moves on to the next way; false when all are known. */
  advance(): boolean {
    if (!this.#cut) this.#lead(end);
    for (;;) {
      const last = this.#way.at(-1);
      if (last === undefined) return false;
      last.taken++;
      const { picks, next } = last.state;
      if (last.taken < picks.length) return true;
      last.state.count = next.reduce((sum, state) => sum + (state?.count ?? 0), 0);
      this.#way.pop();
    }
  }

  learn(): void {
    // There is nothing to learn.
  }
}

/** What each thread of the present execution has seen, as a number for each history that there ever was. */
class Histories {
  readonly #machine: Machine;
  readonly #numbers = new Map<string, number>();
  #seen: number[] = [];
  #nameless = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
    machine.observe({
      begin: () => {
        this.#seen = [];
      },
      step: (op, result) => {
        this.#step(op, result);
      },
    });
  }

  #step(op: Operation, result: unknown): void {
    const before = this.#seen[op.thread] ?? 0;
    // An operation that joined a queue is not done: its grant is the second event of one and the same step.
    const seen = op.isPending ? 'queues' : identify(result);
    const key = this.#unlessNameless(`${String(before)} ${seen}`);
    let number = this.#numbers.get(key);
    if (number === undefined) this.#numbers.set(key, (number = this.#numbers.size + 1));
    this.#seen[op.thread] = number;
  }

  /** The same for two places exactly if they are one state. */
  key(): string {
    const machine = this.#machine;
    const threads: string[] = [];
    for (let t = 0; t < machine.threadCount; t++) {
      threads.push(`${machine.threadName(t)} ${String(this.#seen[t] ?? 0)}`);
    }
    return this.#unlessNameless([...threads, ...machine.stateLines()].join('\n'));
  }

  /** Two things without a name read alike and may differ. */
  #unlessNameless(text: string): string {
    return text.includes('#?') ? `${text} ${String(this.#nameless++)}` : text;
  }
}
