// The table of rules, by theme.
import { contextRules } from './contexts.js';
import { faultRules } from './faults.js';
import { livenessRules } from './liveness.js';
import { lockdepRules } from './lockdep.js';
import { lockRules } from './locks.js';
import { memoryOrderRules } from './memory-order.js';
import { raceRules } from './races.js';
import { rcuRules } from './rcu.js';
import type { Scenario } from '../scenario.js';
import type { RuleExample } from './rule.js';
import { timeRules } from './time.js';
import { waitingRules } from './waiting.js';

export type { RuleExample } from './rule.js';

/** The programs of the table, by name: they can be explored and proved like any scenario. */
export function ruleScenarios(): Scenario[] {
  return ruleThemes.flatMap(({ rules }) =>
    rules.flatMap(({ broken, neighbour }) => [broken, neighbour]),
  );
}

export interface RuleTheme {
  readonly title: string;
  readonly rules: readonly RuleExample[];
}

export const ruleThemes: readonly RuleTheme[] = [
  { title: 'Locks', rules: lockRules },
  { title: 'Contexts', rules: contextRules },
  { title: 'Waiting', rules: waitingRules },
  { title: 'Time', rules: timeRules },
  { title: 'RCU', rules: rcuRules },
  { title: 'Lock order', rules: lockdepRules },
  { title: 'Data races', rules: raceRules },
  { title: 'Liveness', rules: livenessRules },
  { title: 'Faults', rules: faultRules },
  { title: 'Memory order', rules: memoryOrderRules },
];
