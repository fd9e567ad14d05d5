// Budgets of executions are meant for executions of a usual length. One of a million steps would take hours with them.
import { limits } from '../../src/limits.js';

/** So many executions, or fewer where each takes very many steps; at least one. */
export function affordable(runs: number, steps: number): number {
  return Math.max(1, Math.min(runs, Math.floor(limits.reduceSteps / Math.max(1, steps))));
}
