// The small programs of the table of rules can be explored, proved and replayed like any scenario.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, type Ended, Folder } from './racewalk.js';

let folder: Folder;

beforeAll(async () => {
  await build();
  folder = new Folder();
}, 180_000);
afterAll(() => folder.remove());

const racewalk = (line: string): Promise<Ended> => folder.run(line.split(' '));

describe('a program of the rules', () => {
  it('is listed with its neighbour, on the screen and as a document', async () => {
    const screen = await racewalk('list --rules');
    expect(screen.stdout).toContain('K-08: A mutex must not be locked again by its owner.');
    expect(screen.stdout).toContain('deadlock: mutex-recursion');
    const { rules } = JSON.parse((await racewalk('list --rules --json')).stdout) as {
      rules: { broken: string }[];
    };
    expect(rules.map(({ broken }) => broken)).toContain('mutex-recursion');
  });

  it('comes to a livelock whose replay file comes to the same', async () => {
    const found = await racewalk('prove trylock-backoff');
    expect([found.code, found.stdout]).toEqual([1, expect.stringContaining('*** LIVELOCK ***')]);
    const [file = ''] = readdirSync(join(folder.path, '.racewalk'));
    const again = await racewalk(`replay .racewalk/${file}`);
    expect(again.code).toBe(1);
    expect(again.stdout).toContain('replayed bit for bit');
    expect(again.stdout).toContain('one and other go round in again for ever');
  });

  it('says in its scope which interrupts and which kinds of locks there were', async () => {
    const { stdout } = await racewalk('explore softirq-lock-with-softirqs-off');
    expect(stdout.replace(/\s+/g, ' ')).toContain('1 thread at the start, 1 interrupt,');
  });

  it('is not listed together with a scenario', async () => {
    const { code, stderr } = await racewalk('list lost-update --rules');
    expect([code, stderr]).toEqual([2, expect.stringContaining('leave SCENARIO out')]);
  });
});
