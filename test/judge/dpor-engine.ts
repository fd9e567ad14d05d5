// Optimal DPOR before the judge, with whatever mistake a test plants in it.
import { dpor, type DporOptions } from '../../scheduler/dpor/dpor.js';
import { signature } from '../../src/machine/index.js';
import { differences, type Engine } from './engine.js';
import { usualEffort } from './reference.js';
import { endState } from './stage.js';
import { hasLoopHeads } from './traces.js';

const { stepsMax } = usualEffort;

/** Optimal DPOR: one execution of each trace, which has every end state and wastes nothing. */
export function reducingOrders(planted: Pick<DporOptions, 'isSeen'> = {}): Engine {
  return {
    name: 'dpor',
    disagreements: (subject) => {
      const { text, program, reference } = subject;
      if (hasLoopHeads(text)) return [];
      const endStates = new Set<string>();
      const signatures = new Set<string>();
      const result = dpor(program, {
        ...planted,
        stepsMax,
        runsMax: 2 * reference.schedules,
        onTrace: ({ machine }) => {
          endStates.add(endState(machine));
          if (machine.verdict.kind !== 'ok') signatures.add(signature(machine.verdict));
        },
      });
      const { failures, traces, wasted, derailed, exhausted, finding } = result;
      if (!exhausted) return [`it runs more than ${String(2 * reference.schedules)} executions`];
      const found = differences({ failed: failures > 0, finding, signatures, endStates }, subject);
      if (traces !== reference.traces) {
        found.push(`${String(traces)} traces, not ${String(reference.traces)}`);
      }
      if (wasted > 0) found.push(`${String(wasted)} executions are wasted`);
      if (derailed > 0) found.push(`it was derailed ${String(derailed)} times`);
      return found;
    },
  };
}
