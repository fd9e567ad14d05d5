// The package's version, from its package.json, so that it is written down once.
import { readFileSync } from 'node:fs';

const manifest = new URL('../../../package.json', import.meta.url);

export const version = (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string })
  .version;
