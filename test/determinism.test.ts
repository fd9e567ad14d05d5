// The same seed gives the same bytes: a second time, after whatever else ran in between, and in another process.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as scenarios from '../scenarios/index.js';
import * as scheduler from '../scheduler/index.js';
import * as replayFile from '../src/trace/replay-file.js';
import { campaigns } from './determinism/campaign.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const all = campaigns({ scheduler, scenarios, replayFile });
const first = all.map(({ label, run }) => [label, run()] as const);

describe('a campaign', () => {
  it.each(all.map(({ label, run }, i) => ({ label, run, text: first[i]?.[1] })).reverse())(
    '$label says the same after all the others have run',
    ({ run, text }) => {
      // A comparison of its own: a difference of two long texts takes minutes to print.
      expect(run() === text).toBe(true);
    },
  );

  it('is about something: there are findings, and searches that find nothing', () => {
    const found = first.filter(([, text]) => text.includes('"finding":{'));
    expect(found.length).toBeGreaterThan(first.length / 4);
    expect(found.length).toBeLessThan(first.length);
  });

  it('finds on a machine that has run for long what a new machine replays', () => {
    expect(first.filter(([, text]) => text.includes('"mismatch":'))).toEqual([]);
  });

  it('says the same in another process, which runs the built package', () => {
    const script = join(root, 'test/determinism/print-campaigns.js');
    const out = execFileSync(process.execPath, [script, builtPackage()], {
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    });
    const texts = JSON.parse(out) as [string, string][];
    expect(texts.map(([label]) => label)).toEqual(first.map(([label]) => label));
    const different = texts.filter(([, text], i) => text !== first[i]?.[1]);
    expect(different.map(([label]) => label)).toEqual([]);
  });
});

/** dist/ where it is newer than the source, else a build of its own. */
function builtPackage(): string {
  const dist = join(root, 'dist');
  const source = ['src', 'scheduler', 'scenarios', 'properties'].map((folder) =>
    join(root, folder),
  );
  if (newest(source) < oldest(dist)) return dist;
  const own = join(root, 'node_modules/.cache/racewalk-determinism');
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'package.json'), '{ "type": "module" }\n');
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const build = [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', own];
  execFileSync(process.execPath, build, { stdio: 'inherit' });
  return own;
}

function newest(folders: readonly string[]): number {
  return Math.max(...folders.flatMap((folder) => timesOf(folder, '.ts')));
}

/** 0 where nothing was built. */
function oldest(folder: string): number {
  return existsSync(folder) ? Math.min(...timesOf(folder, '.js')) : 0;
}

function timesOf(folder: string, ending: string): number[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => statSync(join(folder, file)).mtimeMs);
}
