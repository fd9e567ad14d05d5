import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, Folder, parse } from './racewalk.js';

let folder: Folder;

beforeAll(async () => {
  await build();
  folder = new Folder();
  folder.write(
    'leak.mjs',
    `import { atEnd, Memory, path, scenario } from 'racewalk';
     class Page { constructor(memory) { this.memory = memory; } }
     const charge = path('charge', function* (cpu, live) {
       if ((yield* cpu.kmalloc(Page)) === null) return;
       yield* cpu.fetch_add(live, 1);
       if ((yield* cpu.kmalloc(Page)) === null) return;
       yield* cpu.fetch_add(live, -1);
     });
     export const leak = scenario({
       name: 'leak', about: 'A failed second allocation leaves the first one behind.',
       setup: (m) => ({ live: m.cell('live', 0) }),
       actors: ({ live }) => ({ *a(cpu) { yield* charge(cpu, live); } }),
       properties: ({ live }) => [atEnd('nothing leaks', () => live.peek() === 0)],
     });`,
  );
}, 180_000);
afterAll(() => folder.remove());

const racewalk = (...line: string[]) => folder.run(line);

describe('--fail', () => {
  it('makes the step at that place fail in every schedule, and says so', async () => {
    for (const command of ['explore', 'prove']) {
      expect((await racewalk(command, 'leak.mjs')).code).toBe(0);
      const failing = await racewalk(command, 'leak.mjs', '--fail', 'charge:2');
      expect(failing.code).toBe(1);
      expect(failing.stdout.replace(/\s+/g, ' ')).toContain('charge:2 fails, nothing else does');
      expect(failing.stdout).toMatch(/again: .* --fail charge:2$/m);
    }
  });

  it('stands in the replay file and in the document', async () => {
    const found = parse(
      (await racewalk('prove', 'leak.mjs', '--fail', 'charge:2', '--json')).stdout,
    );
    expect(found).toMatchObject({ verdict: 'BROKEN', fail: [{ place: 'charge:2', most: 2 }] });
    const file = String(found['replay']);
    const text = readFileSync(join(folder.path, file), 'utf8');
    expect(parse(text)).toMatchObject({ options: { fail: ['charge:2'] } });
    const again = await racewalk('replay', file);
    expect([again.code, again.stdout]).toEqual([1, expect.stringContaining('bit for bit')]);
  });

  it('says where it was never come to', async () => {
    const { stdout, code } = await racewalk('prove', 'leak.mjs', '--fail', 'charge:3');
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'nothing failed at charge:3: no call came to it, the most was charge:2',
    );
  });

  it('refuses what is no place, and functions that the kernel does not have', async () => {
    const noPlace = await racewalk('prove', 'leak.mjs', '--fail', 'charge');
    expect([noPlace.code, noPlace.stderr]).toEqual([2, expect.stringContaining('FUNCTION:N')]);
    const unknown = await racewalk('prove', 'fork-vs-attach', '--fail', 'find_css:1');
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('has no function find_css(); there are find_css_set'),
    ]);
  });

  it('reaches into the functions of a kernel', async () => {
    const line = ['prove', 'fork-vs-attach', '--rung', '0005', '--preemptions', '0', '--json'];
    const { stdout } = await racewalk(...line, '--fail', 'find_css_set:2');
    expect(parse(stdout)).toMatchObject({
      verdict: 'PROVED',
      fail: [{ place: 'find_css_set:2', most: 2 }],
    });
  });
});
