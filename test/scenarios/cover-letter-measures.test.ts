// What a move costs: the page in docs is what the model comes to, and the claim of the cover letter about allocations.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { costOf } from '../../src/cli/measures/measure.js';
import { measuresPage } from '../../src/cli/measures/page.js';

it('docs/task-migration-locks.md is what is counted; npm run measures writes it', () => {
  const page = fileURLToPath(new URL('../../docs/task-migration-locks.md', import.meta.url));
  expect(readFileSync(page, 'utf8')).toBe(measuresPage());
});

it('from 0002 on no memory is allocated to keep track of targets', () => {
  const forTargets = (rung: string) =>
    [costOf(rung, 'process', 10), costOf(rung, 'process', 171), costOf(rung, 'transfer', 10)].map(
      (cost) => cost.forTargets,
    );
  expect(forTargets('base')).toEqual([1, 1 + 2, 10]);
  expect(forTargets('0002')).toEqual([0, 0, 0]);
});
