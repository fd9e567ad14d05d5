// racewalk ladder, as a user runs it.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, Folder, parse, stackTrace } from './racewalk.js';

let folder: Folder;

beforeAll(async () => {
  await build();
  folder = new Folder();
}, 180_000);

afterAll(() => {
  folder.remove();
});

const few = ['--scenario', 'fork-vs-attach', '--no-elisions'];

it('prints one JSON document, and its replay files replay', async () => {
  const rungs = ['--from', '0004', '--to', '0005'];
  const { code, stdout } = await folder.run([
    'ladder',
    'task-migration',
    ...rungs,
    ...few,
    '--json',
  ]);
  expect(code).toBe(0);
  const { rungs: found, changes } = parse(stdout);
  expect(changes).toMatchObject([{ rung: '0005', from: 'broken', to: 'proved' }]);
  const replay = /"replay": "(.+)"/.exec(JSON.stringify(found, undefined, 1))?.[1] ?? '';
  expect(replay).toContain('fork-vs-attach--0004');
  expect((await folder.run(['replay', replay])).code).toBe(1);
});

it('exits with 1 where the highest rung is broken, and prints Markdown', async () => {
  const args = ['ladder', 'task-migration', '--rung', '0004', ...few, '--markdown'];
  const { code, stdout } = await folder.run([...args, '--with', '0006']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^\| rung \|/);
  expect(stdout).toContain('| base with 0006 |');
});

it.each([
  [['ladder', 'no-such'], 'the series are: task-migration'],
  [['ladder', 'fork-vs-attach'], '"fork-vs-attach" is a scenario, and a ladder is of a series'],
  [['ladder', 'task-migration', '--to', '0009'], 'its rungs are:'],
  [['ladder', 'task-migration', '--from', '0005', '--to', '0001'], 'is above --to'],
  [['ladder', 'task-migration', '--scenario', 'nobody'], 'has no scenario "nobody"'],
  [['ladder', 'task-migration', '--with', '0004'], 'builds on'],
  [['ladder', 'task-migration', '--json', '--markdown'], 'cannot be used with'],
])('%j is a wrong command line', async (args, says) => {
  const { code, stdout, stderr } = await folder.run(args);
  expect(stderr).toContain(says);
  expect(stderr).not.toMatch(stackTrace);
  expect([code, stdout]).toEqual([2, '']);
});

it('Ctrl-C prints what was found until then', async () => {
  const name = folder.write(
    'mine.mjs',
    `import { writeSync } from 'node:fs';
import { forkVsTransfer } from 'racewalk/scenarios';
let told = false;
export const mine = { ...forkVsTransfer, name: 'mine', build: (options) => {
  if (!told) writeSync(2, 'running\\n');
  told = true;
  return forkVsTransfer.build(options);
} };`,
  );
  const running = folder.start(['ladder', `${name}#task-migration`]);
  await running.says('running');
  running.interrupt();
  const { code, stdout, stderr } = await running.ended;
  expect(stdout).toContain('interrupted: this is what was found until then');
  expect(stderr).not.toMatch(stackTrace);
  expect(code).toBe(130);
});
