// npm run ladders: writes docs/ladder-task-migration.md.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { closely, ladderPage, ladderTable, lastOfSeries, statesOfPage } from './page.js';

const series = 'task-migration';
const page = fileURLToPath(new URL(`../../../../docs/ladder-${series}.md`, import.meta.url));
let percent = -1;
const onAnswer = (what: string, done: number): void => {
  const now = Math.floor(done * 100);
  if (now !== percent) console.error(`${String(now)} %: ${what}`);
  percent = now;
};
const close = ladderTable(series, { whole: true, to: lastOfSeries, scenarios: closely, onAnswer });
const table = ladderTable(series, { whole: false, states: statesOfPage, onAnswer });
writeFileSync(page, ladderPage(table, close));
console.log(`wrote ${page}`);
