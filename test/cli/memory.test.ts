// --memory: the order in which stores become visible is part of every question and of every answer.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, type Ended, Folder, parse } from './racewalk.js';

/** Store buffering: with either order of two stores and two loads somebody sees the other one's store. */
const storeBuffering = `import { atEnd, scenario } from 'racewalk';
export const sb = scenario({
  name: 'store-buffering',
  about: 'Each thread stores, and loads what the other one stores.',
  setup: (m) => ({ x: m.cell('x', 0), y: m.cell('y', 0), seen: m.cell('seen', 0) }),
  actors: ({ x, y, seen }) => ({
    *a(cpu) { yield* cpu.write(x, 1); if ((yield* cpu.read(y)) === 1) yield* cpu.atomic_inc(seen); },
    *b(cpu) { yield* cpu.write(y, 1); if ((yield* cpu.read(x)) === 1) yield* cpu.atomic_inc(seen); },
  }),
  properties: ({ seen }) => [atEnd('somebody sees the other', () => seen.peek() > 0)],
});
`;

let folder: Folder;

beforeAll(async () => {
  await build();
  folder = new Folder();
  folder.write('sb.mjs', storeBuffering);
}, 180_000);
afterAll(() => folder.remove());

const racewalk = (line: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  folder.run(line.split(' '), env);

describe('--memory', () => {
  it('is sequential consistency where nobody says otherwise, and the answer says so', async () => {
    const { stdout, code } = await racewalk('prove sb.mjs');
    expect(stdout).toContain('store-buffering: PROVED');
    expect(stdout.replace(/\s+/g, ' ')).toContain('sequential consistency');
    expect(code).toBe(0);
  });

  it.each(['prove', 'explore'])('tso lets stores wait, and %s says so', async (command) => {
    const { stdout, code } = await racewalk(`${command} sb.mjs --memory tso`);
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toContain('store-buffering: BROKEN');
    expect(text).toContain('total store order (x86-TSO)');
    expect(text).toContain('becomes visible');
    expect(text).toContain('--memory tso');
    expect(code).toBe(1);
  });

  it('can come from RACEWALK_MEMORY, and stands in the document', async () => {
    const { stdout } = await racewalk('prove sb.mjs --json', { RACEWALK_MEMORY: 'tso' });
    expect(parse(stdout)).toMatchObject({ verdict: 'BROKEN', memory: 'tso' });
    const plain = await racewalk('prove sb.mjs --json');
    expect(parse(plain.stdout)).toMatchObject({ verdict: 'PROVED', memory: 'sc' });
  });

  it('refuses an order that there is not', async () => {
    const { stderr, code } = await racewalk('prove sb.mjs --memory power');
    expect(stderr).toContain('sc, tso');
    expect(code).toBe(2);
  });

  it('stands in the replay file, so that the failure replays', async () => {
    const found = await racewalk('prove sb.mjs --memory tso');
    const command = /replay: +npx racewalk (.+)/.exec(found.stdout)?.[1] ?? '';
    const replayed = await racewalk(command);
    expect(replayed.stdout.replace(/\s+/g, ' ')).toContain('total store order (x86-TSO)');
    expect(replayed.code).toBe(1);
    const again = await racewalk(`${command} --json`);
    expect(parse(again.stdout)).toMatchObject({ faithful: true, memory: 'tso' });
  });
});
