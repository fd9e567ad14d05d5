// --races: the flag, the scope line, and replays of what it finds.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moduleWith } from './models.js';
import { build, type Document, type Ended, Folder, parse } from './racewalk.js';

/** A plain write and a plain read that nothing orders; `asked` is whether the scenario itself looks for races. */
function racing(name: string, asked: boolean): string {
  return moduleWith(`export const racing = scenario({
  name: '${name}',
  about: 'A model for a test.',
  ${asked ? 'machine: { dataRaces: true },' : ''}
  setup: (m) => ({ x: m.cell('x', 0) }),
  actors: ({ x }) => ({
    *a(cpu) { yield* cpu.write(x, 1); },
    *b(cpu) { yield* cpu.read(x); },
  }),
});\n`);
}

let folder: Folder;

beforeAll(async () => {
  await build();
  folder = new Folder();
  folder.write('silent.mjs', racing('silent', false));
  folder.write('asking.mjs', racing('asking', true));
}, 180_000);
afterAll(() => folder.remove());

const racewalk = (line: string): Promise<Ended> => folder.run(line.split(' '));

async function document(line: string): Promise<Document> {
  return parse((await racewalk(`${line} --json`)).stdout);
}

describe('data races', () => {
  it.each(['explore', 'prove'])('are not looked for by %s, and its scope says so', async (what) => {
    const ended = await racewalk(`${what} silent.mjs --runs 300`);
    expect(ended.code).toBe(0);
    expect(ended.stdout.replace(/\s+/g, ' ')).toContain('data races are not looked for');
  });

  it.each(['explore silent.mjs --races', 'prove silent.mjs --races', 'prove asking.mjs'])(
    'are found by %s, and replayed',
    async (line) => {
      const ended = await racewalk(line);
      expect(ended.code).toBe(1);
      const words = ended.stdout.replace(/\s+/g, ' ');
      expect(words).toContain('*** DATA RACE ***');
      expect(words).toContain('data races are looked for');
      expect(words).toContain('data race on x in a / b');
      expect(words).toContain('plain write of 1 by a (CPU0), holding no lock');
      expect(ended.stdout).toMatch(/x = 1 +<-- plain, writes/);
      const command = /replay: +npx racewalk (.+)/.exec(ended.stdout)?.[1] ?? '';
      const replayed = await racewalk(command);
      expect(replayed.code).toBe(1);
      expect(replayed.stdout).toContain('replayed bit for bit');
    },
  );

  it('are told as a document that says they were looked for', async () => {
    const found = await document('prove silent.mjs --races');
    expect(found).toMatchObject({ verdict: 'BROKEN', kind: 'data race', dataRaces: true });
    expect(found['message']).toContain('race on x');
    expect(await document('prove silent.mjs')).not.toHaveProperty('dataRaces');
  });

  it('stand in the command that asks the same again', async () => {
    expect((await racewalk('prove silent.mjs --races')).stdout).toContain(
      'again:   npx racewalk prove silent.mjs --races',
    );
  });
});
