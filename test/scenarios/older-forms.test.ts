// What the forms of v3.14 answer that the branch had replaced when the series was posted.
import { describe, expect, it } from 'vitest';
import {
  programOf,
  type Scenario,
  transferOutOfMemory,
  transferVsExit,
  transferVsUnmount,
  transferWaits,
} from '../../scenarios/index.js';
import { prove } from '../../scheduler/index.js';
import { boot, on, run } from '../kernel/go-on.js';
import {
  type Composition,
  type For315,
  POINTER_SIZE,
  taskMigration,
} from '../../src/kernel/index.js';

type Patches = Omit<Composition<For315>, 'mutants'>;

function outcome(scenario: Scenario, composition: Patches): string {
  const proof = prove(programOf(scenario, composition), { preemptionsMax: 1 });
  return proof.finding?.signature.replace(/^(violation \S+).*/, '$1') ?? proof.outcome;
}

/** A transfer on the rung: who was moved when, and what it returned. */
function transferOf(names: readonly string[], composition: Patches, pageSize?: number) {
  const k = boot(taskMigration.compose(composition).Kernel);
  if (pageSize !== undefined) k.set_page_size(pageSize);
  const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
  for (const name of names) k.task(name, F);
  const moved: string[] = [];
  const returned: number[] = [];
  k.events.task_committed.listeners.push(({ task }) => moved.push(task.label));
  k.events.transfer_returned.listeners.push(({ ret }) => returned.push(ret));
  const worker = k.task('worker');
  const verdict = run(k, [on('transfer', worker, (cpu) => k.cgroup_transfer_tasks(cpu, D, F))]);
  expect(verdict).toEqual({ kind: 'ok' });
  expect(k.membersOf(F)).toEqual([]);
  return { moved, returned };
}

describe('the scan of v3.14', () => {
  it('drops the error of an attach, and says that all is well', () => {
    expect(outcome(transferOutOfMemory, { upTo: 'v3.14' })).toBe('violation I-11');
    expect(outcome(transferOutOfMemory, { upTo: 'pre-siglock' })).toBe('proved');
    expect(outcome(transferOutOfMemory, { with: ['scan-tasks'] })).toBe('violation I-11');
    expect(outcome(transferOutOfMemory, { with: ['lock-per-task'] })).toBe('proved');
  });

  it('comes to no task twice, so that it waits for nobody', () => {
    expect(outcome(transferWaits, { upTo: 'v3.14' })).toBe('proved');
    expect(outcome(transferWaits, { with: ['lock-per-task'] })).toBe('violation I-11');
    expect(outcome(transferVsUnmount, { upTo: 'v3.14' })).toBe('proved');
  });

  it('has the race with an exit, too', () => {
    expect(outcome(transferVsExit, { upTo: 'v3.14' })).toBe(
      'warning WARNING: cgroup_task_migrate() of an exiting task',
    );
  });

  it('takes the latest of a heap first, and with less room the oldest in one pass each', () => {
    const names = ['a', 'b', 'c'];
    expect(transferOf(names, { upTo: 'v3.14' })).toEqual({ moved: ['c', 'a', 'b'], returned: [0] });
    const eight = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const { moved } = transferOf(eight, { upTo: 'v3.14' }, 6 * POINTER_SIZE);
    expect(moved.slice(0, 6).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(moved.slice(6)).toEqual(['h', 'g']);
    expect(transferOf(names, { upTo: 'pre-siglock' }).moved).toEqual(['a', 'b', 'c']);
  });
});
