// Stateful search before the judge, with whatever mistake a test plants in it.
import { searchStates, type StatefulOptions } from '../../scheduler/index.js';
import { differences, type Engine, setDifferences } from './engine.js';
import { usualEffort } from './reference.js';
import { endState } from './stage.js';
import type { Subject } from './subject.js';

const { stepsMax } = usualEffort;

type Planted = Pick<StatefulOptions, 'tracker' | 'seesBudget'>;

/**
 * Stateful search: every failure that is the first one of some execution, every state in which an execution ends, and
 * under bounds a failure exactly from the fewest preemptions on that any has.
 */
export function visitingStates(planted: Planted = {}): Engine {
  return {
    name: 'stateful',
    disagreements: (subject) => [
      ...withoutBounds(subject, planted),
      ...underBounds(subject, planted),
    ],
  };
}

function withoutBounds(subject: Subject, planted: Planted): string[] {
  const { program, reference } = subject;
  const ends = new Set<string>();
  const search = searchStates(program, {
    ...planted,
    stepsMax,
    onEnd: (machine) => void ends.add(endState(machine)),
  });
  if (!search.exhausted) return ['it is not exhausted'];
  const signatures = new Set(search.signatures);
  const missing = [...reference.failures.keys()].filter((each) => !signatures.has(each));
  return [
    ...differences({ failed: search.failures > 0, finding: search.finding, signatures }, subject),
    ...missing.map((each) => `it does not come to: ${each}`),
    ...setDifferences(ends, reference.firstEnds),
  ];
}

function underBounds({ program, reference }: Subject, planted: Planted): string[] {
  const bounds = new Set(
    [...reference.failures.values()].flatMap((fewest) => [fewest - 1, fewest]),
  );
  const found: string[] = [];
  for (const preemptionsMax of bounds) {
    if (preemptionsMax < 0) continue;
    const search = searchStates(program, { ...planted, stepsMax, preemptionsMax });
    const within = [...reference.failures].filter(([, fewest]) => fewest <= preemptionsMax);
    const expected = within.map(([signature]) => signature).sort();
    if (search.signatures.join() !== expected.join()) {
      found.push(
        `with ${String(preemptionsMax)} preemptions it comes to [${search.signatures.join('; ')}], ` +
          `not [${expected.join('; ')}]`,
      );
    }
  }
  return found;
}
