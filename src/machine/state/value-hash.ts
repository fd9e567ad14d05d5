// Hashes of values. Numbers and the like count as what they are, lists and plain objects as what they hold, objects of
// the machine by their stable names. Whatever has no such identity is equal to nothing but itself: then a search sees
// fewer equal states than there are, and never too many.
import { Memory } from '../heap.js';
import type { Named } from '../names.js';
import { Thread } from '../thread.js';
import { foldA, foldB, mixA, mixB, textA, textB } from './hash.js';

/** A value that is replaced, never changed, and that this text describes altogether. */
export interface Described {
  readonly stateName: string;
}

interface Lanes {
  readonly a: number;
  readonly b: number;
}

const INTEGER = 0x51ed270b;
/** undefined, false, true, null: what most steps come to. */
const COMMON = 0x3c6ef372;
const LIST = 0x2545f491;
const RECORD = 0x4f6cdd1d;
const UNKNOWN = 0x1b56c4e9;

/** Lists within lists that are followed; a deeper one, or one that contains itself, is equal to nothing else. */
const nestingMax = 16;

export class ValueHash {
  /** The hash of the value that was asked for last. */
  a = 0;
  b = 0;
  readonly #texts = new Map<string, Lanes>();
  readonly #objects = new WeakMap<object, Lanes>();
  /** Whom a name belongs to: a second object of that name is another one. */
  readonly #owners = new Map<string, object>();
  #unknown = 0;

  /** No value so far had to be told from all others by a number that only this machine knows. */
  get isPortable(): boolean {
    return this.#unknown === 0;
  }

  /** Leaves the hash of a value in `a` and `b`. */
  of(value: unknown): void {
    this.#of(value, 0);
  }

  #of(value: unknown, nesting: number): void {
    if (typeof value === 'number' && (value | 0) === value && !Object.is(value, -0)) {
      this.a = INTEGER;
      this.b = value;
    } else if (value === undefined) {
      this.#common(0);
    } else if (typeof value === 'boolean') {
      this.#common(value ? 2 : 1);
    } else if (value === null) {
      this.#common(3);
    } else if (typeof value === 'object' || typeof value === 'function') {
      this.#ofObject(value, nesting);
    } else {
      this.#take(this.#text(textOf(value)));
    }
  }

  #common(which: number): void {
    this.a = COMMON;
    this.b = which;
  }

  #ofObject(value: object, nesting: number): void {
    if (value instanceof Thread) {
      // Whoever has the slot; a thread is named anew when the slot is.
      this.#take(this.#text(`thread ${value.name}`));
      return;
    }
    const known = this.#objects.get(value);
    if (known !== undefined) {
      this.#take(known);
      return;
    }
    if (nesting < nestingMax && isPlain(value)) {
      this.#ofParts(value, nesting + 1);
      return;
    }
    const lanes = this.#nameOf(value);
    this.#objects.set(value, lanes);
    this.#take(lanes);
  }

  #nameOf(value: object): Lanes {
    const { stateName, name, memory } = value as Partial<Described & Named & { memory: unknown }>;
    if (typeof value === 'function') return this.#unlike();
    const kind = (value.constructor as { readonly name?: string } | undefined)?.name ?? '';
    if (typeof stateName === 'string') return this.#text(`${kind} ${stateName}`);
    const own = memory instanceof Memory ? memory.name : name;
    if (typeof own !== 'string') return this.#unlike();
    const key = `${kind} ${own}`;
    const owner = this.#owners.get(key);
    if (owner !== undefined && owner !== value) return this.#unlike();
    this.#owners.set(key, value);
    return this.#text(key);
  }

  /** Equal to nothing else. */
  #unlike(): Lanes {
    const n = ++this.#unknown;
    return { a: mixA(UNKNOWN, n), b: mixB(UNKNOWN, n) };
  }

  /** What a list, a map, a set or a plain object holds, in its order. */
  #ofParts(value: object, nesting: number): void {
    const isList = Array.isArray(value) || value instanceof Set;
    const parts: Iterable<unknown> = isList
      ? (value as Iterable<unknown>)
      : value instanceof Map
        ? [...value].flat()
        : Object.entries(value).flat();
    let a = isList ? LIST : RECORD;
    let b = a;
    for (const part of parts) {
      this.#of(part, nesting);
      a = mixA(a, foldA(this.a, this.b));
      b = mixB(b, foldB(this.a, this.b));
    }
    this.a = a;
    this.b = b;
  }

  #text(text: string): Lanes {
    let lanes = this.#texts.get(text);
    if (lanes === undefined) {
      this.#texts.set(text, (lanes = { a: textA(text), b: textB(text) }));
    }
    return lanes;
  }

  #take({ a, b }: Lanes): void {
    this.a = a;
    this.b = b;
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return `"${value}`;
  if (typeof value === 'bigint') return `${value.toString()}n`;
  if (typeof value === 'symbol') return value.toString();
  return Object.is(value, -0) ? '-0' : String(value);
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  if (typeof value === 'function') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = [Object.prototype, null, Map.prototype, Set.prototype] as readonly unknown[];
  return plain.includes(prototype);
}
