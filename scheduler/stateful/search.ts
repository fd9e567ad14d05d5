// Stateful search: every schedule is followed until it comes to a state that is known, from which everything that can
// follow has been or will be looked at. A state is its 64-bit fingerprint, so two states may be taken for one with a
// probability that every answer names. Under a preemption bound the thread that ran last is part of the state, and a
// state is looked at again when it is reached with fewer preemptions. Bit-state and hash compaction searches go back to
// Wolper and Leroy (CAV 1993); the machine's state is hashed as in src/machine/state/.
/* eslint-disable max-lines -- going on, going back, help and audit share the state of one execution */
import { limits } from '../../src/limits.js';
import {
  type DataPurpose,
  fairVerdict,
  foreignYield,
  type Host,
  isFailure,
  signature,
  type Machine,
  type Path,
  StateTracker,
  type Thread,
  type TrackerOptions,
  WayBack,
} from '../../src/machine/index.js';
import { FairPhase } from '../fair-phase.js';
import { type Finding, findingOf, isSimpler } from '../finding.js';
import type { Program, RunOptions } from '../program.js';
import type { Schedule } from '../schedule.js';
import { isWanted, type Wanted } from '../wanted.js';
import { Cuts, type Sample } from './cuts.js';
import type { Helpers, PartDone } from './helpers.js';
import type { Search } from './result.js';
import { Trail, type TrailPart } from './trail.js';
import { type KnownStates, Visited } from './visited.js';

export type { Search } from './result.js';

export interface StatefulOptions extends RunOptions {
  /** Leave out schedules with more preemptions than this. */
  readonly preemptionsMax?: number | undefined;
  /** Give up after this many executions. */
  readonly runsMax?: number | undefined;
  /** Give up after this many states. */
  readonly statesMax?: number | undefined;
  /** Keep only failures of this signature as the finding; all are counted. */
  readonly signature?: Wanted | undefined;
  /** End this many states after the first finding; by default never, so that all kinds of failures are seen. */
  readonly statesAfterFinding?: number | undefined;
  /** Hears of a finding as soon as it is found. */
  readonly onFinding?: ((finding: Finding) => void) | undefined;
  /** Hears now and then how many states there are, and how much of the search is done: 0 to 1, never falling. */
  readonly onProgress?: ((states: number, done: number) => void) | undefined;
  /** Sees every execution that was followed to its end. */
  readonly onEnd?: ((machine: Machine) => void) | undefined;
  /** Sees the machine after each step that has shown lockdep something new, and in each deadlock. */
  readonly onLocks?: ((machine: Machine, schedule: () => Schedule) => void) | undefined;
  /** How to go back: by default by undoing steps where that is possible, else by running an execution again. */
  readonly goesBack?: 'by undoing' | 'by running again' | undefined;
  /** Other cores that may finish it. */
  readonly helpers?: Helpers | undefined;
  /** For tests: a fingerprint with a planted mistake. */
  readonly tracker?: TrackerOptions | undefined;
  /** For tests: false where a known state is not looked at again, whoever ran last and whatever preemptions are left. */
  readonly seesBudget?: boolean | undefined;
}

const STOP = -1;
const NOBODY_YET = -1;
/** States between two looks at whether to go on. */
const breathStates = 256;
/** Of these looks, every so many-th is one to report. */
const breathsOfProgress = 16;

export class StatefulSearch implements Host {
  readonly machine: Machine;
  readonly #options: StatefulOptions;
  readonly #tracker: StateTracker;
  readonly #trail = new Trail();
  readonly #pulse: Int32Array;
  readonly #preemptionsMax: number;
  #statesMax: number;
  readonly #stepsMax: number;
  readonly #fairFrom: number;
  readonly #fair = new FairPhase();
  readonly #signatures = new Set<string>();
  /** Ways that were cut short, some of them for the audit. */
  #cuts = new Cuts();
  /** The one that is being audited. */
  #sample: Sample | undefined;
  #visited: KnownStates;
  /** Undefined where executions are run again. */
  #way: WayBack | undefined;
  /** Somebody who has nothing left to try gets a part of what is left here. */
  #share: (() => void) | undefined;
  #wantsHelp = false;
  /** Answers of the trail that are still to be given again before anything new happens. */
  #forced = 0;
  /** How many of the trail's answers were given in the present execution. */
  #given = 0;
  /** The last thread of the model that ran. */
  #current = NOBODY_YET;
  #next = STOP;
  #preemptions = 0;
  /** Steps of the present execution. */
  #steps = 0;
  #isFair = false;
  /** The search is at work: what is thrown now is its fault, not the model's. */
  #isDeciding = false;
  /** The present execution has come to a known state. */
  #isCut = false;
  /** There is no room for more states, or nobody wants more. */
  #isOver = false;
  #bounded = false;
  #breath = breathStates;
  #breaths = 0;
  #transitions = 0;
  #runs = 0;
  #failures = 0;
  #limited = 0;
  #finding: Finding | undefined;

