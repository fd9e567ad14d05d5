// Rules about where a thread is: in atomic context, in an interrupt, on which CPU.
import type { RuleExample } from './rule.js';

export const contextRules: readonly RuleExample[] = [];
