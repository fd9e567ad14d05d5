// How a search of states gets help from other cores. Once it has taken long, it hands out all that it has left to try. If
// the helpers come to the end of it and nothing is the matter, that is the answer: every state was looked at, and each
// by one of them. If anything is the matter (a failure, a cut, no room), what they found is dropped and the search goes
// on by itself where it was. So its answer is the same with helpers and without, to the last count.
import type { LockdepWatches } from '../../src/machine/index.js';
import { LockGraph, type LockSightings } from '../lockdep/graph.js';
import type { Program, RunOptions } from '../program.js';
import { StatefulSearch } from './search.js';
import type { KnownStates } from './visited.js';
import type { TrailPart } from './trail.js';

/** What a search hands out. */
export interface Rest {
  readonly part: TrailPart;
  /** Adds all states that it has seen. */
  readonly addStatesTo: (add: (a: number, b: number) => void) => void;
  /** How many these are. */
  readonly states: number;
  /** How many there may be in all. */
  readonly statesMax: number;
  /** What lockdep keeps account of: it is part of what a state is. */
  readonly watches: LockdepWatches;
  /** How it goes back: its helpers have to do the same. */
  readonly goesBack: 'by undoing' | 'by running again';
  /** How many more ways may be followed; undefined for any number. */
  readonly runsLeft: number | undefined;
}

/** What helpers have come to, together, where nothing was the matter. */
export interface Helped {
  /** All states, those included that were known before. */
  readonly known: KnownStates;
  readonly transitions: number;
  readonly runs: number;
  readonly locks: LockSightings;
}

export interface Helpers {
  /** Asked now and then: is it time to get help? */
  readonly areWanted: () => boolean;
  /** Undefined where something is the matter. */
  readonly finish: (rest: Rest) => Helped | undefined;
}

/** What one helper has come to with one part. */
export interface PartDone {
  readonly transitions: number;
  readonly runs: number;
  readonly locks: LockSightings;
  /** It was followed to its end, nothing failed, and other machines see the same states. */
  readonly isClean: boolean;
}

/** One helper: it tries parts of what another search of the same program has left, on a machine of its own. */
export class Helper {
  readonly #search: StatefulSearch;
  #graph = new LockGraph();

  constructor(
    program: Program,
    options: RunOptions,
    { watches, goesBack }: Pick<Rest, 'watches' | 'goesBack'>,
  ) {
    this.#search = new StatefulSearch(program, {
      ...options,
      all: false,
      goesBack,
      statesMax: Number.POSITIVE_INFINITY,
      onLocks: (machine, copy) => {
        this.#graph.collect({ machine, recorder: { copy } });
      },
    });
    this.#search.machine.lockdep.forget(watches);
  }

  /** @param share called now and then: gives a part of what is left to whoever has nothing left */
  run(
    part: TrailPart,
    states: KnownStates,
    share: (give: () => TrailPart | undefined) => void,
  ): PartDone {
    this.#graph = new LockGraph();
    const done = this.#search.runPart(part, states, share);
    return { ...done, locks: this.#graph.sightings };
  }
}
