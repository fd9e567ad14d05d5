// A patch is a mixin over an era's kernel class: it overrides the functions that the patch rewrote, and nothing
// else. Mutants are made the same way. Which patches make up a rung is for series.ts.
import {
  type Cpu as MachineCpu,
  type Lock,
  type Machine,
  type Path,
  UsageError,
} from '../machine/index.js';

export type KernelClass<out K> = new (machine: Machine) => K;

/** `Adds` is what the patch gives to later ones. */
export interface Patch<K, Adds = unknown> {
  (Base: KernelClass<K>): KernelClass<K & Adds>;
  /** The patches without which this one does not even compile. */
  readonly requires?: readonly Patch<K>[];
  /** How a mutant reads in the label of a rung. */
  readonly label?: string;
}

/** A change that can be made to any kernel class that has the functions it names. */
export interface Mutant {
  <K>(Base: KernelClass<K>): KernelClass<K>;
  readonly label: string;
}

/** A patch that uses what others added: leaving one of those out is a usage error, not a run-time surprise. */
export function requires<K, A, R = unknown>(
  needed: Patch<K, A>,
  mixin: (Base: KernelClass<K & A>) => KernelClass<K & R>,
): Patch<K, R>;
export function requires<K, A, B, R = unknown>(
  needed: readonly [Patch<K, A>, Patch<K, B>],
  mixin: (Base: KernelClass<K & A & B>) => KernelClass<K & R>,
): Patch<K, R>;
export function requires<K>(
  needed: Patch<K> | readonly Patch<K>[],
  mixin: (Base: never) => KernelClass<K>,
): Patch<K> {
  const all = typeof needed === 'function' ? [needed] : needed;
  return Object.assign(mixin as unknown as (Base: KernelClass<K>) => KernelClass<K>, {
    requires: all,
  });
}

/**
 * A patch that takes all of those for granted: it rewrites what they did, so that leaving one of them out would mean
 * nothing. `B` is the kernel that they have made.
 */
export function standingOn<K, B extends K>(needed: readonly Patch<K>[], mixin: Patch<B>): Patch<K> {
  const whole: Patch<K> = (Base) => mixin(Base as unknown as KernelClass<B>);
  return Object.assign(whole, { requires: needed });
}

type Names<K, V> = { [P in keyof K]: K[P] extends V ? P : never }[keyof K] & string;

/** The C functions of an era. */
export type PathName<K> = Names<K, (cpu: never, ...args: never[]) => Path<unknown>>;

/** The locks of an era: its global ones, and the classes of those inside objects. */
export type LockName<K> =
  | Names<K, Lock>
  | (K extends { readonly objectLockClasses: readonly (infer L extends string)[] } ? L : never);

type AnyPath = (this: unknown, own: MachineCpu, ...args: unknown[]) => Path<unknown>;

/** What every `function*` is an instance of; JavaScript has no name for it. */
const GeneratorFunction = (
  Object.getPrototypeOf(function* (): Generator<undefined, void, void> {
    yield undefined;
  }) as { readonly constructor: new () => AnyPath }
).constructor;

/** The names of all paths of a kernel class, sorted. */
export function pathNames(Kernel: KernelClass<unknown>): string[] {
  const found = new Set<string>();
  let prototype = Kernel.prototype as object | null;
  while (prototype !== null && prototype !== Object.prototype) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if ((property.value as unknown) instanceof GeneratorFunction) found.add(name);
    }
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return [...found].sort();
}

/**
 * A mutant: inside one path, and whatever that calls, locks of one class are not taken.
 * Apply it after all patches, so that it meets the last override of the path.
 */
export function dropLock<K extends object>(path: PathName<K>, lock: LockName<K>): Mutant {
  const label = `${path} without ${lock}`;
  return Object.assign(<B>(Base: KernelClass<B>): KernelClass<B> => dropIn(Base, path, lock), {
    label,
  });
}

function dropIn<B>(Base: KernelClass<B>, path: string, lock: string): KernelClass<B> {
  const original = (Base.prototype as Readonly<Record<string, unknown>>)[path];
  if (!(original instanceof GeneratorFunction)) {
    throw new UsageError(
      `this kernel has no path ${path}; choose one of: ${pathNames(Base).join(', ')}`,
    );
  }
  // TypeScript does not extend a constructor of a type parameter (TS2509).
  const Mutated = class extends (Base as unknown as KernelClass<object>) {};
  Object.defineProperty(Mutated.prototype, path, {
    value: function* (this: unknown, own: MachineCpu, ...args: unknown[]): Path<unknown> {
      return yield* original.call(this, own.without(lock), ...args);
    } satisfies AnyPath,
  });
  return Mutated as unknown as KernelClass<B>;
}
