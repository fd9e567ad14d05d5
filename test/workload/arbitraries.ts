// Workloads for fast-check. What is smaller is simpler: fewer events, fewer choices, one process of one thread, two
// CPUs, everything done by the first task and the first administrator.
import fc from 'fast-check';
import type { Workload, WorkloadEvent } from './workload.js';

type Kind = WorkloadEvent['kind'];

const choices = fc.array(fc.record({ gap: fc.nat(150), pick: fc.integer({ min: 1, max: 4 }) }), {
  maxLength: 2,
});
const task = fc.nat(5);
const by = fc.nat(1);

const byKind = {
  fork: fc.record({
    kind: fc.constant('fork' as const),
    task,
    thread: fc.boolean(),
    choices,
  }),
  exit: fc.record({ kind: fc.constant('exit' as const), task, choices }),
  attach: fc.record({
    kind: fc.constant('attach' as const),
    task,
    process: fc.boolean(),
    to: fc.constantFrom('D' as const, 'F' as const),
    by,
    choices,
  }),
  transfer: fc.record({ kind: fc.constant('transfer' as const), by, choices }),
};

/** Workloads whose events are of the given kinds. */
export function workloads(...kinds: readonly Kind[]): fc.Arbitrary<Workload> {
  return fc.record({
    cpus: fc.integer({ min: 2, max: 4 }),
    processes: fc.array(fc.nat(2), { minLength: 1, maxLength: 3 }),
    events: fc.array(fc.oneof(...kinds.map((kind) => byKind[kind])), { maxLength: 6 }),
  });
}
