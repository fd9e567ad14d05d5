// Tells what kind of schedule an execution was: two are of one kind if every thing was used in the same order, uses that
// only look aside. A step is hashed with what its thread and its thing have seen before, and the hashes are summed, so
// that the order of steps that meet nobody does not matter. It is a guess from what operations name, cheaper than footprints
// and good for comparing strategies; nothing is left out because of it.
import type { DataPurpose, Operation } from '../../src/machine/index.js';
import { nameOfThing, thingOf } from '../profiler.js';
import type { Lesson, Strategy, View } from '../strategy.js';

/** What has become of one thing: the last change, and the looks since. */
interface Past {
  readonly name: number;
  change: number;
  looks: number;
}

export class Scout implements Strategy {
  readonly name: string;
  readonly keepsTime = true;
  readonly #inner: Strategy;
  #kind = 0;
  /** By thread: what it has seen. */
  #threads: number[] = [];
  #things = new Map<object, Past>();
  #view: View | undefined = undefined;

  constructor(inner: Strategy) {
    this.name = inner.name;
    this.#inner = inner;
  }

  /** Of the execution that has just ended. */
  get kind(): number {
    return this.#kind;
  }

  beginBlock(block: number): void {
    this.#inner.beginBlock(block);
  }

  begin(view: View): void {
    this.#view = view;
    this.#kind = 0;
    this.#threads = [];
    this.#things = new Map();
    this.#inner.begin(view);
  }

  choose(current: number): number {
    const view = this.#view as View;
    const { runnable } = view;
    const asks = this.#inner.keepsTime === true || runnable.count > 1;
    const next = asks ? this.#inner.choose(current) : runnable.at(0);
    this.#note(next, view);
    return next;
  }

  #note(thread: number, view: View): void {
    const op = view.operationOf(thread);
    const seen = this.#threads[thread] ?? hashOf(view.nameOf(thread));
    let hash = mixed(seen, hashOf(op.primitive.name));
    const past = this.#pastOf(op);
    if (past !== undefined) {
      hash = mixed(mixed(hash, past.name), past.change);
      if (op.primitive.onlyLooks) {
        past.looks = (past.looks + mixed(hash, 1)) | 0;
      } else {
        hash = mixed(hash, past.looks);
        past.change = hash;
        past.looks = 0;
      }
    }
    this.#threads[thread] = hash;
    this.#kind = (this.#kind + mixed(hash, 2)) | 0;
  }

  #pastOf(op: Operation): Past | undefined {
    const thing = thingOf(op);
    if (thing === undefined) return undefined;
    let past = this.#things.get(thing);
    if (past === undefined) {
      past = { name: hashOf(nameOfThing(thing) ?? ''), change: 0, looks: 0 };
      this.#things.set(thing, past);
    }
    return past;
  }

  draw(ways: number, purpose: DataPurpose): number {
    const drawn = this.#inner.draw(ways, purpose);
    this.#kind = (this.#kind + mixed(this.#kind, 3 + drawn)) | 0;
    return drawn;
  }

  learn(lesson: Lesson): void {
    this.#inner.learn(lesson);
  }
}

/** FNV-1a, of 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** One hash of two, in this order; the last lines are the finaliser of MurmurHash3 (Appleby). */
function mixed(a: number, b: number): number {
  let hash = Math.imul(a, 31) + b;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
