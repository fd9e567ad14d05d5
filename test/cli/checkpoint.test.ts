// A campaign that was killed goes on from its checkpoint, and says what it would have said.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calm, endless, lostUpdate } from './models.js';
import { build, type Ended, Folder, stackTrace } from './racewalk.js';

let folder: Folder;

beforeAll(async () => {
  await build();
  folder = new Folder();
  folder.write('mine.mjs', endless);
}, 180_000);
afterAll(() => folder.remove());

const long = ['explore', 'mine.mjs', '--runs', '400000', '--json'];
let whole: Promise<Ended> | undefined;

/** Waits until the file has been written so often. */
async function written(file: string, times: number): Promise<void> {
  const seen = new Set<number>();
  while (seen.size < times) {
    if (folder.has(file)) seen.add(statSync(join(folder.path, file)).mtimeMs);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Kills the campaign once it has written its checkpoint so often. */
async function killed(args: readonly string[], file: string, times: number): Promise<Ended> {
  const running = folder.start([...args, '--checkpoint', file]);
  await written(file, times);
  running.kill();
  return await running.ended;
}

describe('a campaign with a checkpoint', () => {
  it.each([1, 2])(
    'that is killed goes on and says the same, to the byte, with %i workers',
    async (workers) => {
      const unbroken = await (whole ??= folder.run(long));
      const file = `killed-${String(workers)}.checkpoint`;
      const args = [...long, '--workers', String(workers)];
      const { signal, stdout } = await killed(args, file, 2);
      expect([signal, stdout]).toEqual(['SIGKILL', '']);
      const resumed = await folder.run([...args, '--resume', file]);
      expect(resumed).toEqual(unbroken);
      expect(unbroken.code).toBe(0);
    },
  );

  it('that has ended says the same again', async () => {
    folder.write('lost.mjs', lostUpdate);
    const first = await folder.run(['explore', 'lost.mjs', '--checkpoint', 'ended.checkpoint']);
    const again = await folder.run(['explore', 'lost.mjs', '--resume', 'ended.checkpoint']);
    expect(again).toEqual(first);
  });

  it.each([
    ['other runs', 'runs was 300, and is 400 now', ['--runs', '400']],
    ['another seed', 'seed was "1", and is "2" now', ['--runs', '300', '--seed', '2']],
    ['other strategies', 'strategies was', ['--runs', '300', '--strategy', 'random']],
    ['a part only', 'shard was not given', ['--runs', '300', '--shard', '1/2']],
  ])('refuses to go on with %s', async (_, why, flags) => {
    folder.write('calm.mjs', calm);
    await folder.run(['explore', 'calm.mjs', '--runs', '300', '--checkpoint', 'calm.checkpoint']);
    const { code, stderr } = await folder.run([
      ...['explore', 'calm.mjs', '--resume', 'calm.checkpoint'],
      ...flags,
    ]);
    expect(stderr).toContain('calm.checkpoint is a checkpoint of another search');
    expect(stderr).toContain(why);
    expect(stderr).not.toMatch(stackTrace);
    expect(code).toBe(2);
  });

  it('refuses to go on with another model', async () => {
    folder.write('changed.mjs', calm);
    const args = ['explore', 'changed.mjs', '--runs', '300'];
    await folder.run([...args, '--checkpoint', 'changed.checkpoint']);
    folder.write('changed.mjs', calm.replace('cpu.read(x)', 'cpu.fetch_add(x, 1)'));
    const { code, stderr } = await folder.run([...args, '--resume', 'changed.checkpoint']);
    expect(stderr).toContain('another search: model was');
    expect(code).toBe(2);
  });

  it('refuses a file that is damaged, or none, or cannot be written', async () => {
    folder.write('calm.mjs', calm);
    const args = ['explore', 'calm.mjs', '--runs', '300'];
    await folder.run([...args, '--checkpoint', 'whole.checkpoint']);
    const bytes = folder.readBytes('whole.checkpoint');
    folder.write('cut.checkpoint', bytes.subarray(0, bytes.length - 1));
    const cut = await folder.run([...args, '--resume', 'cut.checkpoint']);
    expect(cut.stderr).toContain('cut.checkpoint is damaged');
    const none = await folder.run([...args, '--resume', 'calm.mjs']);
    expect(none.stderr).toContain('calm.mjs is no checkpoint');
    const nowhere = await folder.run([...args, '--checkpoint', 'no/such/folder']);
    expect(nowhere.stderr).toContain('cannot write the checkpoint no/such/folder');
    for (const { code, stderr } of [cut, none, nowhere]) {
      expect(stderr).not.toMatch(stackTrace);
      expect(code).toBe(2);
    }
  });
});
