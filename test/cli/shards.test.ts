// A campaign in parts: what the shards say, put together, is what the whole says.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calm, moduleOf } from './models.js';
import { build, type Document, type Ended, Folder, parse, stackTrace } from './racewalk.js';

let folder: Folder;

/** Fails where b sees each of a's writes just after it was made. */
const rare = moduleOf(
  `*a(cpu) { for (let n = 1; n <= 5; n++) yield* cpu.write(x, n); },
   *b(cpu) {
     for (let n = 1; n <= 5; n++) if ((yield* cpu.read(x)) !== n) return;
     throw new Error('saw each of them');
   }`,
);

beforeAll(async () => {
  await build();
  folder = new Folder();
  folder.write('rare.mjs', rare);
  folder.write('calm.mjs', calm);
}, 180_000);
afterAll(() => folder.remove());

/** Runs a shard and keeps what it says in a file. */
async function shard(model: string, part: string, ...flags: readonly string[]): Promise<string> {
  const args = ['explore', model, '--shard', part, '--strategy', 'random', '--json', ...flags];
  const { stdout } = await folder.run(args);
  return folder.write(`${model}-${part.replace('/', '-of-')}-${flags.join('')}.json`, stdout);
}

const merged = (files: readonly string[]): Promise<Ended> =>
  folder.run(['merge', ...files, '--json']);

const all = (model: string, of: number, ...flags: readonly string[]): Promise<string[]> =>
  Promise.all(
    Array.from({ length: of }, (_, i) => shard(model, `${String(i + 1)}/${String(of)}`, ...flags)),
  );

/** What does not depend on how the campaign was divided. */
function whole({ shards, ...rest }: Document): Document {
  expect(shards).toBeGreaterThan(0);
  return rest;
}

describe('merge', () => {
  it.each([
    ['counts all', 'rare.mjs', ['--runs', '6000', '--all'], 1],
    ['finds nothing', 'calm.mjs', ['--runs', '6000'], 0],
  ])(
    'of a campaign that %s comes to the same for 1, 2 and 3 shards',
    async (_, model, flags, code) => {
      const ends: Ended[] = [];
      for (const of of [1, 2, 3]) ends.push(await merged(await all(model, of, ...flags)));
      const [one, two, three] = ends.map(({ stdout }) => whole(parse(stdout)));
      expect(ends.map((end) => end.code)).toEqual([code, code, code]);
      expect(one).toMatchObject({ runs: 6000 });
      expect(two).toEqual(one);
      expect(three).toEqual(one);
    },
  );

  it('shows the failure that comes first in the campaign', async () => {
    const flags = ['--runs', '20000'];
    const [first = ''] = await all('rare.mjs', 1, ...flags);
    const { stdout, code } = await merged(await all('rare.mjs', 3, ...flags));
    const [alone, together] = [parse(folder.read(first)), parse(stdout)];
    expect(alone['foundIn']).toBeDefined();
    for (const name of ['verdict', 'foundIn', 'message', 'preemptions', 'strategy', 'replay']) {
      expect(together[name]).toEqual(alone[name]);
    }
    expect(code).toBe(1);
  });

  it('claims nothing while a shard is missing', async () => {
    const files = await all('calm.mjs', 3, '--runs', '3000');
    const { code, stdout } = await merged(files.slice(0, 2));
    expect(parse(stdout)).toMatchObject({ verdict: 'LIMIT', missing: ['3/3'] });
    expect(code).toBe(4);
    const screen = await folder.run(['merge', ...files.slice(0, 2)]);
    expect(screen.stdout).toContain('mine: LIMIT\n  2 of 3 shards');
    expect(screen.stdout).toContain('missing: 3/3');
  });

  it('refuses what does not belong together', async () => {
    const [one = '', two = ''] = await all('calm.mjs', 2, '--runs', '300');
    const [other = ''] = await all('calm.mjs', 2, '--runs', '400');
    const third = await shard('calm.mjs', '3/3', '--runs', '300');
    const { stdout } = await folder.run(['explore', 'calm.mjs', '--runs', '300', '--json']);
    folder.write('undivided.json', stdout);
    for (const [files, why] of [
      [[one, one, two], 'shard 1/2 is there twice'],
      [[other, two], 'answers of different campaigns'],
      [[one, third], 'divide it differently'],
      [['undivided.json'], 'undivided.json is no answer of a shard'],
      [['calm.mjs'], 'cannot read calm.mjs'],
      [['nowhere.json'], 'cannot read nowhere.json'],
    ] as const) {
      const { code, stderr } = await merged(files);
      expect(stderr).toContain(why);
      expect(stderr).not.toMatch(stackTrace);
      expect(code).toBe(2);
    }
  });

  it('knows what a part is', async () => {
    for (const part of ['0/2', '3/2', '1', '1/0', '1/99999']) {
      const { code, stderr } = await folder.run(['explore', 'calm.mjs', '--shard', part]);
      expect(stderr).toContain('the i-th of n parts');
      expect(code).toBe(2);
    }
  });

  it('is told how to get a shard again', async () => {
    const { stdout } = await folder.run(['explore', 'calm.mjs', '--runs', '300', '--shard', '2/3']);
    expect(stdout).toContain('shard 2 of 3');
    const found = await folder.run(['explore', 'rare.mjs', '--shard', '1/2', '--runs', '20000']);
    expect(found.stdout).toMatch(/again: +npx racewalk explore rare\.mjs .*--shard 1\/2/);
  });
});
