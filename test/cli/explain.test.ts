// racewalk explain: of a scenario, of a replay file, and what it refuses.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, type Ended, Folder, parse } from './racewalk.js';

let folder: Folder;
let found: Ended;
let file: string;

beforeAll(async () => {
  await build();
  folder = new Folder();
  found = await folder.run(['explain', 'lost-update']);
  file = folder.onlyFileIn('.racewalk');
}, 180_000);

afterAll(() => {
  folder.remove();
});

describe('racewalk explain', () => {
  it('finds a failure of a scenario, marks its critical step, and explains it', () => {
    expect(found.code).toBe(1);
    expect(found.stdout).toMatchInlineSnapshot(`
      "       CPU0                    CPU1
             ----                    ----
        a:
          read x: 0
                                     b:
                                       read x: 0        <-- critical
                                       x = 1
          x = 1        <-- comes too late

       *** VIOLATION ***

        both updates count: x is 1

      critical: step 2 of 4, read x: 0 of b; before it some way to go on ends well,
                after it none does
      order: had x = 1 of a come before it, it could have ended well: it was run with
                nothing but this order changed; both concern x
      window: from after read x: 0 to before x = 1, in a: there 1 of 3 places for the
                steps of b fail (33 %)

      places 0 to 2 in a, for b from there to its end (2 steps) in a row:
        .F.
        F it fails like this; . it ends well

      37 executions were run to find this out

        replay:  npx racewalk replay .racewalk/lost-update--77b913cb.replay.json
      "
    `);
  });

  it('says the same of the replay file', async () => {
    const again = await folder.run(['explain', file]);
    expect(again.code).toBe(1);
    expect(found.stdout).toContain(again.stdout.trimEnd());
  });

  it('gives it as one JSON document', async () => {
    const { stdout } = await folder.run(['explain', file, '--json']);
    expect(parse(stdout)).toMatchObject({
      scenario: 'lost-update',
      critical: { kind: 'step', step: { step: 1, thread: 'b' } },
      pair: { kind: 'pair', about: ['x'], isSameOrder: true },
      window: { fixed: 'a', places: ['ends well', 'fails', 'ends well'] },
    });
  });

  it('refuses flags of a search beside a replay file', async () => {
    const { code, stderr } = await folder.run(['explain', file, '--memory', 'tso']);
    expect(code).toBe(2);
    expect(stderr).toContain('--memory is for a scenario');
  });

  it('reports the search where nothing fails', async () => {
    const { code, stdout } = await folder.run(['explain', 'queue-then-look', '--runs', '200']);
    expect(stdout).toContain('NOT FOUND');
    expect(code).toBe(0);
  });

  it('is announced at the end of a search', async () => {
    const { stdout } = await folder.run(['prove', 'lost-update']);
    expect(stdout).toMatch(
      /why: read x: 0 of b, step 2, came before x = 1 of a; the other\n? +way/,
    );
    expect(stdout).toContain('why:     npx racewalk explain .racewalk/');
  });
});
