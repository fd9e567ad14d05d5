// What later commits mended of the series, rung by rung: each changes the cell of a scenario of its own.
import { describe, expect, it } from 'vitest';
import {
  attachVsFork,
  enableVsLoneExit,
  processMove,
  programOf,
  type Scenario,
  tasksVsMigration,
  transferVsExit,
  transferVsExpedited,
  transferVsUnmount,
  transferWaits,
} from '../../scenarios/index.js';
import { movesChargeOf } from '../../scenarios/seed-000/subsystems.js';
import { prove, replay } from '../../scheduler/index.js';
import { walkTasksOnly } from '../../src/kernel/for-3.15/patches/walk-tasks-only.js';
import { on } from '../kernel/go-on.js';
import { kernelProgram, type Staging } from '../properties/kernel-program.js';

/** Nothing but the charges is looked at. */
const movedWithMemory: Staging = (k) => {
  const [F, D] = [k.mkdir('/F'), k.mkdir('/D')];
  const leader = k.task('leader', F);
  k.thread(leader, 'thread');
  const charged = k.machine.cell('charged to', F);
  k.subsystem(movesChargeOf(k, leader, charged));
  return [
    on('move', leader, function* (cpu) {
      yield* k.attach_task_by_pid(cpu, D, leader, true);
      yield* cpu.WARN_ON((yield* cpu.read(charged)) !== D, 'the memory is left in /F');
    }),
  ];
};

/** The signature that ends the race, and with how many preemptions at the least; `clear` up to one. */
function cell(scenario: Scenario, upTo: string): string {
  const proof = prove(programOf(scenario, { upTo }), { preemptionsMax: 1 });
  const { finding, minimal, limited } = proof;
  if (finding !== undefined) {
    const { signature, preemptions } = finding;
    return `${signature.replace(/^(violation \S+).*/, '$1')} after ${String(preemptions)}${minimal ? '' : '?'}`;
  }
  return proof.outcome === 'proved' && limited === 0 ? 'clear' : proof.outcome;
}

const cells = (scenario: Scenario, ...rungs: readonly string[]): Record<string, string> =>
  Object.fromEntries(rungs.map((upTo) => [upTo, cell(scenario, upTo)]));

describe('the order of a taskset', () => {
  it('puts the leader last from 0002 on, and 1b9aba49eab5 puts it first again', () => {
    const turned = 'violation I-14 after 0';
    expect(cells(processMove, 'base', '0001', '0002', '0004', '0007', 'taskset-order')).toEqual({
      base: 'clear',
      '0001': 'clear',
      '0002': turned,
      '0004': turned,
      '0007': turned,
      'taskset-order': 'clear',
    });
  });

  it('decides whether memory moves with the process', () => {
    const left = (upTo: string) =>
      prove(
        kernelProgram(movedWithMemory, () => [], { upTo }),
        { preemptionsMax: 0 },
      );
    expect(left('0001').outcome).toBe('proved');
    expect(left('0002').finding?.verdict).toMatchObject({
      message: 'WARNING: the memory is left in /F',
    });
    expect(left('taskset-order').outcome).toBe('proved');
  });
});

describe('an attach of a half-forked child', () => {
  it('moves nothing and returns 0 from 0005 on, until every fork is in the read section', () => {
    const lost = 'violation I-12 after 1';
    const rungs = ['0004', '0005', '0007', 'threadgroup-rwsem', 'fork-threadgroup'];
    expect(cells(attachVsFork, ...rungs)).toEqual({
      '0004': 'clear',
      '0005': lost,
      '0007': lost,
      'threadgroup-rwsem': lost,
      'fork-threadgroup': 'clear',
    });
  });
});

