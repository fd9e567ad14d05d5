// Benchmarks measure the product as it is built: a test runner's wrappers around modules would be measured along.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const dist = fileURLToPath(new URL('./dist/', import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^racewalk$/, replacement: `${dist}src/index.js` },
      { find: /^racewalk\/(scheduler|scenarios|properties)$/, replacement: `${dist}$1/index.js` },
    ],
  },
  test: {
    pool: 'forks',
    server: { deps: { external: [/\/dist\//] } },
    benchmark: { include: ['bench/**/*.bench.ts'] },
  },
});
