// A scenario on a rung, in the shape that the scheduler runs.
import type { Composition } from '../src/kernel/series.js';
import type { Machine, MachineOptions } from '../src/machine/index.js';
import type { BuildOptions, Built, Scenario } from './scenario.js';

/** Matches the scheduler's Program. */
export interface ScenarioProgram {
  readonly name: string;
  readonly build: (gear: 'search' | 'stateful' | 'trace') => Machine;
  /** Whom a counterexample may do without. */
  readonly cast: {
    readonly actors: readonly string[];
    readonly without: (names: readonly string[]) => ScenarioProgram;
  };
}

/**
 * The scenario with the given patches, ready for explore(), prove() and replay(). `wanted` is what the machine shall
 * be, whatever the scenario says; the actors of `leaveOut` do not come.
 * @throws UsageError, when it is built, for patches that the series does not have
 */
export function programOf(
  scenario: Scenario,
  composition?: Composition<object>,
  wanted?: MachineOptions,
  leaveOut: readonly string[] = [],
): ScenarioProgram {
  const options = { machine: wanted, leaveOut };
  return programWith(scenario, composition === undefined ? options : { ...options, composition });
}

/** The scenario as it is built with these options; frames are added where the gear needs them. */
export function programWith(
  scenario: Scenario,
  options: Omit<BuildOptions, 'frames'>,
): ScenarioProgram {
  const build = (frames: boolean): Built => scenario.build({ ...options, frames });
  const { leaveOut = [] } = options;
  return {
    name: scenario.name,
    build: (gear) => build(gear !== 'search').machine,
    cast: {
      get actors() {
        return build(false).actors.filter((name) => !leaveOut.includes(name));
      },
      without: (names) => programWith(scenario, { ...options, leaveOut: [...leaveOut, ...names] }),
    },
  };
}
