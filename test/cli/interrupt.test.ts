import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endless, endlessAndBroken, lostUpdate, moduleOf } from './models.js';
import { build, type Ended, Folder, parse, stackTrace } from './racewalk.js';

let folder: Folder;

beforeAll(async () => {
  await build();
  folder = new Folder();
}, 180_000);
afterAll(() => folder.remove());

/** Has the module say on stderr, by a write that nothing can hold up, when its first actor is first run. */
function announced(module: string): string {
  return `import { writeSync } from 'node:fs';
let told = false;
const tell = () => { if (!told) writeSync(2, 'running\\n'); told = true; };
${module.replace(/\*(\w+)\(cpu\) \{/, '*$1(cpu) { tell();')}`;
}

/** Interrupts the command when its model runs; in how many seconds did it end then, and how? */
async function interrupted(
  module: string,
  args: readonly string[],
): Promise<Ended & { readonly seconds: number }> {
  const name = folder.write(`mine.mjs`, announced(module));
  const [command = '', ...flags] = args;
  const running = folder.start([command, name, ...flags, '--out', `out-${command}`]);
  await running.says('running');
  await new Promise((resolve) => setTimeout(resolve, 500));
  const started = performance.now();
  running.interrupt();
  const ended = await running.ended;
  return { ...ended, seconds: (performance.now() - started) / 1000 };
}

const forEver = ['--runs', '1000000000'];
const hangs = moduleOf(
  `*a(cpu) { yield* cpu.read(x); for (;;); }, *b(cpu) { yield* cpu.read(x); }`,
);
/** Fails without a preemption, and hangs with one. */
const failsThenHangs = moduleOf(
  `*a(cpu) { yield* cpu.write(x, 1); yield* cpu.write(x, 2); },
   *b(cpu) { if ((yield* cpu.read(x)) === 1) for (;;); }`,
  `atEnd('x is 3', () => x.peek() === 3)`,
);

describe('Ctrl-C', () => {
  it.each([
    ['explore', 'NOT FOUND'],
    ['prove --engine enumerate', 'LIMIT'],
  ])('in %s says how far it came', async (command, verdict) => {
    const { code, stdout, stderr, seconds } = await interrupted(endless, [
      ...command.split(' '),
      ...forEver,
    ]);
    expect(stdout).toContain(`mine: ${verdict}`);
    expect(stdout).toContain('interrupted: this is what was found until then');
    expect(stdout).toMatch(/[1-9][\d,]* executions, 0 failures/);
    expect(stderr).not.toMatch(stackTrace);
    expect(code).toBe(130);
    expect(seconds).toBeLessThan(5);
  });

  it.each(['explore', 'prove'])('in %s --all loses no failure', async (command) => {
    const args = [command, '--all', ...forEver];
    const { code, stdout, seconds } = await interrupted(endlessAndBroken, args);
    expect(stdout).toContain('mine: BROKEN');
    expect(stdout).toContain('interrupted');
    expect(stdout).toContain('saw the middle');
    const replay = /replay: +npx racewalk (.+)/.exec(stdout)?.[1] ?? '';
    expect((await folder.run(replay.split(' '))).code).toBe(1);
    expect(code).toBe(130);
    expect(seconds).toBeLessThan(5);
  });

  it('is told with --json', async () => {
    const { code, stdout } = await interrupted(endless, ['explore', ...forEver, '--json']);
    expect(parse(stdout)).toMatchObject({ verdict: 'NOT FOUND', failures: 0, interrupted: true });
    expect(code).toBe(130);
  });

  it('does not claim a minimality that was not looked for', async () => {
    const { stdout } = await interrupted(endlessAndBroken, ['explore', '--all', ...forEver]);
    expect(stdout).toContain('not proved minimal');
  });

  it('ends a model that hangs', async () => {
    const { code, stdout, stderr, seconds } = await interrupted(hangs, ['explore']);
    expect(stdout).toContain('interrupted: this is what was found until then');
    expect(stderr).toContain('racewalk: interrupted near execution 1, in a');
    expect(stderr).not.toMatch(stackTrace);
    expect(code).toBe(130);
    expect(seconds).toBeLessThan(5);
  });

  it('ends a model that hangs, and keeps what it had found', async () => {
    const { code, stdout } = await interrupted(failsThenHangs, ['explore', '--all', ...forEver]);
    expect(stdout).toContain('x is 3: it does not hold');
    expect(stdout).toContain('npx racewalk replay');
    expect(code).toBe(130);
  });

  it('before the model is loaded ends it as well', async () => {
    const name = folder.write(
      'import.mjs',
      `import { writeSync } from 'node:fs'; writeSync(2, 'loading'); for (;;);`,
    );
    const running = folder.start(['explore', name]);
    await running.says('loading');
    running.interrupt();
    const { code, stdout, stderr } = await running.ended;
    expect(stderr).toContain("interrupted while the scenario's module was loaded");
    expect(stdout).toBe('');
    expect(code).toBe(130);
  });
});

describe('the watchdog', () => {
  it('keeps what was found before the model hung', async () => {
    const name = folder.write('hangs-later.mjs', failsThenHangs);
    const args = ['explore', name, '--all', '--watchdog', '1'];
    const { code, stdout, stderr } = await folder.run(args);
    expect(stderr).toContain('no sign of life');
    expect(stdout).toContain('mine: BROKEN');
    expect(stdout).toContain('x is 3: it does not hold');
    expect(stdout).toContain('npx racewalk replay');
    expect(code).toBe(1);
  });

  it('does not bark at a model that goes on', async () => {
    const name = folder.write('slow.mjs', lostUpdate);
    const { code } = await folder.run(['prove', name, '--watchdog', '1']);
    expect(code).toBe(1);
  });
});

describe('a model error', () => {
  it('keeps what was found before it', async () => {
    const name = folder.write(
      'forgets-later.mjs',
      failsThenHangs.replace('for (;;);', 'cpu.write(x, 7);').replace('; }`,', '; }`,'),
    );
    const { code, stdout, stderr } = await folder.run(['explore', name, '--all']);
    expect(stdout + stderr).toContain('x is 3: it does not hold');
    expect(code).toBe(1);
  });
});
