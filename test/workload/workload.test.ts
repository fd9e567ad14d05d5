// Workload and schedule are generated together, and shrunk together: what is left of a failure is the race itself.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allInvariants,
  everyTaskIsLinked,
  linkedExactlyOnce,
  nothingLeftHeld,
  transferLeavesNothing,
} from '../../properties/index.js';
import { type Program, prove } from '../../scheduler/index.js';
import { type Composition, type For315, taskMigration } from '../../src/kernel/index.js';
import type { Property } from '../../src/machine/index.js';
import { workloads } from './arbitraries.js';
import { complaints, run } from './run.js';
import { stage, type Workload } from './workload.js';

/** What a mover may rely on. I-10 is left out: it says the same of moves that are not meant to empty anything. */
const nobodyIsLost = (k: For315): Property[] => [
  linkedExactlyOnce(k),
  everyTaskIsLinked(k),
  transferLeavesNothing(k),
  nothingLeftHeld(k),
];

const compositionsThatHold: readonly Composition<For315>[] = [{ upTo: '0005' }, { upTo: '0007' }];

describe.each(compositionsThatHold)('at $upTo', (composition) => {
  const rung = taskMigration.compose(composition);

  it('migration and fork never lose a task', () => {
    fc.assert(
      fc.property(workloads('fork', 'attach', 'transfer'), (workload) => {
        expect(complaints(run(workload, rung, allInvariants))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('fork, attach and exit never lose a task', () => {
    fc.assert(
      fc.property(workloads('fork', 'attach', 'exit'), (workload) => {
        expect(complaints(run(workload, rung, allInvariants))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});

describe('without 0005', () => {
  const broken: readonly Composition<For315>[] = [
    { upTo: '0004' },
    { upTo: '0007', without: ['0005', '0006'] },
    { upTo: '0007', without: ['0005'] },
  ];

  const seeds = [20_140_213, 1, 2, 3];

  it.each(broken)('at %o a task is lost by one fork, one transfer and one preemption', (rungs) => {
    const rung = taskMigration.compose(rungs);
    const property = fc.property(workloads('fork', 'attach', 'transfer'), (workload) => {
      expect(complaints(run(workload, rung, nobodyIsLost))).toEqual([]);
    });
    for (const seed of seeds) {
      const { counterexample } = fc.check(property, { seed, numRuns: 5_000 });
      const [workload] = counterexample as [Workload];
      expect(workload).toMatchObject({ cpus: 2, processes: [0] });
      const sizes = workload.events.map(({ kind, choices }) => [kind, choices.length]);
      expect(sizes.sort()).toEqual([
        ['fork', 1],
        ['transfer', 0],
      ]);
      expect(run(workload, rung, nobodyIsLost).preemptions).toBe(1);
    }
  });
});

describe('a transfer takes no lock of the threadgroup, so that an exit', () => {
  const warning = 'WARNING: cgroup_task_migrate() of an exiting task';
  const exitAndTransfer: Workload = {
    cpus: 2,
    processes: [0],
    events: [
      { kind: 'exit', task: 0, choices: [] },
      { kind: 'transfer', by: 0, choices: [] },
    ],
  };

  const race = (upTo: string, properties: (k: For315) => Property[]): Program => ({
    name: 'exit-vs-transfer',
    build: () => stage(exitAndTransfer, taskMigration.compose({ upTo }), properties).k.machine,
  });

  const { ladder } = taskMigration;
  const unlocked = ladder.slice(
    ladder.indexOf('pre-siglock'),
    ladder.indexOf('transfer-threadgroup'),
  );

  it.each(unlocked)('at %s can begin while the task is being moved', (upTo) => {
    const program = race(upTo, allInvariants);
    const { finding } = prove(program, { preemptionsMax: 1, stepsMax: 400 });
    expect(finding).toMatchObject({ signature: `warning ${warning}`, preemptions: 1 });
  });

  it('is waited for by a transfer, and no longer once that passes over exiting tasks', () => {
    const rounds = (upTo: string) =>
      prove(
        race(upTo, () => []),
        { preemptionsMax: 1, stepsMax: 400, signature: 'none' },
      ).outcome;
    expect(rounds('0007')).toBe('proved');
    expect(rounds('transfer-skips-exiting')).toBe('proved');
  });

  it('does nothing worse, whatever else is moved, forked or exits', () => {
    const rung = taskMigration.compose({ upTo: '0007' });
    const kinds = ['fork', 'attach', 'transfer', 'exit'] as const;
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(workloads(...kinds), (workload) => {
        const outcome = run(workload, rung, allInvariants);
        const { verdict, lost } = outcome;
        seen.set(verdict.kind, (seen.get(verdict.kind) ?? 0) + 1);
        expect(lost).toEqual([]);
        if (verdict.kind === 'warning') expect(verdict.message).toBe(warning);
        else expect(complaints(outcome)).toEqual([]);
      }),
      { numRuns: 800 },
    );
    expect(seen.get('ok')).toBeGreaterThan(700);
  });
});