  constructor(program: Program, options: StatefulOptions = {}) {
    this.#options = options;
    this.machine = program.build('stateful');
    this.machine.host = this;
    this.machine.keepGoing = false;
    this.#tracker = new StateTracker(this.machine, options.tracker);
    // What the race detector knows of the order of steps is in no cell.
    if (options.goesBack !== 'by running again' && this.machine.races === undefined)
      this.#way = new WayBack(this.machine, this.#tracker);
    this.#pulse = options.pulse ?? new Int32Array(2);
    this.#preemptionsMax = options.preemptionsMax ?? Number.POSITIVE_INFINITY;
    this.#statesMax = options.statesMax ?? limits.statesDefault;
    this.#stepsMax = options.stepsMax ?? limits.stepsMax;
    this.#fairFrom = this.#stepsMax - Math.floor(this.#stepsMax / limits.fairShare);
    this.#visited = new Visited(this.#isBounded);
  }

  get #isBounded(): boolean {
    return Number.isFinite(this.#preemptionsMax);
  }

  run(): Search {
    let exhausted = false;
    const knownAtFirst = this.#knowledge;
    this.#breathe();
    for (let more = this.#wantsMore && this.#options.runsMax !== 0; more;) {
      if (this.#way === undefined || this.#trail.length === 0) this.#begin();
      else this.#goBack(this.#way);
      this.#follow();
      this.#endOfWay();
      if (this.#knowledge !== knownAtFirst || this.#isWayClosed) return this.#again();
      exhausted = this.#wantsMore && !this.#trail.next();
      more = this.#wantsMore && !exhausted && this.#runs !== this.#options.runsMax;
      if (more && this.#wantsHelp) {
        const helped = this.#helped();
        if (helped !== undefined) return helped;
      }
    }
    this.#auditIf(exhausted);
    return this.#result(exhausted);
  }

  /** Under a bound, at heads of loops, or where something was cut off, not everything that follows was to be looked at. */
  #auditIf(exhausted: boolean): void {
    const isWhole = exhausted && !this.#isBounded && this.#limited === 0;
    if (isWhole && !this.#tracker.metLoops) this.#audit();
  }

  #result(exhausted: boolean): Search {
    return {
      states: this.#visited.size,
      transitions: this.#transitions,
      runs: this.#runs,
      failures: this.#failures,
      limited: this.#limited,
      exhausted,
      bounded: this.#bounded,
      finding: this.#finding,
      signatures: [...this.#signatures].sort(),
      bytes: this.#visited.bytes,
    };
  }

  /** Something has happened that cannot be undone: from now on executions are run again. */
  get #isWayClosed(): boolean {
    return this.#way?.isOpen === false;
  }

  /** What it comes to with the help of others; undefined where it has to go on by itself. */
  #helped(): Search | undefined {
    this.#wantsHelp = false;
    const { helpers, runsMax } = this.#options;
    const visited = this.#visited;
    if (!(visited instanceof Visited) || !this.#isClean) return undefined;
    const helped = helpers?.finish({
      part: this.#trail.whole,
      addStatesTo: (add) => {
        visited.forEach(add);
      },
      states: visited.size,
      statesMax: this.#statesMax,
      watches: this.machine.lockdep.watches,
      goesBack: this.#way === undefined ? 'by running again' : 'by undoing',
      runsLeft: runsMax === undefined ? undefined : runsMax - this.#runs,
    });
    if (helped === undefined) return undefined;
    this.#transitions += helped.transitions;
    this.#runs += helped.runs;
    this.#visited = helped.known;
    this.#auditIf(true);
    return this.#result(true);
  }

  /** Nothing has happened that others would have to know. */
  get #isClean(): boolean {
    return this.#failures === 0 && this.#limited === 0 && this.#tracker.isPortable;
  }

