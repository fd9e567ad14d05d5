import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  resolve: {
    // The package's own name means its source here, so that coverage sees it and no build is needed.
    alias: [
      { find: /^racewalk$/, replacement: `${root}src/index.ts` },
      {
        find: /^racewalk\/(scheduler|scenarios|properties)$/,
        replacement: `${root}$1/index.ts`,
      },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 60_000,
    // Processes, because some tests start worker threads and end them by force.
    pool: 'forks',
    // The runner would leave one core free, which on two cores is half of the machine.
    maxWorkers: '100%',
    coverage: {
      provider: 'v8',
      include: ['src/**', 'scheduler/**', 'scenarios/**', 'properties/**'],
      // Its tests run the built program as a process of its own, which is not counted here.
      exclude: ['src/cli/**'],
      reporter: ['text-summary', 'html'],
      thresholds: { lines: 90, functions: 90, branches: 80, statements: 90 },
    },
  },
});
