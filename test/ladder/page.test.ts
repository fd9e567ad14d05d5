// docs/ladder-task-migration.md says what the scenarios come to.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { closely, ladderTable } from '../../src/cli/ladder/page.js';
import { ladderMarkdown } from '../../src/trace/ladder-markdown.js';

/** The whole table takes minutes: `RACEWALK_LADDER=whole npx vitest run test/ladder`. */
const whole = process.env['RACEWALK_LADDER'] === 'whole';
const rungs = ['base', '0007'];

const path = fileURLToPath(new URL('../../docs/ladder-task-migration.md', import.meta.url));
const page = readFileSync(path, 'utf8').split('\n');

it('docs/ladder-task-migration.md has the rows that the scenarios come to; npm run ladders writes it', () => {
  const table = ladderTable('task-migration', { whole: false, ...(whole ? {} : { rungs }) });
  const rows = ladderMarkdown(table, false).split('\n');
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
}, 600_000);

it('and says which patches need one another, and which elisions decide', () => {
  const close = ladderTable('task-migration', { whole: true, scenarios: closely });
  const lines = ladderMarkdown(close).split('\n');
  expect(close.dependencies.map(({ rung, without }) => `${rung} without ${without}`)).toEqual(
    expect.arrayContaining(['0006 without 0005', '0006 without siglock']),
  );
  expect(lines.filter((line) => !page.includes(line))).toEqual([]);
}, 600_000);
