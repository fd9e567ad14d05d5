// docs/ladder-task-migration.md says what the scenarios come to.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { closely, ladderTable, statesOfPage } from '../../src/cli/ladder/page.js';
import { ladderMarkdown } from '../../src/trace/ladder-markdown.js';

/** The large table takes minutes: `RACEWALK_LADDER=whole npx vitest run test/ladder`. */
const large = process.env['RACEWALK_LADDER'] === 'whole';

const path = fileURLToPath(new URL('../../docs/ladder-task-migration.md', import.meta.url));
const page = readFileSync(path, 'utf8').split('\n');

/** Enough for what the series needs; the rows of these rungs, and what is said of them, are as in the page. */
const rungs = ['base', '0005', '0006'];

it('docs/ladder-task-migration.md says which patches need one another, and which elisions decide; npm run ladders writes it', () => {
  const close = ladderTable('task-migration', { whole: true, rungs, scenarios: closely });
  const needs = close.dependencies.map(({ rung, without }) => `${rung} without ${without}`);
  expect(needs).toEqual(expect.arrayContaining(['0006 without 0005', '0006 without siglock']));
  const lines = ladderMarkdown(close).split('\n');
  const claims = lines.filter((line) => /^(\| (base|0005|0006)|- 0006 needs)/.test(line));
  expect(claims.length).toBeGreaterThan(4);
  expect(claims.filter((line) => !page.includes(line))).toEqual([]);
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
