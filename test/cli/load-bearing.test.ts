// racewalk load-bearing, as a user runs it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, Folder, parse } from './racewalk.js';

let folder: Folder;

beforeAll(async () => {
  await build();
  folder = new Folder();
}, 180_000);

afterAll(() => {
  folder.remove();
});

describe('racewalk load-bearing', () => {
  it('names what dies without siglock, as one JSON document', async () => {
    const args = ['load-bearing', 'enable-vs-exit', '--rung', '0007', '--samples', '1', '--json'];
    const { code, stdout } = await folder.run(args);
    expect(code).toBe(0);
    const { whole, rows } = parse(stdout);
    expect(whole).toMatchObject({ kind: 'nothing', clearedTo: 1 });
    expect(rows).toContainEqual(
      expect.objectContaining({
        what: 'siglock',
        where: 'everywhere',
        outcome: expect.objectContaining({
          kind: 'dies',
          preemptions: 1,
          minimal: true,
        }) as unknown,
      }),
    );
  });

  it('says so where the scenario fails as it is', async () => {
    const { code, stdout } = await folder.run(['load-bearing', 'lost-update']);
    expect(code).toBe(1);
    expect(stdout).toContain('the scenario fails as it is');
  });
});
