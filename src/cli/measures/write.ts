// npm run measures: writes docs/task-migration-locks.md.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { measuresPage } from './page.js';

const page = fileURLToPath(new URL('../../../../docs/task-migration-locks.md', import.meta.url));
writeFileSync(page, measuresPage());
console.log(`wrote ${page}`);
