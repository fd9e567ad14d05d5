// Rules of this theme.
import type { RuleExample } from './rule.js';

export const raceRules: readonly RuleExample[] = [];
