// Which rule a cycle breaks, and what lockdep calls it (print_deadlock_bug(), print_circular_bug(),
// print_usage_bug() and print_bad_irq_dependency() in kernel/locking/lockdep.c).
import type { Cycle } from './cycles.js';

export interface Classified {
  readonly rule: 'K-02' | 'K-03' | 'K-04' | 'K-07';
  readonly title: string;
}

export function classify(cycle: Cycle): Classified {
  const irq = cycle.find(({ via }) => via === 'hardirq' || via === 'softirq')?.via;
  if (irq !== undefined) {
    if (cycle.length === 1) return { rule: 'K-04', title: 'inconsistent lock state' };
    const state = irq.toUpperCase();
    return { rule: 'K-04', title: `${state}-safe -> ${state}-unsafe lock order detected` };
  }
  if (cycle.some(({ via }) => via === 'event')) {
    return { rule: 'K-07', title: 'possible circular locking dependency detected' };
  }
  if (cycle.length > 1) {
    return { rule: 'K-02', title: 'possible circular locking dependency detected' };
  }
  const readsOnly = cycle.every(({ held, taken }) => held === 'read' && taken === 'read');
  return { rule: readsOnly ? 'K-03' : 'K-02', title: 'possible recursive locking detected' };
}
