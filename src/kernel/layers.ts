// Which functions of a kernel are the same on two rungs. Where a search has called only functions that are, it would
// come to the same on both, step by step, and need not be run twice.
import type { KernelClass, Patch } from './patch.js';

/** A patch, a switched elision or a mutant, under a name that tells it from others. */
export interface Layer<K> {
  readonly name: string;
  readonly mixin: Patch<K>;
}

/**
 * A text that says where those functions of the kernel come from, and what makes its objects: equal texts, equal
 * behaviour of whoever calls no other function of it. The layers are those of one series.
 */
export function originsOf(layers: readonly Layer<object>[], called: ReadonlySet<string>): string {
  const looks = layers.map(({ name, mixin }) => ({ name, ...lookAt(mixin) }));
  const reached = withSupers(looks, called);
  const origins = [...reached].sort().map((method) => {
    const from = looks.filter(({ methods }) => methods.includes(method)).map(({ name }) => name);
    return from.length === 0 ? '' : `${method}: ${from.join(', ')}`;
  });
  const makers = looks.filter(({ isPlain }) => !isPlain).map(({ name }) => name);
  return [`objects: ${makers.join(', ')}`, ...origins.filter((line) => line !== '')].join('\n');
}

/** A function may call one that it does not override itself by super, past whoever counts the calls. */
function withSupers(looks: readonly Look[], called: ReadonlySet<string>): ReadonlySet<string> {
  const supers = looks
    .filter(({ methods }) => methods.some((method) => called.has(method)))
    .flatMap((look) => look.supers);
  const reached = new Set([...called, ...supers]);
  return reached.size === called.size ? reached : withSupers(looks, reached);
}

interface Look {
  /** The functions that the layer overrides or adds. */
  readonly methods: readonly string[];
  /** Those that it calls by super. */
  readonly supers: readonly string[];
  /** It consists of functions: it has no fields, and does nothing when an object is made. */
  readonly isPlain: boolean;
}

const looks = new WeakMap<object, Look>();

function lookAt(mixin: Patch<object>): Look {
  const known = looks.get(mixin);
  if (known !== undefined) return known;
  const look = lookAnew(mixin);
  looks.set(mixin, look);
  return look;
}

function lookAnew(mixin: Patch<object>): Look {
  let touched = false;
  const touch = (): boolean => (touched = true);
  // An object that notes what is done to it while it is made.
  const Probe = function (this: object) {
    return new Proxy(this, { defineProperty: touch, set: touch });
  } as unknown as KernelClass<object>;
  try {
    const Laid = mixin(Probe);
    const own = Object.getOwnPropertyDescriptors(Laid.prototype as object);
    const methods = Object.keys(own).filter((name) => name !== 'constructor');
    const areAllFunctions = methods.every((name) => typeof own[name]?.value === 'function');
    // A constructor that does more than to pass on what it got gives itself away when an object is made.
    new (Laid as new () => object)();
    const supers = [...String(Laid).matchAll(/\bsuper\s*\.\s*(\w+)/g)].map(([, name = '']) => name);
    const isOneClass = Object.getPrototypeOf(Laid) === Probe;
    const hasPrivate = /#\w/.test(String(Laid));
    return { methods, supers, isPlain: areAllFunctions && isOneClass && !hasPrivate && !touched };
  } catch {
    // It wants more of its base than there is here: who knows what it does.
    return { methods: [], supers: [], isPlain: false };
  }
}
