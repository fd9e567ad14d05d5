// Rules of this theme.
import type { RuleExample } from './rule.js';

export const lockdepRules: readonly RuleExample[] = [];
