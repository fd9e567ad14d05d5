// npm run rules: writes docs/rules.md.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rulesPage } from './page.js';

const page = fileURLToPath(new URL('../../../../docs/rules.md', import.meta.url));
writeFileSync(page, rulesPage());
console.log(`wrote ${page}`);
