// What a search knows of where one thread stands: a hash of all that it has seen since the calls that are open began.
// Of a call that has returned only its result is left, if nothing else of it can live on; at the head of a loop only
// the live locals are.
import type { Loop } from '../liveness/loop.js';

/** A loop that the thread is in, and what it had seen when it came to it. */
interface OpenLoop {
  readonly loop: Loop;
  readonly a: number;
  readonly b: number;
  /** How many calls were open. */
  readonly depth: number;
}

export class ThreadState {
  /** Who it is: the slot, and the thread that has it. */
  baseA = 0;
  baseB = 0;
  /** What it has seen. */
  a = 0;
  b = 0;
  /** What its pending operation has come to: an operation of several events that has begun. */
  waitA = 0;
  waitB = 0;
  /** Its part of the fingerprint. */
  partA = 0;
  partB = 0;
  /** Open calls. */
  depth = 0;
  readonly callerA: number[] = [];
  readonly callerB: number[] = [];
  /** Whether what it was called with allows to forget the call. */
  readonly settled: boolean[] = [];
  readonly loops: OpenLoop[] = [];
  /** The results of its steps, as many as `taken`: what it is fed when it is brought back. */
  readonly results: unknown[] = [];
  taken = 0;
  /** It was brought back, and its path is still where it was. */
  isStale = false;
  /** What was forgotten last: the function or loop to look at should the fingerprint prove wrong. */
  forgot = '';

  begin(baseA: number, baseB: number): void {
    this.baseA = this.a = baseA;
    this.baseB = this.b = baseB;
    this.waitA = this.waitB = this.depth = this.taken = 0;
    this.isStale = false;
    if (this.loops.length > 0) this.loops.length = 0;
    this.forgot = '';
  }

  /** A call begins. */
  call(isSettled: boolean): void {
    const at = this.depth++;
    this.callerA[at] = this.a;
    this.callerB[at] = this.b;
    this.settled[at] = isSettled;
  }

  /** It has returned; true if it may be forgotten, as far as its arguments go. Loops within it are over. */
  leave(): boolean {
    const at = --this.depth;
    while (this.loops.length > 0 && (this.loops.at(-1) as OpenLoop).depth > at) this.loops.pop();
    return this.settled[at] as boolean;
  }

  /** Back to what was seen before the call that has just been left. */
  forgetCall(): void {
    this.a = this.callerA[this.depth] as number;
    this.b = this.callerB[this.depth] as number;
  }

  /** At a loop's head: back to what was seen before its first round. */
  atHead(loop: Loop): void {
    const { loops } = this;
    const at = loops.findIndex((open) => open.loop === loop);
    if (at < 0) {
      loops.push({ loop, a: this.a, b: this.b, depth: this.depth });
      return;
    }
    // A loop that was begun in another call is none of this call's: its head forgets nothing here.
    const open = loops[at] as OpenLoop;
    if (open.depth !== this.depth) return;
    loops.length = at + 1;
    this.a = open.a;
    this.b = open.b;
  }
}
