// What a search by states cannot do: where something that decides how an execution goes on, or what it is blamed for, is
// not part of the state.
import { type Machine, UsageError } from '../../src/machine/index.js';

/** Why the machine's schedules cannot be searched by states; undefined where they can. */
export function unfitForStates(machine: Machine, countsAll: boolean): UsageError | undefined {
  const why = countsAll
    ? 'to go on after a failure and count them all is for schedules, not for states'
    : machine.races !== undefined
      ? 'whether a data race is one depends on how a state was reached'
      : machine.faults.places !== undefined
        ? 'which call a failing step is counted in depends on how a state was reached'
        : machine.profile.drop.length > 0
          ? 'which steps are left out depends on what a thread has done before'
          : undefined;
  return why === undefined
    ? undefined
    : new UsageError(`the stateful engine cannot do this: ${why}; use --engine enumerate`);
}