describe('a transfer that crosses an exit', () => {
  it('warns on every rung until it takes the lock of the threadgroup', () => {
    const warns = 'warning WARNING: cgroup_task_migrate() of an exiting task after 1';
    expect(
      cells(transferVsExit, 'base', '0007', 'fork-threadgroup', 'transfer-threadgroup'),
    ).toEqual({
      base: warns,
      '0007': warns,
      'fork-threadgroup': warns,
      'transfer-threadgroup': 'clear',
    });
  });

  it('shows attach() fewer tasks than can_attach(), where the task is gone before the commit', () => {
    const signature = 'violation I-13 attach() sees the tasks that can_attach() has seen';
    const ask = (upTo: string) =>
      prove(programOf(transferVsExit, { upTo }), { preemptionsMax: 1, signature });
    expect(ask('0007').finding).toMatchObject({ preemptions: 1 });
    expect(ask('0007').finding?.verdict).toMatchObject({
      message: 'attach() is not shown task any more',
    });
    expect(ask('transfer-threadgroup').finding).toBeUndefined();
  });
});

describe('a transfer that meets an exiting task', () => {
  it('goes round on it until 116d2f7496c5', () => {
    const waits = 'violation I-11 after 0';
    expect(
      cells(transferWaits, 'pre-siglock', '0007', 'transfer-threadgroup', 'transfer-skips-exiting'),
    ).toEqual({
      'pre-siglock': waits,
      '0007': waits,
      'transfer-threadgroup': waits,
      'transfer-skips-exiting': 'clear',
    });
  });

  it('never ends, from 0007 on, if that needs cgroup_mutex to leave', () => {
    const spins = 'livelock transfer after 0';
    const rungs = ['pre-siglock', '0004', '0006', '0007', 'transfer-threadgroup'];
    expect(cells(transferVsUnmount, ...rungs, 'transfer-skips-exiting')).toEqual({
      'pre-siglock': 'clear',
      '0004': 'clear',
      '0006': 'clear',
      '0007': spins,
      'transfer-threadgroup': spins,
      'transfer-skips-exiting': 'clear',
    });
  });

  it('never ends, with no lock held, where the exit waits for work behind the transfer', () => {
    const spins = 'livelock hotplug/kworker/cpuset_hotplug_work after 0';
    const rungs = ['v3.14', 'pre-siglock', '0007', 'transfer-threadgroup'];
    expect(cells(transferVsExpedited, ...rungs, 'transfer-skips-exiting')).toEqual({
      'v3.14': 'clear',
      'pre-siglock': spins,
      '0007': spins,
      'transfer-threadgroup': spins,
      'transfer-skips-exiting': 'clear',
    });
  });

  it('says with whom it waits in the livelock', () => {
    const program = programOf(transferVsUnmount, { upTo: '0007' });
    const { finding } = prove(program, { preemptionsMax: 0 });
    const { trace } = replay(program, finding?.schedule ?? []);
    expect(trace.verdict.kind).toBe('livelock');
    expect(JSON.stringify(trace.verdict)).toContain('cgroup_mutex');
  });
});

describe('the lists that were made at the first mount', () => {
  it('link a lone exiting task from 0006 on, and there is no such walk after 5153faac18d2', () => {
    const rungs = ['0005', '0006', 'transfer-skips-exiting', 'no-lazy-lists'];
    expect(cells(enableVsLoneExit, ...rungs)).toEqual({
      '0005': 'clear',
      '0006': 'violation I-03 after 1',
      'transfer-skips-exiting': 'violation I-03 after 1',
      'no-lazy-lists': 'clear',
    });
  });
});

describe('a read of the tasks while they are being moved', () => {
  it('misses nobody on any rung', () => {
    expect(cells(tasksVsMigration, 'base', '0002', '0007', 'no-lazy-lists')).toEqual({
      base: 'clear',
      '0002': 'clear',
      '0007': 'clear',
      'no-lazy-lists': 'clear',
    });
  });

  it('misses one, from 0002 on, if it walks the one list only: what 0001 is for', () => {
    const ask = (upTo: string) =>
      prove(programOf(tasksVsMigration, { upTo, mutants: [walkTasksOnly as never] }), {
        preemptionsMax: 1,
      }).finding;
    expect(ask('0001')).toBeUndefined();
    expect(ask('0002')).toMatchObject({
      signature: 'violation I-01b a walk meets every linked task once',
      preemptions: 1,
    });
  });
});
