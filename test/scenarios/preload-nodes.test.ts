// R55: one preload node for two roles. Not in the series as it was posted, where no css_set can have both.
import { describe, expect, it } from 'vitest';
import { allInvariants } from '../../properties/index.js';
import { programOf } from '../../scenarios/index.js';
import { identityMoveVsExit } from '../../scenarios/seed-000/identity-move-vs-exit.js';
import { prove } from '../../scheduler/index.js';
import { on } from '../kernel/go-on.js';
import { kernelProgram, type Staging } from '../properties/kernel-program.js';

describe('a process that is moved to where its leader is already', () => {
  const ask = (upTo: string) =>
    prove(programOf(identityMoveVsExit, { upTo }), { preemptionsMax: 1 });

  it.each(['0004', '0007', 'taskset-order', 'split-nodes', 'v6.12'])('is safe at %s', (upTo) => {
    expect(ask(upTo).outcome).toBe('proved');
  });

  it.each(['identity-moves', 'no-lazy-lists'])(
    'at %s goes to a css_set that the migration does not hold, whatever the schedule',
    (upTo) => {
      const { finding } = ask(upTo);
      expect(finding?.preemptions).toBe(0);
      expect(finding?.verdict).toMatchObject({
        property: 'I-06 a destination is held by the migration',
        message: 'cset_F is held by its tasks alone',
      });
    },
  );

  /** The same with the invariants of every scenario: none of them looks at destinations. */
  const staging: Staging = (k) => {
    const [F, G] = [k.mkdir('/F'), k.mkdir('/G')];
    const leader = k.task('leader', F);
    k.thread(leader, 'thread', G);
    k.set_exiting(leader);
    return [
      on('exit', leader, (cpu) => k.do_exit_from_mm(cpu)),
      on('move', k.task('other'), (cpu) => k.attach_task_by_pid(cpu, F, leader, true)),
    ];
  };

  it('is a use after free where the exit of the leader comes in between', () => {
    const { finding, minimal } = prove(
      kernelProgram(staging, allInvariants, { upTo: 'identity-moves' }),
      { preemptionsMax: 1 },
    );
    expect(finding?.signature).toBe('panic use after free: list_empty() on cset_F.mg_node.next');
    expect([finding?.preemptions, minimal]).toEqual([1, true]);
  });
});
