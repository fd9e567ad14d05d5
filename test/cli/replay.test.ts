import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lostUpdate, moduleOf } from './models.js';
import { build, Folder, parse, stackTrace } from './racewalk.js';

let folder: Folder;
/** A replay of racewalk's own race, and of a user's. */
let kernel = '';
let mine = '';

beforeAll(async () => {
  await build();
  folder = new Folder();
  folder.write('mine.mjs', lostUpdate);
  kernel = folder.read(await record('fork-vs-transfer'));
  mine = await record('mine.mjs');
}, 240_000);
afterAll(() => folder.remove());

async function record(scenario: string): Promise<string> {
  const { stdout } = await folder.run(['explore', scenario, '--json']);
  return String(parse(stdout)['replay']);
}

describe('replay', () => {
  it('gives the same bytes twice', async () => {
    folder.write('kernel.json', kernel);
    for (const file of ['kernel.json', mine]) {
      for (const flags of [[], ['--json'], ['--full']]) {
        const one = await folder.run(['replay', file, ...flags]);
        const other = await folder.run(['replay', file, ...flags]);
        expect(one).toEqual(other);
        expect(one.stderr).toBe('');
        expect(one.code).toBe(1);
      }
    }
  });

  it('is recorded as the same file twice', async () => {
    const before = folder.read(mine);
    expect(folder.read(await record('mine.mjs'))).toBe(before);
  });

  it('says with --json whether it was faithful', async () => {
    folder.write('kernel.json', kernel);
    const { stdout } = await folder.run(['replay', 'kernel.json', '--json']);
    expect(parse(stdout)).toMatchObject({
      scenario: 'fork-vs-transfer',
      rung: 'base',
      verdict: 'BROKEN',
      kind: 'violation',
      preemptions: 1,
      faithful: true,
    });
  });
});

describe('show', () => {
  it.each([
    [[], '*** VIOLATION ***'],
    [['--full'], '*** VIOLATION ***'],
    [['--git'], 'Consider the following race between'],
    [['--html'], '<!doctype html>'],
    [['--chrome'], '"traceEvents"'],
    [['--itf'], '"#meta"'],
    [['--json'], '"scenario"'],
    [['--locks'], 'css_set_rwsem'],
    [['--locks', '--json'], '"lockClass"'],
  ])('%j, the same bytes twice', async (flags, text) => {
    folder.write('kernel.json', kernel);
    const one = await folder.run(['show', 'kernel.json', ...flags]);
    const other = await folder.run(['show', 'kernel.json', ...flags]);
    expect(one.stdout).toContain(text);
    expect(one).toEqual(other);
    expect(one.stderr).toBe('');
    expect(one.code).toBe(0);
  });

  it('prints JSON where it says so', async () => {
    folder.write('kernel.json', kernel);
    for (const flag of ['--json', '--chrome', '--itf']) {
      const { stdout } = await folder.run(['show', 'kernel.json', flag]);
      expect(() => parse(stdout)).not.toThrow();
    }
  });
});

/** One digit of the schedule is another one. */
const edited = (text: string): string =>
  text.replace(/"at":(\d+)/, (_, at: string) => `"at":${String(Number(at) + 1)}`);

describe('a file that', () => {
  const files: readonly (readonly [string, () => string | Uint8Array, string, string])[] = [
    ['was truncated', () => kernel.slice(0, kernel.length / 2), 'is truncated', 'record it again'],
    ['lost its last line', () => kernel.trimEnd().slice(0, -1), 'is truncated', 'record it again'],
    ['was edited', () => edited(kernel), 'was edited', 'racewalk explore'],
    ["is somebody else's JSON", () => '{"format":"other"}', 'no replay file', 'explore or prove'],
    ['is a JSON list', () => '[1,2]', 'no replay file', '*.replay.json'],
    ['is JSON null', () => 'null', 'no replay file', '*.replay.json'],
    ['is empty', () => '', 'is empty', 'record it again'],
    ['is blank', () => ' \n\t\n', 'is empty', 'record it again'],
    ['is text', () => 'hello', 'is not JSON', 'explore or prove'],
    ['is binary', () => new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 255]), 'is not JSON', ''],
    [
      'is of a newer version',
      () => kernel.replace('"version": 1', '"version": 99'),
      'has version 99',
      'Install a newer racewalk',
    ],
    [
      'lacks its schedule',
      () => JSON.stringify({ ...(JSON.parse(kernel) as object), choices: undefined }),
      'not a complete replay file',
      'choices',
    ],
    [
      'holds more than it should',
      () => JSON.stringify({ ...(JSON.parse(kernel) as object), more: 1 }),
      'not a complete replay file',
      'more',
    ],
    [
      'has no checksum',
      () => kernel.replace(/"checksum": "[^"]*"/, '"checksum": ""'),
      'edited',
      '',
    ],
  ];
  it.each(files)('%s', async (_, content, fault, next) => {
    folder.write('bad.json', content());
    for (const command of ['replay', 'show']) {
      const { code, stdout, stderr } = await folder.run([command, 'bad.json']);
      expect(stderr).toContain('bad.json');
      expect(stderr).toContain(fault);
      expect(stderr).toContain(next);
      expect(stderr).not.toMatch(stackTrace);
      expect(stdout).toBe('');
      expect(code).toBe(2);
    }
  });

  it('was only formatted anew still replays', async () => {
    folder.write('formatted.json', JSON.stringify(JSON.parse(kernel)).replace('{', '\uFEFF{\r\n'));
    const { code, stdout } = await folder.run(['replay', 'formatted.json']);
    expect(stdout).toContain('replayed bit for bit');
    expect(code).toBe(1);
  });
});

