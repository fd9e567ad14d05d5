// What a path of the language remembers, and the named paths that it calls: searches may forget the frame of one that
// gives back nothing but primitives and frozen tuples, and must not where it leaves something in its caller's objects.
import { type Cpu, path, type Path } from '../../src/machine/index.js';
import type { CallForm, Value } from './language.js';

/** The local variables of one path. */
export class Locals {
  a: number;
  /** Helpers push here. */
  readonly pushed: number[] = [];
  /** Helpers add to this. */
  readonly box = { sum: 0 };

  constructor(a: number) {
    this.a = a;
  }

  get leaked(): number {
    return this.pushed.reduce((sum, n) => sum + n, this.box.sum);
  }

  /** What a thread ends with. */
  get result(): string {
    return `a=${String(this.a)} pushed=${this.pushed.join()} box=${String(this.box.sum)}`;
  }
}

/** A compiled block. */
export type Code = (cpu: Cpu, locals: Locals) => Path;

export function valueOf(value: Value, locals: Locals): number {
  return value === 'a' ? locals.a : value === 'leaked' ? locals.leaked : value;
}

/** A named path with locals of its own, whose results come back in one of several ways. */
export function helper(form: CallForm, argument: Value, body: Code): Code {
  const inner = function* (cpu: Cpu, a: number): Path<number> {
    const locals = new Locals(a);
    yield* body(cpu, locals);
    return locals.a;
  };
  switch (form) {
    case 'ignored': {
      const ignored = path('ignored', function* (cpu: Cpu, a: number) {
        yield* inner(cpu, a);
      });
      return function* (cpu, locals) {
        yield* ignored(cpu, valueOf(argument, locals));
      };
    }
    case 'returns': {
      const returns = path('returns', inner);
      return function* (cpu, locals) {
        locals.a = yield* returns(cpu, valueOf(argument, locals));
      };
    }
    case 'tuple': {
      type Pair = readonly [number, number];
      const tuple = path('tuple', function* (cpu: Cpu, [a, b]: Pair): Path<Pair> {
        return Object.freeze([b, yield* inner(cpu, a)] as const);
      });
      return function* (cpu, locals) {
        const given: Pair = Object.freeze([valueOf(argument, locals), 1] as const);
        const [, a] = yield* tuple(cpu, given);
        locals.a = a;
      };
    }
    case 'pushes': {
      const pushes = path('pushes', function* (cpu: Cpu, a: number, to: number[]): Path {
        to.push(yield* inner(cpu, a));
      });
      return function* (cpu, locals) {
        yield* pushes(cpu, valueOf(argument, locals), locals.pushed);
      };
    }
    case 'mutates': {
      const mutates = path('mutates', function* (cpu: Cpu, a: number, box: { sum: number }): Path {
        box.sum += yield* inner(cpu, a);
      });
      return function* (cpu, locals) {
        yield* mutates(cpu, valueOf(argument, locals), locals.box);
      };
    }
  }
}
