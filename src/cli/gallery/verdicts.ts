// What an entry of the gallery comes to: the broken form is looked for and made small, the other one is proved.
import {
  type ForbiddenEntry,
  type GalleryEntry,
  programOf,
  type RaceEntry,
} from '../../../scenarios/index.js';
import {
  defaultPortfolio,
  explore,
  prove,
  type Proof,
  reduce,
  replay,
} from '../../../scheduler/index.js';
import { UsageError } from '../../machine/errors.js';
import type { Trace } from '../../trace/trace.js';

/** Schedules within which a broken form must be found. */
export const schedulesAllowed = 10_000;

/** A race, found and made small. */
export interface Found {
  /** Schedules of the default portfolio that it took. */
  readonly runs: number;
  readonly strategy: string;
  /** Every schedule with fewer preemptions was run, and none shows it. */
  readonly minimal: boolean;
  readonly signature: string;
  /** Threads that take a step. */
  readonly threads: number;
  readonly trace: Trace;
}

/** @throws UsageError where it is not found */
export function findRace({ id, scenario, broken }: RaceEntry): Found {
  const program = programOf(scenario, broken);
  const campaign = explore(program, {
    seed: 'gallery',
    runs: schedulesAllowed,
    strategies: defaultPortfolio,
  });
  const { finding, runs, strategy = 'the first schedule' } = campaign;
  if (finding === undefined) {
    throw new UsageError(`${id}: nothing was found in ${String(runs)} schedules`);
  }
  const reduced = reduce(program, finding, { leaveOut: true });
  const { trace } = replay(reduced.program, reduced.finding.schedule);
  const acting = trace.entries.flatMap((entry) => (entry.kind === 'step' ? [entry.thread] : []));
  return {
    runs,
    strategy,
    minimal: reduced.minimal,
    signature: reduced.finding.signature,
    threads: new Set(acting).size,
    trace,
  };
}

/** The patches of the form without the race. */
export function clearForm(entry: GalleryEntry): RaceEntry['fixed'] {
  return entry.kind === 'race' ? entry.fixed : (entry satisfies ForbiddenEntry).clear;
}

/** Proves the form without the race as far as the entry claims, or as far as `states` go; one step may fail. */
export function proveClear(entry: GalleryEntry, states = entry.proof.states): Proof {
  return prove(programOf(entry.scenario, clearForm(entry), { faults: 1 }), {
    preemptionsMax: entry.proof.preemptions,
    statesMax: states,
    runsMax: states,
  });
}
