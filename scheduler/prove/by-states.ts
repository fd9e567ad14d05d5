// Iterative context bounding over states. First everything at once, without a bound: where that comes to its end and
// finds nothing, it is the proof. Where something fails, the bounds are gone through from none upwards, so that the
// failure that is reported is one with the fewest preemptions, and everything with fewer was looked at.
import { limits } from '../../src/limits.js';
import { type Finding, isSimpler } from '../finding.js';
import { enumerate } from '../enumerate.js';
import { findCycles } from '../lockdep/cycles.js';
import { LockGraph } from '../lockdep/graph.js';
import type { Program } from '../program.js';
import type { ProveOptions, Searched } from '../prove.js';
import type { Helped, Helpers, Rest } from '../stateful/helpers.js';
import { proveByFewTraces } from './few-traces.js';
import { type Search, searchStates } from '../stateful/search.js';

/** States after which it is tried whether there are few traces. */
const shortStates = 20_000;
/** After a first failure, how many more states with as many preemptions are looked through for a simpler one. */
const polishStates = 5_000;
/** And how many schedules, since of those that lead to a state only the first is known. */
const polishRuns = 5_000;

export function proveByStates(program: Program, options: ProveOptions, graph: LockGraph): Searched {
  return new Levels(program, options, graph).run();
}

class Levels {
  readonly #program: Program;
  readonly #options: ProveOptions;
  readonly #graph: LockGraph;
  #statesLeft: number;
  #runs = 0;
  #steps = 0;
  #bytes = 0;
  #exhaustedTo = -1;

  constructor(program: Program, options: ProveOptions, graph: LockGraph) {
    this.#program = program;
    this.#options = options;
    this.#graph = graph;
    this.#statesLeft = options.statesMax ?? limits.statesDefault;
  }

  run(): Searched {
    const lastBound = this.#options.preemptionsMax;
    if (lastBound !== undefined) return this.#climb(lastBound, undefined);
    const short = this.#isAuto ? this.#unbounded(shortStates) : undefined;
    const isCutShort =
      short !== undefined && short.finding === undefined && short.states >= shortStates;
    if (short !== undefined && (short.exhausted || !isCutShort)) return this.#after(short);
    const byTraces = isCutShort && proveByFewTraces(this.#program, this.#options, this.#graph);
    if (byTraces) return byTraces;
    return this.#after(this.#unbounded(Number.POSITIVE_INFINITY));
  }

  /** Half of the budget at most: the rest is for the bounds, should this not come to its end. */
  #unbounded(statesMax: number): Search {
    const { runsMax } = this.#options;
    return this.#search(
      Number.POSITIVE_INFINITY,
      Math.min(statesMax, Math.ceil(this.#statesLeft / 2)),
      runsMax && Math.ceil(runsMax / 2),
    );
  }

  /** The proof, if everything was looked at and nothing failed; otherwise the bounds, from none upwards. */
  #after(whole: Search): Searched {
    if (whole.exhausted && whole.finding === undefined && whole.limited === 0) {
      return this.#answer(whole, undefined);
    }
    const enough = this.#options.preemptionsEnough ?? Number.POSITIVE_INFINITY;
    return this.#climb(whole.finding?.preemptions ?? enough, whole);
  }

  get #isAuto(): boolean {
    const { engine = 'auto', signature } = this.#options;
    return engine === 'auto' && signature === undefined;
  }

  /** One bound after the other, up to the last; `whole` is what the search without a bound has come to, if there was one. */
  #climb(lastBound: number, whole: Search | undefined): Searched {
    for (let bound = 0; ; bound++) {
      // What has failed already needs no search with as many preemptions.
      if (whole?.finding !== undefined && bound === lastBound) return this.#answer(whole, bound);
      const level = this.#search(bound, this.#statesLeft);
      const nothing = level.exhausted && level.finding === undefined;
      if (nothing && level.limited === 0) {
        this.#exhaustedTo = level.bounded ? bound : Number.POSITIVE_INFINITY;
      }
      if (nothing && level.bounded && bound < lastBound && level.limited === 0) continue;
      const failed = level.finding === undefined && whole?.finding !== undefined;
      return this.#answer(failed ? whole : level, bound);
    }
  }

  #search(preemptionsMax: number, statesMax: number, runsMax = this.#runsLeft): Search {
    const before = this.#runs;
    const { onFinding, onProgress } = this.#options;
    // A search that learns that there is more to look at begins anew; its bar stands still meanwhile.
    let most = 0;
    const search = searchStates(this.#program, {
      ...this.#options,
      all: false,
      preemptionsMax,
      statesMax,
      runsMax,
      statesAfterFinding: Number.isFinite(preemptionsMax) ? polishStates : 0,
      onFinding: (finding) => onFinding?.(finding, before + 1),
      onProgress: (states, done) => {
        most = Math.max(most, done);
        const remaining = { done: most, leaves: undefined };
        onProgress?.({ runs: before, states, preemptions: preemptionsMax, remaining });
      },
      helpers: this.#helpers,
      onLocks: (machine, copy) => {
        this.#graph.collect({ machine, recorder: { copy } });
      },
    });
    this.#runs += search.runs;
    this.#steps += search.transitions;
    this.#statesLeft = Math.max(1, this.#statesLeft - search.states);
    this.#bytes = Math.max(this.#bytes, search.bytes);
    return search;
  }

  /** Cycles of locks are told with the schedules that show them, and those of helpers come in no certain order. */
  get #helpers(): Helpers | undefined {
    const { helpers } = this.#options;
    if (helpers === undefined) return undefined;
    const finish = (rest: Rest): Helped | undefined => {
      const helped = helpers.finish(rest);
      if (helped === undefined) return undefined;
      const graph = new LockGraph();
      graph.absorb(this.#graph.sightings);
      graph.absorb(helped.locks);
      return findCycles(graph.dependencies()).length === 0 ? helped : undefined;
    };
    return { ...helpers, finish };
  }

  get #runsLeft(): number | undefined {
    const { runsMax } = this.#options;
    return runsMax === undefined ? undefined : Math.max(0, runsMax - this.#runs);
  }

  /** @param bound that of the level; undefined for none */
  #answer(level: Search, bound: number | undefined): Searched {
    const { finding, limited, states, transitions, failures, exhausted } = level;
    const proved = exhausted && finding === undefined && limited === 0;
    const complete = proved && !level.bounded;
    if (proved) this.#exhaustedTo = complete ? Number.POSITIVE_INFINITY : (bound ?? 0);
    const simplest = finding && this.#polished(finding);
    return {
      outcome: finding !== undefined ? 'broken' : proved ? 'proved' : 'limit',
      engine: 'stateful',
      finding: simplest,
      minimal: simplest !== undefined && this.#exhaustedTo >= simplest.preemptions - 1,
      runs: this.#runs,
      schedules: undefined,
      states,
      transitions,
      bytes: this.#bytes,
      failures,
      steps: this.#steps,
      exhaustedTo: this.#exhaustedTo,
      exhausted,
      complete,
      limited,
      interrupted: this.#options.interrupted?.() === true,
    };
  }

  /** A simpler failure with as many preemptions, if one is soon found. */
  #polished(finding: Finding): Finding {
    const { finding: other } = enumerate(this.#program, {
      ...this.#options,
      all: false,
      preemptionsMax: finding.preemptions,
      runsMax: polishRuns,
      onFinding: undefined,
    });
    return other !== undefined && isSimpler(other, finding) ? other : finding;
  }
}
