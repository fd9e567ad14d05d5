// Call frames are added from outside: a model says nothing of them. One reusable call object per thread and
// depth sees a path's end; sampling runs without any.
import { limits } from '../limits.js';
import { ModelError } from './errors.js';
import type { Cpu } from './cpu/cpu.js';
import type { Operation, Path } from './op.js';
import type { CallListener } from './tracer.js';

/** One open call; it passes its path's steps through and tells when the path has returned. */
class Call implements Iterator<Operation, unknown, void> {
  path: Iterator<Operation, unknown, void> | undefined;
  name = '';
  readonly #stack: CallStack;

  constructor(stack: CallStack) {
    this.#stack = stack;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Operation, unknown> {
    const step = (this.path as Iterator<Operation, unknown, void>).next();
    if (step.done === true) this.#stack.close(this.name, step.value);
    return step;
  }
}

/** The open calls of one thread. */
export class CallStack {
  depth = 0;
  readonly #calls: Call[] = [];
  readonly #thread: number;
  readonly #listeners: readonly CallListener[];

  constructor(thread: number, listeners: readonly CallListener[]) {
    this.#thread = thread;
    this.#listeners = listeners;
  }

  /** The function that runs; undefined outside of any. */
  get innermost(): string | undefined {
    return this.depth === 0 ? undefined : this.#calls[this.depth - 1]?.name;
  }

  /** The open function of that depth, 0 for the innermost one. */
  name(depth: number): string | undefined {
    return depth < this.depth ? this.#calls[this.depth - 1 - depth]?.name : undefined;
  }

  open(name: string, args: readonly unknown[], path: Path<unknown>): Path<unknown> {
    if (this.depth === limits.framesMax) {
      throw new ModelError(`${name}() is nested more than ${String(limits.framesMax)} calls deep`);
    }
    let call = this.#calls[this.depth];
    if (call === undefined) this.#calls.push((call = new Call(this)));
    this.depth++;
    call.path = path;
    call.name = name;
    for (const listener of this.#listeners) listener.enter(this.#thread, name, args);
    return call as unknown as Path<unknown>;
  }

  close(name: string, result: unknown): void {
    this.depth--;
    for (const listener of this.#listeners) listener.leave(this.#thread, name, result);
  }
}

type AnyPath = (this: unknown, cpu: Cpu<never>, ...args: never[]) => Path<unknown>;

/** Wraps a path so that its calls are frames where somebody traces, and nothing where nobody does. */
function framedPath(name: string, path: AnyPath): AnyPath {
  return function (this: unknown, cpu, ...args) {
    const calls = cpu.calls;
    const generator: Path<unknown> = path.call(this, cpu, ...args);
    return calls === undefined ? generator : calls.open(name, args, generator);
  };
}

/**
 * Names a path of a plain model, so that its calls show as frames.
 * @example const push = path('push', function* (cpu: Cpu, stack: Stack, value: number) { ... });
 */
export function path<Args extends readonly unknown[], R, C extends Cpu>(
  name: string,
  body: (cpu: C, ...args: Args) => Path<R>,
): (cpu: C, ...args: Args) => Path<R> {
  return framedPath(name, body as unknown as AnyPath) as unknown as (
    cpu: C,
    ...args: Args
  ) => Path<R>;
}

/** What every `function*` is an instance of; JavaScript has no name for it. */
const GeneratorFunction = (
  Object.getPrototypeOf(function* (): Generator<undefined, void, void> {
    yield undefined;
  }) as { readonly constructor: new () => AnyPath }
).constructor;

type Class<K> = new (...args: never[]) => K;

/** The names of all paths of a class. */
export function pathNames(kernel: Class<object>): string[] {
  return [...pathsOf(kernel).keys()];
}

/** The last override of every path of a class: one C function is one frame, whatever super calls it is made of. */
function pathsOf(kernel: Class<object>): Map<string, AnyPath> {
  const found = new Map<string, AnyPath>();
  let prototype: object | null = kernel.prototype as object;
  while (prototype !== null && prototype !== Object.prototype) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      const value: unknown = property.value;
      if (!found.has(name) && value instanceof GeneratorFunction) found.set(name, value);
    }
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return found;
}

/** The same kernel, whose calls are frames. Its types and its super calls are untouched. */
export function framed<C extends Class<object>>(kernel: C): C {
  const Framed = class extends (kernel as unknown as new (...args: unknown[]) => object) {};
  for (const [name, body] of pathsOf(kernel)) {
    Object.defineProperty(Framed.prototype, name, { value: framedPath(name, body) });
  }
  return Framed as unknown as C;
}