  /**
   * As a helper: tries what another search has left to try.
   * @param share called now and then: gives a part of what is left to whoever has nothing left
   */
  runPart(
    part: TrailPart,
    states: KnownStates,
    share: (give: () => TrailPart | undefined) => void,
  ): Omit<PartDone, 'locks'> {
    this.#visited = states;
    this.#trail.take(part);
    this.#transitions = this.#runs = this.#failures = this.#limited = 0;
    this.#share = () => {
      share(() => this.#trail.give());
    };
    const knownAtFirst = this.#knowledge;
    let exhausted = false;
    let isClean = true;
    let isFirst = true;
    for (let more = this.#wantsMore; more; more = this.#wantsMore && isClean && !exhausted) {
      if (isFirst || this.#way === undefined) this.#begin();
      else this.#goBack(this.#way);
      isFirst = false;
      this.#follow();
      this.#endOfWay();
      exhausted = this.#wantsMore && !this.#trail.next();
      isClean = this.#isClean && this.#knowledge === knownAtFirst && !this.#isWayClosed;
    }
    return { transitions: this.#transitions, runs: this.#runs, isClean: isClean && exhausted };
  }

  get #wantsMore(): boolean {
    return !this.#isOver;
  }

  /** What lockdep looks at; once that is more than before, what it has not looked at is looked at again. */
  get #knowledge(): number {
    const { watchesEvents, watchesInterrupts } = this.machine.lockdep;
    return (watchesEvents ? 1 : 0) + (watchesInterrupts ? 2 : 0);
  }

  #again(): Search {
    if (this.#isWayClosed) this.#way = undefined;
    this.#visited = new Visited(this.#isBounded);
    this.#cuts = new Cuts();
    this.#trail.length = 0;
    this.#transitions = this.#runs = this.#failures = this.#limited = 0;
    this.#isOver = this.#bounded = false;
    return this.run();
  }

  // --- One execution ------------------------------------------------------------------------------------------

