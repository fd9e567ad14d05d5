// Watches the heads of loops for rounds that lead nowhere. A thread whose round only looked, and saw a state that has
// not changed, waits until it does. A round that also changed things, and put them back, ends in a circle once the
// state and where every thread stands are those of an earlier visit: then somebody outside of the circle must go on
// first (Musuvathi and Qadeer, "Fair Stateless Model Checking", PLDI 2008, with the state compared, not guessed), and
// if nobody could have gone on anywhere in the circle, it is a livelock. Nothing is lost: what can follow the second
// time could follow the first time. A round in which something was left to chance is none of these.
import { Lock } from '../locks/lock.js';
import { limits } from '../../limits.js';
import type { Machine } from '../machine.js';
import type { Operation } from '../op.js';
import type { Thread } from '../thread.js';
import { type Loop, type Spin, SPIN, spinOf } from './loop.js';
import { isUntouched, sameSeen, type Seen, type Snapshot } from './snapshot.js';
import { circleVerdict } from './verdicts.js';

/** What one thread knows of one entry into a loop. */
class Entry {
  readonly loop: Loop;
  /** How much the thread had seen when it entered. */
  readonly start: number;
  visits = 0;
  /** Those of them after fair scheduling began. */
  fairVisits = 0;
  /** The last visits, the oldest first. */
  readonly recent: Snapshot[] = [];
  /** An older one, moved up whenever the number of visits has doubled (Brent): it meets circles of any length. */
  milestone: Snapshot | undefined = undefined;

  constructor(loop: Loop, start: number) {
    this.loop = loop;
    this.start = start;
  }
}

/** Where one thread stands. */
class Track {
  /** Results of its steps; at a loop's head, what it saw in the round is replaced by the live locals. */
  readonly seen: unknown[] = [];
  readonly entries = new Map<Loop, Entry>();
  /** When it took its last step. */
  moved = 0;
  /** When it could last have taken one. */
  couldMove = 0;
}

/** A lock was granted. */
export interface Grant {
  readonly lock: Lock;
  readonly thread: number;
  readonly tick: number;
}

/** A loop, how often a thread has gone round it, and how often of that under a fair scheduler. */
export interface Busiest {
  readonly loop: Loop;
  readonly rounds: number;
  readonly fairRounds: number;
}

/** Stands between two rounds in what a thread has seen. */
const HEAD = Object.freeze({ name: 'loop head' });

