// Optimal dynamic partial order reduction: one execution for each Mazurkiewicz trace, and none that is broken off
// (source sets and wakeup trees: Abdulla, Aronis, Jonsson, Sagonas, "Source Sets: A Foundation for Optimal Dynamic
// Partial Order Reduction", JACM 2017). It differs in what is a step's footprint: whatever cells it touched, those of
// locks and properties included; in threads that wait, see enabling.ts; and in that values are drawn, which is
// reversed like a race of a step with itself. The program is run again from its start for each trace.
import type { Machine } from '../../src/machine/index.js';
import { tellAccesses } from '../../src/machine/cell.js';
import type { OpenPlace } from '../estimates/tree-progress.js';
import type { Strategy } from '../strategy.js';
import { Branch, emptyTree, NO_VALUE } from './branch.js';
import { isSimple, type Waiting } from './certainty.js';
import { DelayQueue } from './delay-queue.js';
import { Enabling } from './enabling.js';
import { Footprints } from './footprints.js';
import { Races } from './races.js';
import { atEndOf, whileRunning } from './refusal.js';
import { Reversal } from './reversal.js';
import { Steps } from './steps.js';

/** A state on the present path. */
interface Node {
  /** What need not be tried here, as all that begins with it was tried already. */
  sleep: readonly Branch[];
  /** What is still to be tried here, in this order; while an execution runs, the first one is being tried. */
  tree: Branch[];
  /** What is being tried comes from the tree. */
  isPlanned: boolean;
  /** How many ways to go on here are finished. */
  finished: number;
}

const NOBODY = -1;

export class DporSearch implements Strategy {
  readonly name = 'dpor';
  readonly keepsTime = true;
  /** The present execution was broken off, as all that could follow was tried already. */
  isBlocked = false;
  /** The present execution was broken off, as it needs more delays than allowed. */
  isOverdue = false;
  /** Something was left out because of the bound on delays. */
  bounded = false;
  /** How often a thread that was to be next could not go on. Never, if footprints tell the truth. */
  derailed = 0;
  /** Races that were looked at. */
  races = 0;
  /** Executions of a part only, to find out what a step does in another place. */
  probes = 0;
  /** Runs the program once more. */
  run: () => void = () => undefined;
  readonly #machine: Machine;
  readonly #footprints: Footprints;
  readonly #steps: Steps;
  readonly #enabling: Enabling;
  readonly #races: Races;
  readonly #reversal: Reversal;
  readonly #delays: DelayQueue | undefined;
  /** By depth; those beyond the present path are to be used again. */
  readonly #nodes: Node[] = [emptyNode()];
  /** The first so many steps are those of the last execution. */
  #kept = 0;
  /** Steps of the present execution, the one that is being taken included. */
  #depth = 0;
  /** The present execution is a probe. */
  #isProbing = false;
  /** What the last step of the probe drew, of how many values. */
  #probedValue = NO_VALUE;
  #probedWays = 0;
  readonly #waiting: Waiting[] = [];

