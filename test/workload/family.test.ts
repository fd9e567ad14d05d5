// The third bullet of the cover letter: to keep moving tasks out of a cgroup until it is empty moves all of them, from
// 0005 on. Families are generated, with their schedules; before 0005 the same generator finds who is left behind.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { taskMigration } from '../../src/kernel/index.js';
import { emptied, type Ending, type Family } from './family.js';

const fork = fc.record({
  thread: fc.boolean(),
  forks: fc.nat(2),
  exits: fc.boolean(),
});

const families: fc.Arbitrary<Family> = fc.record({
  forkers: fc.array(fc.array(fork, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
  by: fc.constantFrom('procs' as const, 'transfer' as const),
  seed: fc.nat(1_000_000),
});

/** A transfer takes no lock of the threadgroup, so an exit may begin while its task is moved: known on all rungs. */
const known = 'WARNING: cgroup_task_migrate() of an exiting task';

/** It was cut off, something else is wrong, or somebody is left. */
function isBad({ verdict, left }: Ending): boolean {
  const isKnown = verdict.kind === 'warning' && verdict.message === known;
  return left.length > 0 || !(verdict.kind === 'ok' || isKnown);
}

const rungOf = (upTo: string) => taskMigration.compose({ upTo });

describe.each(['0005', '0006', '0007'])('at %s', (upTo) => {
  it('moving tasks until there are none terminates, and leaves nobody behind', () => {
    const rung = rungOf(upTo);
    fc.assert(
      fc.property(families, (family) => {
        expect(emptied(family, rung, 8, isBad)).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });
});

describe('at base', () => {
  it.each([1, 2, 3])('one fork of one process is enough to be left behind (seed %i)', (seed) => {
    const rung = rungOf('base');
    const property = fc.property(families, (family) => {
      expect(emptied(family, rung, 40, isBad)).toBeUndefined();
    });
    const { counterexample } = fc.check(property, { seed, numRuns: 1_000 });
    const [family] = counterexample as [Family];
    // Beside it there may be processes that do nothing.
    expect(family.forkers.filter((forks) => forks.length > 0)).toEqual([
      [{ thread: false, forks: 0, exits: false }],
    ]);
    expect(emptied(family, rung, 40, isBad)?.left).toEqual(['child']);
  });
});