  /** Goes back to the initial state, to take the trail's way again. */
  #begin(): void {
    this.#forced = this.#trail.length;
    this.#given = this.#steps = this.#preemptions = 0;
    this.#current = NOBODY_YET;
    this.#isFair = this.#isCut = false;
    this.machine.runnable.arrivals = undefined;
    this.machine.begin();
  }

  /** Undoes all steps from the trail's last answer on, to take another one there. */
  #goBack(way: WayBack): void {
    const at = this.#trail.length - 1;
    way.undoTo(at);
    this.#forced = at + 1;
    this.#given = at;
    this.#current = this.#trail.current[at] as number;
    this.#preemptions = this.#trail.preemptions[at] as number;
    this.#steps = this.#trail.steps[at] as number;
    this.#isCut = false;
  }

  #follow(): void {
    let thread = this.#given > 0 && this.#way !== undefined ? this.#stepAgain() : this.#decide();
    while (thread !== STOP) {
      this.#pulse[0] = thread;
      this.#pulse[1] = this.#steps;
      thread = this.#resume(this.machine.thread(thread));
    }
  }

  /** Runs a thread until it switches, ends or throws; returns who is next. */
  #resume(thread: Thread): number {
    const { machine } = this;
    this.#way?.freshen(thread.index);
    try {
      const step = (thread.generator as Path<unknown>).next();
      if (step.done !== true) {
        if (step.value !== thread.op) throw foreignYield(thread.name);
        return this.#next;
      }
      machine.ended(thread, step.value);
    } catch (error) {
      if (this.#isDeciding && !(error instanceof RangeError)) throw error;
      this.#isDeciding = false;
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

  draw(ways: number, _purpose: DataPurpose): number {
    this.machine.loops.drew();
    const trail = this.#trail;
    if (this.#sample !== undefined) return this.#sample.answer(this.#given++, ways);
    if (this.#given < this.#forced) return trail.pick[this.#given++] as number;
    const room = trail.room();
    for (let value = 0; value < ways; value++) room.push(value);
    this.#forced = ++this.#given;
    return trail.open(true, this.#current, this.#preemptions, this.#steps);
  }

  /** Who takes the next step; STOP if nobody can, the verdict is final, or the state is known. */
  #decide(): number {
    const { machine } = this;
    const { runnable, loops } = machine;
    if (loops.spinning !== 0) loops.settle();
    if (machine.halted) return STOP;
    if (runnable.count === 0 && !loops.revive()) return STOP;
    if (this.#sample !== undefined) return this.#stepOfAudit(this.#sample);
    if (this.#isFair) return this.#stepFairly();
    if (this.#given < this.#forced) {
      // Whoever goes back by undoing must know the state before each step, also on a way that another one has taken.
      if (this.#way !== undefined) this.#settle();
      return this.#stepAgain();
    }
    if (this.#steps === this.#stepsMax) return this.#tooLong();
    if (this.#steps === this.#fairFrom && loops.isActive) return this.#beginFair();
    this.#isDeciding = true;
    const isNew = this.#isNew();
    this.#isDeciding = false;
    return isNew ? this.#step(this.#open()) : STOP;
  }

  /** Whether everything that can follow is yet to be looked at. */
  #isNew(): boolean {
    this.#settle();
    const { a, b } = this.#tracker;
    const { seesBudget = true } = this.#options;
    const last = this.#isBounded && seesBudget ? Math.imul(this.#current + 2, 0x9e3779b1) : 0;
    const spent = seesBudget ? Math.min(this.#preemptions, 0xffff) : 0;
    this.#isCut = !this.#visited.add(a ^ last, b ^ last, spent);
    if (this.#isCut) return false;
    if (this.#visited.size > this.#statesMax) this.#isOver = true;
    else if (--this.#breath === 0) this.#breathe();
    return !this.#isOver;
  }

  /** Brings the fingerprint up to date. */
  #settle(): void {
    const ran = this.#way === undefined ? undefined : this.#trail.pick[this.#given - 1];
    this.#tracker.settle(ran ?? NOBODY_YET);
  }

  #breathe(): void {
    this.#breath = breathStates;
    if (++this.#breaths % breathsOfProgress === 0)
      this.#options.onProgress?.(this.#visited.size, this.#trail.done());
    if (this.#options.interrupted?.() === true) this.#isOver = true;
    this.#share?.();
    if (!this.#isBounded && this.#options.helpers?.areWanted() === true) this.#wantsHelp = true;
  }

  /** Notes who could go on here, and chooses the first of them. */
  #open(): number {
    const { runnable } = this.machine;
    const room = this.#trail.room();
    const first = runnable.preferred(this.#current);
    room.push(first);
    for (let n = 0; n < runnable.count; n++) {
      const thread = runnable.at(n);
      if (thread === first) continue;
      if (this.#preemptions < this.#preemptionsMax || !this.#preempts(thread)) room.push(thread);
      else this.#bounded = true;
    }
    this.#forced = ++this.#given;
    return this.#trail.open(false, this.#current, this.#preemptions, this.#steps);
  }

  /** An answer that was given before. */
  #stepAgain(): number {
    return this.#step(this.#trail.pick[this.#given++] as number);
  }

  #step(next: number): number {
    if (next !== this.#current) {
      if (this.#preempts(next)) this.#preemptions++;
      if (!this.#isIdle(next)) this.#current = next;
    }
    this.#steps++;
    if (this.#given === this.#forced) this.#transitions++;
    this.#way?.save(this.#given - 1, next);
    return next;
  }

  #preempts(next: number): boolean {
    if (next === this.#current || !this.machine.runnable.has(this.#current)) return false;
    return !this.#isIdle(next);
  }

  #isIdle(thread: number): boolean {
    return this.machine.hasIdleThreads && this.machine.thread(thread).role === 'idle';
  }

  // --- Executions that are too long ---------------------------------------------------------------------------

  /** As in an execution that is not searched: the end of a long one is scheduled fairly. */
  #beginFair(): number {
    this.#isFair = true;
    this.#fair.restart();
    this.machine.loops.beginFair();
    return this.#stepFairly();
  }

  #stepFairly(): number {
    if (this.#steps === this.#stepsMax) return this.#tooLong();
    this.#steps++;
    return this.#fair.next(this.machine.runnable);
  }

  #tooLong(): number {
    const { machine } = this;
    const verdict = this.#isFair ? fairVerdict(machine) : undefined;
    if (verdict !== undefined) {
      machine.conclude(verdict);
      machine.halted = true;
      return STOP;
    }
    const steps = String(this.#stepsMax);
    machine.limit(
      'steps',
      `the execution was cut off after ${steps} steps; --steps-max allows more`,
    );
    return STOP;
  }

  // --- The end of a way ---------------------------------------------------------------------------------------

  #endOfWay(): void {
    const { machine } = this;
    this.#runs++;
    if (this.#isCut) this.#cuts.add(this.#trail, this.#tracker.a);
    else if (!this.#isOver) this.#judge();
    if (machine.lockdep.news.length > 0 || machine.verdict.kind === 'deadlock') {
      this.#options.onLocks?.(machine, () => this.#trail.schedule());
    }
  }

  #judge(): void {
    const { machine } = this;
    if (!machine.halted) machine.finish();
    const { verdict } = machine;
    const failed = isFailure(verdict);
    if (verdict.kind === 'limit' || (this.#isFair && !failed)) this.#limited++;
    this.#options.onEnd?.(machine);
    if (!failed) return;
    this.#failures++;
    const found = this.#found();
    this.#signatures.add(found.signature);
    const { signature: wanted, statesAfterFinding = Number.POSITIVE_INFINITY } = this.#options;
    if (!isWanted(wanted, found.signature)) return;
    if (this.#finding === undefined) {
      this.#options.onFinding?.(found);
      this.#statesMax = Math.min(this.#statesMax, this.#visited.size + statesAfterFinding);
    }
    if (this.#finding === undefined || isSimpler(found, this.#finding)) this.#finding = found;
  }

  // --- The audit ----------------------------------------------------------------------------------------------

  /**
   * Takes a sample of the ways that were cut short, and goes on at random where they were cut: whatever they come to must
   * be known. A fingerprint that takes two different states for one shows here.
   * @throws Error, which is no fault of the model unless it passes something on behind the back of its steps
   */
  #audit(): void {
    this.#way = undefined;
    for (const sample of this.#cuts.samples()) {
      this.#trail.length = 0;
      this.#begin();
      this.#sample = sample;
      this.#follow();
      this.#sample = undefined;
      if (this.#isOver) return;
      const { machine } = this;
      if (!machine.halted) machine.finish();
      const { verdict } = machine;
      if (isFailure(verdict) && !this.#signatures.has(signature(verdict))) this.#blame(sample);
    }
  }

  #stepOfAudit(sample: Sample): number {
    const { runnable } = this.machine;
    const at = this.#given++;
    if (at === this.#stepsMax) return this.#tooLong();
    if (at >= sample.length) {
      this.#tracker.settle(NOBODY_YET);
      if (!this.#visited.has(this.#tracker.a, this.#tracker.b, 0)) this.#blame(sample);
    }
    const next =
      at < sample.length ? sample.answer(at, 0) : runnable.at(sample.answer(at, runnable.count));
    sample.ran = next;
    return next;
  }

  #blame({ ran }: Sample): never {
    const { name } = this.machine.thread(ran);
    throw new Error(
      `two states that differ were taken for one: what ${name} does depends on what was forgotten of it, ` +
        `${this.#tracker.blame(ran)} at the last; racewalk prove --engine enumerate forgets nothing`,
    );
  }

  #found(): Finding {
    const trail = this.#trail;
    let switches = 0;
    for (let at = 1; at <= trail.length; at++) {
      const before = trail.current[at - 1] as number;
      const after = at === trail.length ? this.#current : (trail.current[at] as number);
      if (before !== NOBODY_YET && before !== after) switches++;
    }
    return findingOf({
      machine: this.machine,
      recorder: { copy: () => [...trail.schedule()] },
      steps: this.#steps,
      switches,
      preemptions: this.#preemptions,
    });
  }
}

/** Visits every state of the program within the bounds. */
export function searchStates(program: Program, options: StatefulOptions = {}): Search {
  return new StatefulSearch(program, options).run();
}
