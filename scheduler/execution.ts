// The execution loop: it runs one program again and again, each time under the choices of a strategy. This is the
// hot loop of the whole tool: it allocates nothing per step, and a thread that goes on is not even suspended.
import { limits } from '../src/limits.js';
import {
  type DataPurpose,
  delayOf,
  fairVerdict,
  foreignYield,
  type Host,
  type Machine,
  type Operation,
  type Path,
  type Thread,
  type Verdict,
} from '../src/machine/index.js';
import { FairPhase } from './fair-phase.js';
import type { RunOptions } from './program.js';
import { ScheduleRecorder } from './schedule.js';
import type { Strategy, View } from './strategy.js';

const STOP = -1;
/** No thread has run: whoever is first preempts nobody. */
const NOBODY_YET = -1;

export class Execution implements Host, View {
  readonly machine: Machine;
  /** Steps of the present execution, which is also how often a thread was asked for. */
  steps = 0;
  /** Places where more than one thread could have gone on. */
  decisions = 0;
  draws = 0;
  /** Changes of the running thread. */
  switches = 0;
  /** Changes of the running thread although it could have gone on. */
  preemptions = 0;
  readonly recorder = new ScheduleRecorder();
  /** Fair scheduling has begun: no schedule but one was tried from there on. */
  isFair = false;
  /** The strategy broke the execution off: its verdict says nothing. */
  isAbandoned = false;
  readonly #stepsMax: number;
  /** The step at which fair scheduling begins, if it does. */
  readonly #fairFrom: number;
  /** The next step that is not chosen as all others are: the first fair one, each one after it, the last one. */
  #mark = 0;
  readonly #fair = new FairPhase();
  readonly #pulse: Int32Array;
  #strategy: Strategy;
  /** The strategy is asked even where there is nothing to choose. */
  #asksAlways: boolean;
  /** The last thread of the model that ran; a store buffer that drains meanwhile interrupts nobody. */
  #current = NOBODY_YET;
  #next = STOP;
  /** The strategy is being asked: what is thrown now is its fault, not the model's. */
  #choosing = false;

  constructor(machine: Machine, strategy: Strategy, options: RunOptions = {}) {
    this.machine = machine;
    this.#strategy = strategy;
    this.#asksAlways = strategy.keepsTime ?? false;
    this.#stepsMax = options.stepsMax ?? limits.stepsMax;
    this.#fairFrom = this.#stepsMax - Math.floor(this.#stepsMax / limits.fairShare);
    this.#pulse = options.pulse ?? new Int32Array(2);
    this.machine.host = this;
    this.machine.keepGoing = options.all ?? false;
  }

  get runnable(): View['runnable'] {
    return this.machine.runnable;
  }

  get threadCount(): number {
    return this.machine.threadCount;
  }

  preempts(next: number): boolean {
    if (next === this.#current || !this.machine.runnable.has(this.#current)) return false;
    return !this.#isIdle(next);
  }

  #isIdle(thread: number): boolean {
    return this.machine.hasIdleThreads && this.machine.thread(thread).role === 'idle';
  }

  delayOf(thread: number): number {
    return delayOf(this.machine.thread(thread));
  }

  cpuOf(thread: number): number {
    return this.machine.thread(thread).processor.id;
  }

  nameOf(thread: number): string {
    return this.machine.thread(thread).name;
  }

  operationOf(thread: number): Operation {
    return this.machine.thread(thread).op;
  }

  /** Questions so far in this execution: steps and data choices. Schedules count these. */
  get asked(): number {
    return this.steps + this.draws;
  }

  /** From the next execution on. */
  use(strategy: Strategy): void {
    this.#strategy = strategy;
    this.#asksAlways = strategy.keepsTime ?? false;
  }

  /** Runs the program once, from its initial state to a verdict. */
  run(): Verdict {
    const machine = this.machine;
    this.steps = this.decisions = this.draws = this.switches = this.preemptions = 0;
    this.recorder.restart();
    this.#choosing = this.isFair = this.isAbandoned = false;
    this.#mark = this.#fairFrom;
    this.#current = NOBODY_YET;
    machine.runnable.arrivals = undefined;
    machine.begin();
    this.#strategy.begin(this);
    let thread = this.#decide();
    while (thread !== STOP) {
      this.#pulse[0] = thread;
      this.#pulse[1] = this.steps;
      const slot = machine.thread(thread);
      thread = this.#resume(slot);
    }
    if (!machine.halted) machine.finish();
    return machine.verdict;
  }

