// The eras v3.1 and v4.4: what their paths leave out is listed, and what each fix did to the race of the next one.
import { describe, expect, it } from 'vitest';
import { type Scenario, programOf } from '../../scenarios/index.js';
import { r16 } from '../../scenarios/gallery/r16-cycle.js';
import { r60b } from '../../scenarios/gallery/r60-css-set-lock.js';
import { prove } from '../../scheduler/index.js';
import {
  cssSetLock,
  leaveNothingOut31,
  leaveNothingOut44,
  pathNames,
  threadgroups,
} from '../../src/kernel/index.js';

describe('the elisions of the eras v3.1 and v4.4', () => {
  it.each([
    ['threadgroups', threadgroups, leaveNothingOut31],
    ['css-set-lock', cssSetLock, leaveNothingOut44],
  ] as const)('cover every path of %s, or the path leaves nothing out', (_, series, nothing) => {
    const listed = series.elisions.map(({ path }) => path);
    const { Kernel } = series.compose();
    expect([...new Set([...listed, ...nothing])].sort()).toEqual(pathNames(Kernel));
    expect(listed.filter((path) => nothing.includes(path))).toEqual([]);
  });
});

/** How each rung ends, with the preemptions of the smallest failure. */
function ladder(scenario: Scenario, rungs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    rungs.map((upTo) => {
      const { finding } = prove(programOf(scenario, { upTo }), {
        preemptionsMax: 1,
        statesMax: 4_000,
      });
      if (finding === undefined) return [upTo, 'nothing'];
      const { verdict, preemptions } = finding;
      return [upTo, `${verdict.kind} after ${String(preemptions)}`];
    }),
  );
}

describe('a fix', () => {
  it('that extends threadgroup_lock() to exec closes a cycle of three locks, until cred_guard_mutex leaves it', () => {
    const rungs = [
      'prefetch-exiting',
      'extend-threadgroup-lock',
      'live-tasks-only',
      'no-cred-guard',
    ];
    expect(ladder(r16.scenario, rungs)).toEqual({
      'prefetch-exiting': 'nothing',
      'extend-threadgroup-lock': 'deadlock after 1',
      'live-tasks-only': 'deadlock after 1',
      'no-cred-guard': 'nothing',
    });
  });

  it('that turns interrupts off under css_set_lock makes tasklist_lock inside it a deadlock', () => {
    expect(ladder(r60b.scenario, ['base', 'irqs-off', 'tasklist-outside'])).toEqual({
      base: 'warning after 0',
      'irqs-off': 'deadlock after 1',
      'tasklist-outside': 'nothing',
    });
  });
});
