// PCTCP (Ozkan, Majumdar, Niksic, Befrouei and Weissenbacher, OOPSLA 2018): PCT over chains of operations in causal
// order instead of threads. A program that makes many threads one after the other is as narrow as if it had few, and a bug
// of depth d is found with a probability of at least 1 / (w^2 k^(d-1)), w being how many operations may be unordered at
// once, where PCT has the number of threads.
// Differences: the paper's events are messages of a distributed system, each ordered after the one whose handling has
// sent it. Here they are steps; in causal order are the steps of one thread, a step after the spawn that made its thread, a
// join after the end of the other thread, and whoever waits for an event after the step that lets it go on. Locks order
// nothing, as their order is what is looked for. As in pct.ts, k counts decisions and is learned, so the bound is theirs.
import type { DataPurpose } from '../../src/machine/index.js';
import { Random, streamName } from '../../src/random.js';
import type { Lesson, Strategy, View } from '../strategy.js';
import { Chains } from './chains.js';
import { ChangePoints } from './change-points.js';
import { FaultPlan } from './fault-plan.js';
import { Numbers } from './numbers.js';
import { RunnableList } from './runnable-list.js';

const NOBODY = -1;
const NONE = -1;
/** So many first priorities that two are hardly ever equal. */
const priorities = 2 ** 30;

export class Pctcp implements Strategy {
  readonly name: string;
  readonly keepsTime = true;
  readonly #seed: string;
  readonly #random: Random;
  readonly #faults: FaultPlan;
  readonly #changes: ChangePoints;
  readonly #list = new RunnableList();
  readonly #chains = new Chains();
  /** By thread: the chain of its pending operation, or NONE while it has not been able to take place. */
  readonly #chain = new Numbers(NONE);
  /** By chain: its priority; below 0 once it was demoted, the lower the later. */
  readonly #priority: number[] = [];
  #known = 0;
  #demoted = 0;
  #last = NOBODY;
  #decisionsExpected = 1;
  #view: View | undefined = undefined;

  /** @param depth d, the number of ordering constraints of the bugs looked for; at least 1 */
  constructor(seed: string, depth: number) {
    this.name = `pctcp:${String(depth)}`;
    this.#seed = seed;
    this.#random = new Random(streamName(seed, `${this.name}/schedule`, 0));
    this.#faults = new FaultPlan(seed, this.name);
    this.#changes = new ChangePoints(depth - 1);
  }

  beginBlock(block: number): void {
    this.#random.restart(streamName(this.#seed, `${this.name}/schedule`, block));
    this.#faults.beginBlock(block);
  }

  begin(view: View): void {
    this.#view = view;
    this.#chains.restart();
    this.#chain.clear();
    this.#known = this.#demoted = 0;
    this.#last = NOBODY;
    this.#changes.drawDistinct(this.#random, this.#decisionsExpected);
    this.#faults.begin();
  }

  choose(): number {
    const view = this.#view as View;
    const { runnable } = view;
    this.#chain.cover(view.threadCount);
    for (; this.#known < view.threadCount; this.#known++) this.#chains.admit(this.#last);
    const threads = this.#list.of(runnable);
    this.#arrange(view, threads);
    let next = this.#highest(threads, runnable.count);
    if (runnable.count > 1 && this.#changes.due() > 0) {
      this.#priority[this.#chain.of(next)] = -++this.#demoted;
      next = this.#highest(threads, runnable.count);
    }
    this.#chain.set(next, NONE);
    this.#last = next;
    return next;
  }

  /** Gives chains to the operations that can take place since the last step. */
  #arrange(view: View, threads: Int32Array): void {
    const last = this.#last;
    const { count } = view.runnable;
    for (let n = 0; n < count; n++) {
      const thread = threads[n] as number;
      if (thread === last || this.#chain.of(thread) !== NONE) continue;
      const { primitive } = view.operationOf(thread);
      if (primitive.signal === 'waits' && last !== NOBODY) {
        this.#chains.follow(thread, primitive.follows?.(view.operationOf(thread)) ?? last);
      }
      this.#append(thread);
    }
    // The others are ordered after the step that it has taken, and not after the next one.
    if (last !== NOBODY && view.runnable.has(last)) this.#appendOwn(view, last);
  }

  #appendOwn(view: View, thread: number): void {
    const op = view.operationOf(thread);
    const awaited = op.primitive.follows?.(op);
    if (awaited !== undefined) this.#chains.follow(thread, awaited);
    this.#append(thread);
  }

  #append(thread: number): void {
    const known = this.#chains.count;
    this.#chain.set(thread, this.#chains.append(thread));
    if (this.#chains.count > known) this.#priority[known] = this.#random.below(priorities);
  }

  #highest(threads: Int32Array, count: number): number {
    let next = threads[0] as number;
    for (let n = 1; n < count; n++) {
      const thread = threads[n] as number;
      if (this.#priorityOf(thread) > this.#priorityOf(next)) next = thread;
    }
    return next;
  }

  #priorityOf(thread: number): number {
    return this.#priority[this.#chain.of(thread)] as number;
  }

  draw(ways: number, purpose: DataPurpose): number {
    return this.#faults.draw(ways, purpose);
  }

  learn(lesson: Lesson): void {
    this.#decisionsExpected = Math.max(this.#decisionsExpected, lesson.decisionsMax);
    this.#faults.learn(lesson);
  }
}
