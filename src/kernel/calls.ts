// Which functions of a kernel a search has called: a last subclass over the composed one that notes their names.
import type { KernelClass } from './patch.js';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** The same kernel, which puts the name of every function of its own that is called into the set. */
export function tellingCalls(
  Kernel: KernelClass<object>,
  called: Set<string>,
): KernelClass<object> {
  // TypeScript does not extend a constructor of a type parameter (TS2509).
  const Telling = class extends Kernel {};
  for (const [name, body] of functionsOf(Kernel)) {
    Object.defineProperty(Telling.prototype, name, {
      value: function (this: unknown, ...args: unknown[]): unknown {
        called.add(name);
        return body.apply(this, args);
      } satisfies AnyFunction,
    });
  }
  return Telling;
}

/** The last override of every function of a class. */
function functionsOf(Kernel: KernelClass<object>): Map<string, AnyFunction> {
  const found = new Map<string, AnyFunction>();
  let prototype = Kernel.prototype as object | null;
  while (prototype !== null && prototype !== Object.prototype) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      const value = property.value as unknown;
      if (name !== 'constructor' && !found.has(name) && typeof value === 'function') {
        found.set(name, value as AnyFunction);
      }
    }
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return found;
}
