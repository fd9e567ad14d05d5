// npm run gallery: proves every entry as far as it claims, and writes docs/gallery.md. Fails where a claim does not hold.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gallery } from '../../../scenarios/index.js';
import { galleryPage, judge } from './page.js';

const page = fileURLToPath(new URL('../../../../docs/gallery.md', import.meta.url));
const judged = gallery.map((entry) => {
  const started = performance.now();
  const result = judge(entry);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const { outcome, limited } = result.proof;
  const holds = outcome === 'proved' && limited === 0;
  if (!holds) process.exitCode = 1;
  console.log(`${entry.id}: ${holds ? 'holds' : `DOES NOT HOLD (${outcome})`}, ${seconds} s`);
  return result;
});
writeFileSync(page, galleryPage(judged));
console.log(`wrote ${page}`);
