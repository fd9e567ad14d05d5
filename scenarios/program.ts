// A scenario on a rung, in the shape that the scheduler runs.
import type { Composition } from '../src/kernel/series.js';
import type { Machine, MachineOptions } from '../src/machine/index.js';
import type { Scenario } from './scenario.js';

/** Matches the scheduler's Program. */
export interface ScenarioProgram {
  readonly name: string;
  readonly build: (gear: 'search' | 'trace') => Machine;
}

/**
 * The scenario with the given patches, ready for explore(), prove() and replay(). `wanted` is what the machine shall
 * be, whatever the scenario says.
 * @throws UsageError, when it is built, for patches that the series does not have
 */
export function programOf(
  scenario: Scenario,
  composition?: Composition<object>,
  wanted?: MachineOptions,
): ScenarioProgram {
  return {
    name: scenario.name,
    build: (gear) => {
      const frames = gear === 'trace';
      const options = { frames, machine: wanted };
      return scenario.build(composition === undefined ? options : { ...options, composition })
        .machine;
    },
  };
}