/** Records a failure of a model, then asks the changed model. */
async function changed(before: string, after: string): Promise<{ file: string; name: string }> {
  const name = `changed-${String(Math.abs(before.length * 31 + after.length))}.mjs`;
  folder.write(name, before);
  const file = await record(name);
  folder.write(name, after);
  return { file, name };
}

describe('a model that has changed since', () => {
  const later: readonly (readonly [string, (model: string) => string, RegExp])[] = [
    [
      'is right now',
      (model) =>
        model.replaceAll(/yield\* cpu.write\(x, .*?\); \}/g, 'yield* cpu.atomic_inc(x); }'),
      /the first step that no longer applies: a write\(x\)#1; a ends without it .* every schedule was run, and none fails as recorded/,
    ],
    [
      'wants something else',
      (model) => model.replace('=== 2', '> 0'),
      /every step still applies, but they do not come to that any more/,
    ],
    [
      'fails otherwise',
      (model) => model.replace('both updates count', 'no update is lost'),
      /no longer applies: it ends otherwise, after step 4: no update is lost.* another failure was met: no update is lost/,
    ],
  ];
  it.each(later)('%s', async (_, edit, says) => {
    const { file } = await changed(lostUpdate, edit(lostUpdate));
    const { code, stdout, stderr } = await folder.run(['replay', file]);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(says);
    expect(stderr).toBe('');
    expect(code).toBe(4);
    const document = parse((await folder.run(['replay', file, '--json', '--runs', '0'])).stdout);
    expect(document).toMatchObject({ verdict: 'NOT VERIFIED', faithful: false });
    expect(document).not.toHaveProperty('replay');
    expect(document).not.toHaveProperty('searched');
    const shown = await folder.run(['show', file]);
    expect(shown.stderr).toContain('no longer applies');
    expect(shown.code).toBe(4);
  });

  const still: readonly (readonly [string, (model: string) => string, string, string])[] = [
    [
      'takes one step more',
      (model) => model.replace('*a(cpu) {', '*a(cpu) { yield* cpu.read(x);'),
      'by labels',
      'the model has changed: it ends otherwise, after step 5',
    ],
    [
      'has other names',
      (model) => model.replace('*a(cpu)', '*c(cpu)').replace("'x'", "'y'"),
      'by labels',
      'by position: a is taken for c, x is taken for y',
    ],
    [
      'has one thread less',
      (model) => model.replace(/\*b\(cpu\).*\n/, ' }),\n'),
      'by labels',
      'not come to: a turn of b; there is no b',
    ],
    [
      'starts elsewhere',
      (model) => model.replace("cell('x', 0)", "cell('x', 1)"),
      'after a search',
      'every step still applies',
    ],
  ];
  it.each(still)('%s, and still fails', async (_, edit, how, says) => {
    const { file, name } = await changed(lostUpdate, edit(lostUpdate));
    const { code, stdout, stderr } = await folder.run(['replay', file]);
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain(`reproduced ${how}`);
    expect(text).toContain(says);
    expect(stderr).toBe('');
    expect(code).toBe(1);
    const renewed = /replay: +npx racewalk replay (\S+)/.exec(stdout)?.[1] ?? '';
    expect(renewed).not.toBe(file);
    const again = parse((await folder.run(['replay', renewed, '--json'])).stdout);
    expect(again).toMatchObject({ verdict: 'BROKEN', faithful: true, reproduced: 'exactly' });
    // The recorded file is still there for the model that it was recorded of.
    folder.write(name, lostUpdate);
    expect((await folder.run(['replay', file])).stdout).toContain('replayed bit for bit');
  });

  it('is shown as it fails now', async () => {
    const after = lostUpdate.replace('*a(cpu) {', '*a(cpu) { yield* cpu.read(x);');
    const { file } = await changed(lostUpdate, after);
    const { code, stdout, stderr } = await folder.run(['show', file]);
    expect(stdout).toContain('*** VIOLATION ***');
    expect(stderr).toContain('reproduced by labels');
    expect(code).toBe(0);
  });

  it.each([
    ['is gone', '', 'exports no scenario'],
    ['has another name', moduleOf('*a() {}', '', 'other'), 'no scenario "mine"'],
    [
      'throws in setup',
      lostUpdate.replace("machine.cell('x', 0)", 'nothing()'),
      'could not be set up',
    ],
  ])('%s', async (_, after, says) => {
    const { file } = await changed(lostUpdate, after);
    const { code, stdout, stderr } = await folder.run(['replay', file]);
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(stackTrace);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('hangs is ended by the watchdog', async () => {
    const after = lostUpdate.replace('*a(cpu) {', '*a(cpu) { yield* cpu.read(x); for (;;);');
    const { file } = await changed(lostUpdate, after);
    const { code, stderr } = await folder.run(['replay', file, '--watchdog', '1']);
    expect(stderr).toContain('no sign of life');
    expect(code).toBe(2);
  });
});

describe('a replay elsewhere', () => {
  it('says where its module was looked for', async () => {
    const other = new Folder();
    try {
      other.write('mine.json', folder.read(mine));
      const { code, stderr } = await other.run(['replay', 'mine.json']);
      expect(stderr).toContain('mine.mjs');
      expect(stderr).toContain('the directory in which it was recorded');
      expect(code).toBe(2);
    } finally {
      other.remove();
    }
  });
});
