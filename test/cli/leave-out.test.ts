// A failure is shown without the actors that have no part in it, and its file replays without them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, Folder } from './racewalk.js';

let folder: Folder;

beforeAll(async () => {
  await build();
  folder = new Folder();
}, 180_000);
afterAll(() => folder.remove());

const model = `
import { atEnd, scenario } from 'racewalk';
export default scenario({
  name: 'crowd',
  about: 'Two increments without a lock, and one who only reads.',
  setup: (m) => ({ x: m.cell('x', 0) }),
  actors: ({ x }) => ({
    *reader(cpu) { yield* cpu.read(x); },
    *a(cpu) { yield* cpu.write(x, (yield* cpu.read(x)) + 1); },
    *b(cpu) { yield* cpu.write(x, (yield* cpu.read(x)) + 1); },
  }),
  properties: ({ x }) => [atEnd('both count', () => x.peek() === 2)],
});
`;

describe('a failure that needs only some of the actors', () => {
  it('is shown and replayed without the others', async () => {
    const module = folder.write('crowd.mjs', model);
    for (const command of ['explore', 'prove']) {
      const { code, stdout } = await folder.run([command, module, '--json']);
      expect(code).toBe(1);
      const document = JSON.parse(stdout) as { leftOut: string[]; replay: string };
      expect(document).toMatchObject({ leftOut: ['reader'], minimal: 'proved', preemptions: 1 });
      const replayed = await folder.run(['replay', document.replay]);
      expect(replayed.stdout).not.toContain('reader');
      expect(replayed.stdout).toContain('both count');
      expect(replayed.code).toBe(1);
    }
  });

  it('says so', async () => {
    const { stdout } = await folder.run(['explore', folder.write('crowd.mjs', model)]);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('left out: reader; the same bug recurs');
  });
});
