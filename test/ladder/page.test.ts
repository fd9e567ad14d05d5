// docs/ladder-task-migration.md says what the scenarios come to.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ladderTable } from '../../src/cli/ladder/page.js';
import { ladderMarkdown } from '../../src/trace/ladder-markdown.js';

/** The whole table takes a minute: `RACEWALK_LADDER=whole npx vitest run test/ladder`. */
const whole = process.env['RACEWALK_LADDER'] === 'whole';
const rungs = ['base', '0004', '0005', '0007'];

const path = fileURLToPath(new URL('../../docs/ladder-task-migration.md', import.meta.url));

it.skipIf(!existsSync(path))(
  'its rows are what the scenarios come to; npm run ladders writes it',
  () => {
    const page = readFileSync(path, 'utf8');
    const table = ladderTable('task-migration', { whole: false, ...(whole ? {} : { rungs }) });
    const rows = ladderMarkdown(table, false).split('\n');
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter((row) => !page.split('\n').includes(row))).toEqual([]);
  },
  300_000,
);
