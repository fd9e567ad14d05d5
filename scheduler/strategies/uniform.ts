// Every complete interleaving is equally likely, whoever waits for whom: each choice is weighed by the interleavings
// below it, which are counted beforehand (interleavings.ts). The walk weighed by counts is folklore for sampling the paths
// of a graph; for interleavings it is what URW of Zhao, Wolff, Mathur and Roychoudhury (ASPLOS 2025) would be if it
// knew the program instead of each thread's number of events. Exact as far as counts fit into 53 bits; beyond that, and in
// the draw itself, to within 2^-53 of a probability. Data choices are part of an interleaving. Small models only.
import { ModelError, UsageError } from '../../src/machine/index.js';
import { Random, streamName } from '../../src/random.js';
import type { Program, RunOptions } from '../program.js';
import type { Strategy } from '../strategy.js';
import { countInterleavings, type State } from './interleavings.js';

/** What was counted before: each block of a campaign has a strategy of its own. */
const counted = new WeakMap<Program, Map<string, State>>();

function studied(program: Program, options: RunOptions): State | undefined {
  let states = counted.get(program);
  if (states === undefined) counted.set(program, (states = new Map<string, State>()));
  const key = `${String(options.stepsMax)} ${String(options.all === true)}`;
  const known = states.get(key) ?? countInterleavings(program, options);
  if (known !== undefined) states.set(key, known);
  return known;
}

export class Uniform implements Strategy {
  readonly name = 'uniform';
  readonly keepsTime = true;
  readonly #seed: string;
  readonly #random: Random;
  #initial: State | undefined = undefined;
  #state: State | undefined = undefined;

  constructor(seed: string) {
    this.#seed = seed;
    this.#random = new Random(streamName(seed, 'uniform/schedule', 0));
  }

  study(program: Program, options: RunOptions): boolean {
    this.#initial = studied(program, options);
    return this.#initial !== undefined;
  }

  /** Complete interleavings of the program. */
  get interleavings(): number {
    return this.#initial?.count ?? 0;
  }

  beginBlock(block: number): void {
    this.#random.restart(streamName(this.#seed, 'uniform/schedule', block));
  }

  begin(): void {
    if (this.#initial === undefined) {
      throw new UsageError('"uniform" has to study a program before it can sample it');
    }
    this.#state = this.#initial;
  }

  choose(): number {
    return this.#pick();
  }

  draw(): number {
    return this.#pick();
  }

  #pick(): number {
    const state = this.#state;
    if (state === undefined)
      throw new ModelError('"uniform" was led to a state that it has not seen');
    const { picks, next } = state;
    let at = 0;
    if (picks.length > 1) {
      let left = this.#random.fraction() * state.count;
      // Rounding must not lead beyond the last one.
      for (; at < picks.length - 1; at++) {
        left -= (next[at] as State).count;
        if (left < 0) break;
      }
    }
    this.#state = next[at];
    return picks[at] as number;
  }

  learn(): void {
    // It knows everything from the start.
  }
}
