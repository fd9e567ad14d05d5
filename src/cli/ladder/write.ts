// npm run ladders: writes docs/ladder-task-migration.md.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ladderPage, ladderTable } from './page.js';

const series = 'task-migration';
const page = fileURLToPath(new URL(`../../../../docs/ladder-${series}.md`, import.meta.url));
let percent = -1;
const table = ladderTable(series, {
  whole: true,
  onAnswer: (what, done) => {
    const now = Math.floor(done * 100);
    if (now > percent) console.error(`${String(now)} %: ${what}`);
    percent = Math.max(now, percent);
  },
});
writeFileSync(page, ladderPage(table));
console.log(`wrote ${page}`);
