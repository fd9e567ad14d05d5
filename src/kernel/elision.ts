// What a path leaves out, as data: a section that a model leaves out can invent a race, or hide one, so every
// answer names the elisions it rests on.
import type { Patch } from './patch.js';

export interface Elision<K = unknown> {
  /** Short and unique within the era: `exit_mm`. */
  readonly id: string;
  /** The path that leaves it out, by its C name. */
  readonly path: string;
  /** The calls or statements around the section. */
  readonly between: readonly [after: string, before: string];
  /** One sentence: what is not modelled. */
  readonly leavesOut: string;
  /** Lock classes that the section takes on the objects that are modelled. */
  readonly locks: readonly string[];
  /** Present where the section could open or close a window: then it can be switched. */
  readonly decides?: Switch<K>;
}

export type Switch<K> =
  /** The section is modelled by default; the mixin leaves it out. */
  | { readonly byDefault: 'modelled'; readonly elide: Patch<K> }
  /** The section is left out by default; the mixin puts it in. */
  | { readonly byDefault: 'left out'; readonly fill: Patch<K> };

/** True if the elision is in force where these were switched. */
export function isInForce<K>(
  elision: Elision<K>,
  elided: readonly string[],
  filled: readonly string[],
): boolean {
  switch (elision.decides?.byDefault) {
    case undefined:
      return true;
    case 'modelled':
      return elided.includes(elision.id);
    case 'left out':
      return !filled.includes(elision.id);
  }
}
