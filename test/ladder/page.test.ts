// docs/ladder-task-migration.md says what the scenarios come to.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { closely, ladderTable, lastOfSeries, statesOfPage } from '../../src/cli/ladder/page.js';
import { ladderMarkdown } from '../../src/trace/ladder-markdown.js';

/** The large table takes minutes: `RACEWALK_LADDER=whole npx vitest run test/ladder`. */
const large = process.env['RACEWALK_LADDER'] === 'whole';

const path = fileURLToPath(new URL('../../docs/ladder-task-migration.md', import.meta.url));
const page = readFileSync(path, 'utf8').split('\n');

it('docs/ladder-task-migration.md says which patches need one another, and which elisions decide; npm run ladders writes it', () => {
  const close = ladderTable('task-migration', {
    whole: true,
    to: lastOfSeries,
    scenarios: closely,
  });
  const lines = ladderMarkdown(close).split('\n');
  expect(close.dependencies.map(({ rung, without }) => `${rung} without ${without}`)).toEqual(
    expect.arrayContaining(['0006 without 0005', '0006 without siglock']),
  );
  expect(lines.filter((line) => !page.includes(line))).toEqual([]);
}, 600_000);

it.runIf(large)(
  'its large table is what all scenarios come to',
  () => {
    const table = ladderTable('task-migration', { whole: false, states: statesOfPage });
    const rows = ladderMarkdown(table).split('\n');
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  },
  3_600_000,
);
