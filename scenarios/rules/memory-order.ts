// Rules of this theme.
import type { RuleExample } from './rule.js';

export const memoryOrderRules: readonly RuleExample[] = [];