  /** Runs a thread until it switches, ends or throws; returns who is next. */
  #resume(thread: Thread): number {
    const machine = this.machine;
    try {
      const step = (thread.generator as Path<unknown>).next();
      if (step.done !== true) {
        if (step.value !== thread.op) throw foreignYield(thread.name);
        return this.#next;
      }
      machine.ended(thread, step.value);
    } catch (error) {
      // Strategies are asked on top of the model's stack, and need little of it: if it is full, the model has filled it.
      if (this.#choosing && !(error instanceof RangeError)) throw error;
      this.#choosing = false;
      machine.threw(thread, error);
    }
    return this.#decide();
  }

  goOn(thread: number): boolean {
    const next = this.#decide();
    if (next === thread) return true;
    this.#next = next;
    return false;
  }

  draw(ways: number, purpose: DataPurpose): number {
    this.machine.loops.drew();
    this.#choosing = true;
    const pick = this.#strategy.draw(ways, purpose);
    this.#choosing = false;
    if (pick !== 0) this.recorder.add(this.asked, pick);
    this.draws++;
    return pick;
  }

  /** Who takes the next step; STOP if nobody can or the verdict is final. */
  #decide(): number {
    const machine = this.machine;
    const runnable = machine.runnable;
    if (machine.loops.spinning !== 0) machine.loops.settle();
    if (machine.halted) return STOP;
    if (runnable.count === 0 && !machine.loops.revive()) return STOP;
    const count = runnable.count;
    if (this.steps === this.#mark) {
      if (this.#isDueFairly()) return this.#decideFairly();
      if (this.steps === this.#stepsMax) return this.#tooLong();
    }
    const current = this.#current;
    let next: number;
    if (count === 1 && !this.#asksAlways) {
      next = runnable.has(current) ? current : runnable.at(0);
    } else {
      this.#choosing = true;
      next = this.#strategy.choose(current);
      this.#choosing = false;
      if (next === STOP) return this.#abandon();
      if (count > 1) this.decisions++;
      if (next !== current) {
        if (runnable.has(current)) {
          this.recorder.add(this.asked, next);
          if (!this.#isIdle(next)) this.preemptions++;
        } else if (next !== runnable.preferred(current)) {
          this.recorder.add(this.asked, next);
        }
      }
    }
    if (next !== current && !this.#isIdle(next)) {
      if (current !== NOBODY_YET) this.switches++;
      this.#current = next;
    }
    this.steps++;
    return next;
  }

  /** Whether this step, at the mark, is one of fair scheduling. Without a loop's head there is nothing to find out. */
  #isDueFairly(): boolean {
    const { loops, runnable } = this.machine;
    if (this.steps === this.#stepsMax) return false;
    if (this.isFair) return true;
    if (!loops.isActive) {
      this.#mark = this.#stepsMax;
      return false;
    }
    this.isFair = true;
    this.#fair.restart();
    runnable.arrivals = undefined;
    loops.beginFair();
    return true;
  }

  /**
   * No choice: it follows from the state and the step budget, so a schedule leaves it out, and whoever runs the schedule
   * again with that budget comes to the same. It preempts nobody, as whoever counts preemptions counts choices.
   */
  #decideFairly(): number {
    const next = this.#fair.next(this.machine.runnable);
    if (next !== this.#current && !this.#isIdle(next)) {
      this.switches++;
      this.#current = next;
    }
    this.#mark = ++this.steps;
    return next;
  }

  /** The strategy wants to see no more of this execution. */
  #abandon(): number {
    this.isAbandoned = true;
    this.machine.halted = true;
    return STOP;
  }

  #tooLong(): number {
    const verdict = this.isFair ? fairVerdict(this.machine) : undefined;
    if (verdict !== undefined) {
      this.machine.conclude(verdict);
      this.machine.halted = true;
      return STOP;
    }
    const steps = String(this.#stepsMax);
    this.machine.limit(
      'steps',
      `the execution was cut off after ${steps} steps; --steps-max allows more`,
    );
    return STOP;
  }
}