export class LoopWatch {
  /** Some thread has come to a loop's head: from then on each step of the execution is looked at. */
  isActive = false;
  /** Threads that wait at a loop's head. */
  spinning = 0;
  /** Steps since it became active. */
  tick = 0;
  readonly grants: Grant[] = [];
  /** When fair scheduling began. */
  #fairSince = Number.POSITIVE_INFINITY;
  readonly #machine: Machine;
  readonly #tracks: Track[] = [];
  readonly #spinners: Operation[] = [];
  #lastDraw = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  restart(): void {
    this.#lastDraw = 0;
    this.#fairSince = Number.POSITIVE_INFINITY;
    if (!this.isActive) return;
    this.isActive = false;
    this.spinning = this.tick = 0;
    this.#tracks.length = this.#spinners.length = this.grants.length = 0;
  }

  // --- What happens -----------------------------------------------------------------------------------------

  /** A step has taken effect. */
  step(op: Operation, result: unknown): void {
    // One that looked whether to go round again, and still waits, has done nothing.
    if (op.primitive === SPIN && op.isPending) return;
    const tick = ++this.tick;
    const track = this.#track(op.thread);
    track.moved = tick;
    // At the head the thread has seen nothing yet.
    if (op.primitive !== SPIN) track.seen.push(op.isPending ? HEAD : result);
    this.#noteRunnable(tick);
    const { subject } = op;
    if (subject instanceof Lock && subject.isHeldBy(op.thread)) {
      this.grants.push({ lock: subject, thread: op.thread, tick });
    }
  }

  /** Something was left to chance. */
  drew(): void {
    this.#lastDraw = this.tick + 1;
  }

  /** From here on every thread gets its turn. */
  beginFair(): void {
    this.#fairSince = this.tick;
  }

  #noteRunnable(tick: number): void {
    const { runnable } = this.#machine;
    for (let n = 0; n < runnable.count; n++) this.#track(runnable.at(n)).couldMove = tick;
  }

  #track(thread: number): Track {
    while (this.#tracks.length <= thread) this.#tracks.push(new Track());
    return this.#tracks[thread] as Track;
  }

  // --- At a loop's head -------------------------------------------------------------------------------------

  /** The thread is at the head of a loop: why it must wait there, or undefined where it may go round. */
  arrive(thread: Thread, loop: Loop, locals: readonly unknown[]): Spin | undefined {
    if (!this.isActive) this.#activate();
    const track = this.#track(thread.index);
    const entry = this.#entry(track, loop);
    track.seen.length = entry.start;
    track.seen.push(HEAD, thread.entering.length, thread.identity.created, ...locals);
    entry.visits++;
    if (this.tick >= this.#fairSince) entry.fairVisits++;
    const spin = this.#judge(thread.index, entry);
    if (spin === undefined) this.#remember(entry);
    this.#machine.watchers.arrived(thread, loop, locals);
    return spin;
  }

  #activate(): void {
    this.isActive = true;
    this.#machine.attention = true;
    this.#noteRunnable(0);
  }

  #entry(track: Track, loop: Loop): Entry {
    let entry = track.entries.get(loop);
    if (entry === undefined) {
      // What was seen before the first loop never comes again.
      if (track.entries.size === 0) track.seen.length = 0;
      track.entries.set(loop, (entry = new Entry(loop, track.seen.length)));
    }
    return entry;
  }

  #remember(entry: Entry): void {
    const snapshot = this.#snapshot();
    entry.recent.push(snapshot);
    if (entry.recent.length > limits.loopVisitsCompared) entry.recent.shift();
    if ((entry.visits & (entry.visits - 1)) === 0) entry.milestone = snapshot;
  }

  #snapshot(): Snapshot {
    return {
      tick: this.tick,
      mark: this.#machine.journal.mark(),
      threads: this.#machine.threadCount,
      seen: this.#tracks.map(({ seen, entries }) => (entries.size === 0 ? undefined : [...seen])),
    };
  }

  #judge(thread: number, entry: Entry): Spin | undefined {
    const { recent, milestone } = entry;
    const last = recent.at(-1);
    if (last === undefined) return undefined;
    if (isUntouched(this.#machine.journal, last) && this.#isBackAt(thread, last)) {
      return this.#spin(last, undefined);
    }
    const isCircle = (since: Snapshot): boolean =>
      this.#isBackAt(thread, since) && this.#isRepeated(thread, since);
    const since = recent.findLast(isCircle) ?? milestone;
    return since !== undefined && isCircle(since) ? this.#circle(thread, entry, since) : undefined;
  }

  /** Whether the state and the thread's own live locals are those of the snapshot, and nothing was left to chance. */
  #isBackAt(thread: number, since: Snapshot): boolean {
    if (this.#lastDraw > since.tick || since.threads !== this.#machine.threadCount) return false;
    const before = since.seen[thread];
    if (before === undefined || !sameSeen(before, this.#track(thread).seen)) return false;
    return this.#machine.journal.isBackAt(since.mark);
  }

  /** Whether all the others stand where they stood, too. */
  #isRepeated(thread: number, since: Snapshot): boolean {
    return this.#tracks.every(({ moved, seen }, other) => {
      if (other === thread || moved <= since.tick) return true;
      const before: Seen | undefined = since.seen[other];
      return before !== undefined && sameSeen(before, seen);
    });
  }

  #circle(thread: number, { loop }: Entry, since: Snapshot): Spin {
    const machine = this.#machine;
    const movers = new Set<number>([thread]);
    let outsiders = 0;
    this.#noteRunnable(this.tick);
    for (const [other, { moved, couldMove }] of this.#tracks.entries()) {
      if (moved > since.tick) movers.add(other);
      else if (other !== thread && couldMove > since.tick) outsiders++;
    }
    if (outsiders === 0) {
      machine.conclude(circleVerdict(machine, machine.thread(thread), loop, [...movers], since));
    }
    return this.#spin(since, movers);
  }

  #spin(since: Snapshot, movers: ReadonlySet<number> | undefined): Spin {
    return { since, movers, tick: this.tick, revived: false };
  }

  // --- Waiting there ----------------------------------------------------------------------------------------

  spins(op: Operation): void {
    this.#spinners.push(op);
    this.spinning++;
    this.#machine.block(op);
  }

  forget(op: Operation): void {
    const at = this.#spinners.indexOf(op);
    if (at < 0) return;
    this.#spinners.splice(at, 1);
    this.spinning--;
  }

  mayGoRound(op: Operation): boolean {
    const { since, movers, tick, revived } = spinOf(op);
    if (movers === undefined) return !this.#machine.journal.isBackAt(since.mark);
    const least = revived ? [op.thread] : movers;
    const inCircle = new Set(least);
    return this.#tracks.some(({ moved }, other) => moved > tick && !inCircle.has(other));
  }

  /** The thread goes round again, unless the others have only gone round as well: then it waits for one who has not. */
  goRound(op: Operation): void {
    const entry = this.#track(op.thread).entries.get(op.subject as Loop) as Entry;
    this.forget(op);
    const { since, movers } = spinOf(op);
    const isCircle = movers !== undefined && this.#isBackAt(op.thread, since);
    if (!isCircle || !this.#isRepeated(op.thread, since)) {
      this.#remember(entry);
      return;
    }
    op.a = this.#circle(op.thread, entry, since);
    op.keepPending();
    this.spins(op);
  }

  /** Makes exactly those runnable that have a reason to go round again. Between any two steps while some wait. */
  settle(): void {
    const machine = this.#machine;
    for (const op of this.#spinners) {
      if (this.mayGoRound(op)) machine.unblock(op);
      else machine.block(op);
    }
  }

  /** Nothing else can go on: lets those look again whose circle somebody has left. False if there are none. */
  revive(): boolean {
    for (const op of this.#spinners) spinOf(op).revived = true;
    this.settle();
    return this.#machine.runnable.count > 0;
  }

  // --- For verdicts -----------------------------------------------------------------------------------------

  /** The threads that wait at a loop's head now. */
  get spinners(): readonly Operation[] {
    return this.#spinners;
  }

  /** How often others were granted a lock since the thread took its last step. */
  passes(lock: Lock, waiter: number): number {
    const since = this.#track(waiter).moved;
    return this.grants.filter((grant) => grant.lock === lock && grant.tick > since).length;
  }

  /** Whether the thread has taken a step since fair scheduling began. */
  movedSinceFair(thread: number): boolean {
    return this.#track(thread).moved > this.#fairSince;
  }

  /** How often a lock was granted since then. */
  grantsSinceFair(lock: Lock): number {
    return this.grants.filter((grant) => grant.lock === lock && grant.tick > this.#fairSince)
      .length;
  }

  /** The loop that the thread has gone round most often since fair scheduling began; undefined if it has met none. */
  busiest(thread: number): Busiest | undefined {
    let best: Entry | undefined;
    for (const entry of this.#track(thread).entries.values()) {
      if (best === undefined || entry.fairVisits > best.fairVisits) best = entry;
    }
    return best && { loop: best.loop, rounds: best.visits, fairRounds: best.fairVisits };
  }
}
