// What mkdir, rmdir and the release agent come to on the rungs of the task-migration series.
import { describe, expect, it } from 'vitest';
import { directoryScenarios, programOf, type Scenario } from '../../scenarios/index.js';
import { defaultPortfolio, explore, prove } from '../../scheduler/index.js';

function named(name: string): Scenario {
  const found = directoryScenarios.find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
}

/** With one preemption: what is broken, and after how many. */
function outcome(name: string, upTo: string): string {
  const { finding, outcome } = prove(programOf(named(name), { upTo }), { preemptionsMax: 1 });
  if (finding === undefined) return outcome;
  const bug = finding.signature.replace(/^violation (I-\w+) .*/, '$1');
  return `${bug} after ${String(finding.preemptions)}`;
}

/** Some schedules of the default portfolio. */
function sampled(name: string, upTo: string, runs: number): string | undefined {
  const program = programOf(named(name), { upTo });
  return explore(program, { seed: 'release', runs, strategies: defaultPortfolio }).finding
    ?.signature;
}

describe('rmdir', () => {
  it.each(['rmdir-vs-exit', 'rmdir-vs-attach'])('loses nobody: %s', (name) => {
    expect([outcome(name, 'base'), outcome(name, '0007')]).toEqual(['proved', 'proved']);
  });

  it('of a cgroup whose task forks and is moved away comes too soon for the child until 0005', () => {
    expect(outcome('rmdir-vs-fork', '0004')).toBe('I-10 after 1');
    expect(outcome('rmdir-vs-fork', '0005')).toBe('proved');
  });

  it('of a cgroup that is being emptied is refused, or finds it empty', () => {
    expect(outcome('rmdir-vs-transfer', 'base')).toBe('proved');
    expect(outcome('rmdir-vs-transfer', '0007')).toBe('proved');
  });

  it('takes a parent offline before its child, on every rung, without any preemption', () => {
    expect(outcome('rmdir-child-and-parent', 'base')).toBe('I-27 after 0');
    expect(outcome('rmdir-child-and-parent', '0007')).toBe('I-27 after 0');
  });
});

describe('mkdir', () => {
  it('that fails once the cgroup is on its parent’s list waits for the lock that it holds', () => {
    expect(outcome('mkdir-fails', 'base')).toBe('deadlock mkdir cgroup_mutex after 0');
  });
});

describe('the release agent', () => {
  const lost = /I-30/;

  it('is not told, since 0004, where the last reference was the pin of a migration', () => {
    expect(sampled('release-vs-attach', '0004', 1000)).toMatch(lost);
    expect(sampled('release-vs-attach', '0007', 1000)).toMatch(lost);
  });

  it.each(['base', '0003', 'no-releasable'])('is told at %s', (upTo) => {
    expect(sampled('release-vs-attach', upTo, 300)).toBeUndefined();
  });

  it('is told again of a cgroup that was used again meanwhile', () => {
    expect(sampled('release-vs-reentry', '0007', 100)).toBeUndefined();
  });
});