  constructor(
    machine: Machine,
    isSeen: (cell: Parameters<Footprints['read']>[0]) => boolean,
    delaysMax: number | undefined,
  ) {
    this.#machine = machine;
    this.#footprints = new Footprints(isSeen);
    this.#steps = new Steps(machine, this.#footprints);
    this.#enabling = new Enabling(this.#steps);
    this.#races = new Races(this.#steps, this.#enabling);
    this.#reversal = new Reversal(this.#steps, () => {
      this.#probe();
    });
    this.#delays =
      delaysMax === undefined ? undefined : new DelayQueue(machine, this.#steps.order, delaysMax);
    machine.listen(this.#footprints);
    tellAccesses(undefined);
  }

  beginBlock(): void {
    // A search knows no blocks.
  }

  learn(): void {
    // There is nothing to learn.
  }

  begin(): void {
    this.#depth = 0;
    if (!this.#isProbing) this.isBlocked = this.isOverdue = false;
    this.#steps.order.restart();
    this.#delays?.restart();
  }

  // --- One execution ----------------------------------------------------------------------------------------

  choose(current: number): number {
    tellAccesses(undefined);
    const depth = this.#depth;
    const { order } = this.#steps;
    order.meetThreads(depth - 1);
    if (this.#isProbing) return this.#probeNext(depth);
    if (depth > this.#kept) this.#taken(depth - 1);
    const isKept = depth < this.#kept;
    const index = isKept
      ? (order.indexOf[order.threads[depth] as number] as number)
      : this.#next(current, depth);
    if (index === NOBODY) return NOBODY;
    this.#depth++;
    this.#delays?.goesOn(depth, order.numberAt(index));
    if (!isKept) this.#take(index, depth);
    return index;
  }

  /** Who goes on where nothing says yet who does. */
  #next(current: number, depth: number): number {
    const node = this.#nodes[depth] as Node;
    const planned = node.tree[0];
    node.isPlanned = planned !== undefined;
    if (planned !== undefined) {
      const index = this.#steps.order.indexOf[planned.thread] ?? NOBODY;
      if (index >= 0 && this.#machine.runnable.has(index)) {
        if (this.#delays?.isTooLate(planned.thread) !== true) return index;
        this.isOverdue = this.bounded = true;
        return NOBODY;
      }
      this.derailed++;
      node.tree = emptyTree;
      node.isPlanned = false;
    }
    return this.#anybody(current, node.sleep);
  }

  /** Anybody who does not sleep: by default who has run, or the next one. */
  #anybody(current: number, sleep: readonly Branch[]): number {
    const { runnable } = this.#machine;
    if (this.#delays !== undefined) {
      const first = this.#delays.first((thread) => this.#isAsleep(thread, sleep));
      if (first === NOBODY) this.isBlocked = true;
      return first;
    }
    const preferred = runnable.preferred(current);
    if (sleep.length === 0) return preferred;
    for (const index of [preferred, ...runnable.sorted()]) {
      if (!this.#isAsleep(this.#steps.order.numberAt(index), sleep)) return index;
    }
    this.isBlocked = true;
    return NOBODY;
  }

  /** Whether all that the thread could do next was tried. */
  #isAsleep(thread: number, sleep: readonly Branch[]): boolean {
    let values = 0;
    for (const branch of sleep) {
      if (branch.thread !== thread) continue;
      if (branch.value === NO_VALUE || ++values === branch.ways) return true;
    }
    return false;
  }

  /** A new step begins. */
  #take(index: number, depth: number): void {
    const { op } = this.#machine.thread(index);
    const { order } = this.#steps;
    this.#steps.begin(order.numberAt(index), op);
    this.#enabling.note(op);
    const followed = op.primitive.follows?.(op);
    if (followed !== undefined) {
      // Its first events wait for nothing, so they do not come after what the thread has done.
      if (op.primitive.name !== 'join') this.#footprints.refuse(`${op.primitive.name}()`);
      order.follow(depth, order.numberAt(followed));
    }
    tellAccesses(this.#footprints);
  }

  /** The last step is over. */
  #taken(step: number): void {
    whileRunning(this.#footprints);
    this.#races.find();
    const node = this.#nodes[step] as Node;
    const thread = this.#steps.threadOf(step);
    const next = (this.#nodes[step + 1] ??= emptyNode());
    next.tree = node.isPlanned ? (node.tree[0] as Branch).next : emptyTree;
    next.sleep = node.sleep;
    next.isPlanned = false;
    next.finished = 0;
    if (node.sleep.length > 0) {
      next.sleep = node.sleep.filter(
        (branch) => branch.thread !== thread && !this.#steps.conflicts(branch, step),
      );
    }
    this.#kept = step + 1;
  }

  draw(ways: number): number {
    const step = this.#depth - 1;
    const { values, ways: allWays } = this.#steps;
    if (this.#isProbing) return this.#probeValue(step, ways);
    if (step < this.#kept) return values[step] as number;
    const told = tellAccesses(undefined);
    if (allWays[step] !== 0) this.#footprints.refuse('a step that leaves two things to chance');
    const value = this.#valueFor(step, ways);
    values[step] = value;
    allWays[step] = ways;
    tellAccesses(told);
    return value;
  }

  #valueFor(step: number, ways: number): number {
    const node = this.#nodes[step] as Node;
    const planned = node.isPlanned ? (node.tree[0] as Branch).value : NO_VALUE;
    if (planned !== NO_VALUE) return planned;
    const thread = this.#steps.threadOf(step);
    for (let value = 0; value < ways; value++) {
      if (!node.sleep.some((one) => one.thread === thread && one.value === value)) return value;
    }
    return 0;
  }

  // --- Between two executions -------------------------------------------------------------------------------

  /**
   * The execution has ended: plans what it shows to be missing.
   * @throws UsageError if it did something that cannot be reduced
   */
  conclude(): void {
    tellAccesses(undefined);
    this.#steps.order.meetThreads(this.#depth - 1);
    if (this.#depth > this.#kept) this.#taken(this.#depth - 1);
    whileRunning(this.#footprints);
    atEndOf(this.#machine);
    if (this.isBlocked || this.isOverdue) return;
    this.#waiting.length = 0;
    for (let index = 0; index < this.#machine.threadCount; index++) this.#waitsForever(index);
    this.#planAll();
  }

  #planAll(): void {
    const { count } = this.#steps;
    for (let step = 0; step < count; step++) {
      const end = this.#races.endOf(step, count);
      for (let race = this.#races.firstOf(step); race < end; race++) {
        const first = this.#races.at(race);
        if (first < 0) continue;
        this.#reversal.reverse(first, step, this.#races.extrasOf(race, end));
        this.#plan(first);
      }
      this.#drawOthers(step);
    }
    for (const waiting of this.#waiting) {
      for (const [n, first] of waiting.races.entries()) {
        if (first < 0) continue;
        this.#reversal.reverseWaiting(first, waiting, extrasAt(waiting.races, n));
        this.#plan(first);
      }
    }
  }

  /** Plans the sequence at the state before the step, unless something that sleeps there covers it. */
  #plan(step: number): void {
    this.races++;
    const node = this.#nodes[step] as Node;
    for (const branch of node.sleep) if (this.#reversal.canBeginWith(branch)) return;
    if (node.tree === emptyTree) node.tree = [];
    this.#reversal.insertInto(node.tree, node.isPlanned ? 1 : 0);
  }

  #drawOthers(step: number): void {
    const ways = this.#steps.ways[step] as number;
    for (let value = 0; value < ways; value++) {
      if (value === this.#steps.values[step]) continue;
      this.#reversal.drawAnother(step, value);
      this.#plan(step);
    }
  }

  /** A thread that still waits: its step is in a race with who keeps it waiting. */
  #waitsForever(index: number): void {
    const { ended, stopped, op } = this.#machine.thread(index);
    if (ended || stopped || !op.isPending || op.isEnabled) return;
    const step = this.#steps.count;
    this.#steps.begin(this.#steps.order.numberAt(index), op);
    this.#enabling.note(op);
    this.#enabling.changeHolder();
    this.#races.find();
    const races: number[] = [];
    const end = this.#races.endOf(step, step + 1);
    for (let race = this.#races.firstOf(step); race < end; race++) races.push(this.#races.at(race));
    if (races.length > 0) {
      const branch = this.#steps.branch(step);
      this.#waiting.push({ branch, isCertain: isSimple(op.primitive, op.subject), races });
    }
    this.#races.truncate(step);
    this.#steps.truncate(step);
  }

  // --- Probes -----------------------------------------------------------------------------------------------

  /** Runs the reversed sequence to see what its last step reads and changes there. */
  #probe(): void {
    this.probes++;
    this.#isProbing = true;
    this.#probedValue = NO_VALUE;
    this.#probedWays = 0;
    this.#footprints.begin(this.#steps.count);
    this.run();
    tellAccesses(undefined);
    this.#isProbing = false;
    whileRunning(this.#footprints);
    const { count } = this.#steps;
    if (this.#depth === this.#reversal.first + this.#reversal.length) {
      const thread = this.#reversal.threadAt(this.#reversal.length - 1);
      const accesses = this.#footprints.copy(count);
      this.#reversal.learn(new Branch(thread, this.#probedValue, this.#probedWays, accesses));
    } else {
      this.derailed++;
    }
    this.#footprints.truncate(count);
  }

  #probeNext(depth: number): number {
    const { first, length } = this.#reversal;
    const place = depth - first;
    if (place >= length) return NOBODY;
    const { order } = this.#steps;
    const thread = place < 0 ? (order.threads[depth] as number) : this.#reversal.threadAt(place);
    const index = order.indexOf[thread] as number;
    if (index < 0 || !this.#machine.runnable.has(index)) return NOBODY;
    this.#depth++;
    if (place === length - 1) {
      const { op } = this.#machine.thread(index);
      tellAccesses(this.#footprints);
      op.primitive.isEnabled?.(op);
    }
    return index;
  }

  #probeValue(step: number, ways: number): number {
    const { first, length } = this.#reversal;
    if (step < first) return this.#steps.values[step] as number;
    const value = Math.max(this.#reversal.valueAt(step - first), 0);
    if (step === first + length - 1) {
      this.#probedValue = value;
      this.#probedWays = ways;
    }
    return value;
  }

  /** Where the search stands between two executions, with the ways to go on that it knows of by now. */
  *path(): Generator<OpenPlace, void> {
    for (let step = 0; step <= this.#kept; step++) {
      const { finished, tree, isPlanned } = this.#nodes[step] as Node;
      const isTaken = step < this.#kept && !isPlanned;
      yield { finished, ways: Math.max(1, finished + tree.length + (isTaken ? 1 : 0)) };
    }
  }

  /** Goes back to the last state where something is left to be tried; false if there is none. */
  advance(): boolean {
    for (let step = this.#steps.count - 1; step >= 0; step--) {
      const node = this.#nodes[step] as Node;
      if (node.isPlanned) node.tree.shift();
      node.isPlanned = false;
      node.finished++;
      if (this.#delays !== undefined && this.#delays.drop(step, node.tree)) this.bounded = true;
      if (node.tree.length > 0) node.sleep = [...node.sleep, this.#steps.branch(step)];
      this.#races.truncate(step);
      this.#steps.truncate(step);
      if (node.tree.length > 0) {
        this.#kept = step;
        return true;
      }
    }
    return false;
  }
}

function emptyNode(): Node {
  return { sleep: [], tree: emptyTree, isPlanned: false, finished: 0 };
}

/** The steps that are to be undone besides the one at this place. */
function extrasAt(races: readonly number[], place: number): number[] {
  const extras: number[] = [];
  for (let n = place + 1; n < races.length && (races[n] as number) < 0; n++) {
    extras.push(~(races[n] as number));
  }
  return extras;
}
