// After tsc: joins the compiled modules into a few files, in place. node opens each module by itself, which for some 300
// of them takes longer than most proofs. What is public stays where package.json says; everything shared is in common
// chunks, so that the command line, its workers and a user's own modules go on using one and the same machine.
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const dist = new URL('../dist/', import.meta.url).pathname;
const bundled = join(dist, 'bundled');
const licence = new URL('../node_modules/zod/LICENSE', import.meta.url).pathname;

/** Files that somebody opens by name: package.json, a command, or whoever starts a worker. */
const entries = [
  'src/index',
  'scheduler/index',
  'scenarios/index',
  'properties/index',
  'src/cli/main',
  'src/cli/demo',
  'src/cli/rules/write',
  'src/cli/gallery/write',
  'src/cli/ladder/write',
  'src/cli/measures/write',
  ...readdirSync(join(dist, 'src/cli'))
    .filter((name) => /worker\.js$/.test(name))
    .map((name) => `src/cli/${name.replace(/\.js$/, '')}`),
];

const bundle = await rolldown({
  input: Object.fromEntries(entries.map((entry) => [entry, join(dist, `${entry}.js`)])),
  platform: 'node',
  // Packages are found where npm has put them; but zod is some eighty files, of which we need little.
  external: (id) => !/^(?:[./]|zod)/.test(id),
});
await bundle.write({
  dir: bundled,
  entryFileNames: '[name].js',
  // Beside the command line, so that what it looks up beside itself is where it is.
  chunkFileNames: 'src/cli/chunk-[name]-[hash].js',
  // The names of classes and functions are part of what racewalk prints.
  keepNames: true,
  sourcemap: true,
});
await bundle.close();

for (const folder of ['src', 'scheduler', 'scenarios', 'properties']) {
  for (const file of readdirSync(join(dist, folder), { recursive: true, encoding: 'utf8' })) {
    if (/\.js(\.map)?$/.test(file)) rmSync(join(dist, folder, file));
  }
}
cpSync(bundled, dist, { recursive: true });
rmSync(bundled, { recursive: true });
cpSync(licence, join(dist, 'LICENSE-zod.txt'));
