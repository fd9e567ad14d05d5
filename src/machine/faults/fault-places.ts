// Faults at exact places: the 2nd allocation in find_css_set fails, in every call, in every schedule. Counted is what
// happens while the function runs, in the functions that it calls as well; a thread counts as a function of its name.
import { UsageError } from '../errors.js';
import type { Thread } from '../thread.js';

/** What can fail: an allocation, a callback that may refuse, any other step that says so. */
export type Fallible = 'kmalloc' | 'veto' | 'may_fail';

/** `find_css_set:2`, or for one kind of step only, `cgroup_attach_task.veto:1`. */
export interface FaultPlace {
  readonly text: string;
  readonly path: string;
  /** Undefined for all kinds, which are counted together. */
  readonly step: Fallible | undefined;
  /** Counted from 1. */
  readonly n: number;
}

/**
 * Reads a place.
 * @throws UsageError for what is none
 */
export function faultPlace(text: string): FaultPlace {
  const [, path, step, n] =
    /^([\w/#-]+)(?:\.(kmalloc|veto|may_fail))?:([1-9]\d{0,5})$/.exec(text) ?? [];
  if (path === undefined) {
    throw new UsageError(
      `"${text}" is no place for a fault; write FUNCTION:N, as in find_css_set:2, or ` +
        'FUNCTION.kmalloc:N, FUNCTION.veto:N, FUNCTION.may_fail:N',
    );
  }
  return { text, path, step: step as Fallible | undefined, n: Number(n) };
}

/** What became of a place, over all executions of a machine. */
export interface FaultTally {
  readonly place: string;
  /** How often it failed there. */
  struck: number;
  /** The most steps that one call came to which could have been the one. */
  most: number;
}

/** What became of each place over several machines, or several parts of a campaign. */
export function sumOfTallies(tallies: readonly FaultTally[]): FaultTally[] {
  const sums = new Map<string, FaultTally>();
  for (const { place, struck, most } of tallies) {
    const sum = sums.get(place) ?? { place, struck: 0, most: 0 };
    sums.set(place, { place, struck: sum.struck + struck, most: Math.max(sum.most, most) });
  }
  return [...sums.values()];
}

/** An open call, and per place how many steps it has come to. */
interface OpenCall {
  readonly name: string;
  readonly counts: number[];
}

export class FaultPlaces {
  readonly places: readonly FaultPlace[];
  readonly tallies: readonly FaultTally[];
  readonly #calls: OpenCall[][] = [];

  constructor(texts: readonly string[]) {
    this.places = texts.map(faultPlace);
    this.tallies = texts.map((place) => ({ place, struck: 0, most: 0 }));
  }

  /** A new execution begins. */
  restart(): void {
    this.#calls.length = 0;
  }

  /** The executions so far are to leave nothing in the tallies. */
  forget(): void {
    for (const tally of this.tallies) tally.struck = tally.most = 0;
  }

  /** What the tallies have come to; whoever takes it leaves nothing to be counted twice. */
  taken(): FaultTally[] {
    const tallies = this.tallies.map((tally) => ({ ...tally }));
    this.forget();
    return tallies;
  }

  /** A path was called: the thread's `depth`-th open call, counted from 1. */
  enter(thread: Thread, name: string, depth: number): void {
    const calls = this.#callsOf(thread);
    calls.length = Math.min(calls.length, depth);
    calls.push(this.#opened(name));
  }

  /** Whether this step is one that fails. */
  strikes(
    { thread, depth }: { readonly thread: Thread; readonly depth: number },
    step: Fallible,
  ): boolean {
    const calls = this.#callsOf(thread);
    calls.length = Math.min(calls.length, depth + 1);
    let struck = false;
    for (const [p, place] of this.places.entries()) {
      if (place.step !== undefined && place.step !== step) continue;
      for (const call of calls) {
        if (call.name === place.path && this.#counts(call, p) === place.n) struck = true;
      }
    }
    return struck;
  }

  #counts(call: OpenCall, p: number): number {
    const count = (call.counts[p] ?? 0) + 1;
    call.counts[p] = count;
    const tally = this.tallies[p] as FaultTally;
    tally.most = Math.max(tally.most, count);
    if (count === (this.places[p] as FaultPlace).n) tally.struck++;
    return count;
  }

  /** The thread itself is the outermost call. */
  #callsOf(thread: Thread): OpenCall[] {
    while (this.#calls.length <= thread.index) this.#calls.push([]);
    const calls = this.#calls[thread.index] as OpenCall[];
    if (calls.length === 0) calls.push(this.#opened(thread.name));
    return calls;
  }

  #opened(name: string): OpenCall {
    return { name, counts: [] };
  }
}
