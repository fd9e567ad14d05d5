import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moduleOf, moduleWith, scenarioOf } from './models.js';
import { build, Folder, parse, stackTrace } from './racewalk.js';

let folder: Folder;

beforeAll(async () => {
  await build();
  folder = new Folder();
}, 180_000);
afterAll(() => folder.remove());

const b = '*b(cpu) { yield* cpu.write(x, 2); }';

/** What each module gets wrong, and what is said of it. */
const wrong: readonly (readonly [what: string, module: string, ...says: string[]])[] = [
  ['throws at import', `throw new Error('not ready');`, 'cannot load', 'Error: not ready (line 1)'],
  ['throws no Error', `throw 'a text';`, 'cannot load', 'it threw a text'],
  ['has a syntax error', `export const = 1;`, 'SyntaxError', 'node --check'],
  [
    'imports what is not there',
    `import 'no-such-package';`,
    "Cannot find package 'no-such-package'",
  ],
  ['ends the process', `process.exit(0);`, 'it ended its process'],
  [
    'throws later on',
    `setTimeout(() => { throw new Error('late'); }, 1); await new Promise(() => {});`,
    'outside of a scenario',
    'late',
  ],
  ['exports no scenario', `export const x = 1;`, 'exports no scenario', 'scenario({...})'],
  [
    'throws in setup',
    moduleWith(
      `export const mine = scenario({
        name: 'mine',
        setup: () => { throw new TypeError('no table'); },
        actors: () => ({}),
      });`,
    ),
    'the scenario "mine" could not be set up: TypeError: no table (line 4)',
  ],
  ['throws where actors are made', moduleOf(`...x.y.z`), 'could not be set up: TypeError', '(line'],
  ['has no actors', moduleOf(''), 'the scenario "mine" has no actors'],
  [
    'forgets yield*',
    moduleOf(`*a(cpu) { cpu.write(x, 1); yield* cpu.read(x); }, ${b}`),
    'a call on cpu stands without yield*',
  ],
  [
    'writes yield for yield*',
    moduleOf(`*a(cpu) { yield cpu.write(x, 1); yield* cpu.read(x); }, ${b}`),
    'yield*',
  ],
  ['yields a foreign value', moduleOf(`*a() { yield 42; }, ${b}`), 'thread a', 'use yield*'],
  [
    'has a property that throws',
    moduleOf(
      b,
      `always('fine', () => { if (x.peek() === 2) throw new Error('oh'); return true; })`,
    ),
    'the property "fine" threw: oh',
  ],
  [
    'has a property that does not hold at the start',
    moduleOf(b, `always('x is 1', () => x.peek() === 1 || 'x is ' + x.peek())`),
    'the property "x is 1" does not hold in the initial state: x is 0',
  ],
  [
    'has several scenarios',
    moduleWith(
      `export const one = ${scenarioOf(b, '', 'first')}; export const two = ${scenarioOf(b, '', 'second')};`,
    ),
    'has several scenarios',
    '#first',
    '#second',
  ],
];

describe('a module that', () => {
  it.each(wrong)('%s', async (what, module, ...says) => {
    const file = folder.write(`${what.replaceAll(/[^a-z]+/g, '-')}.mjs`, module);
    const { code, stdout, stderr } = await folder.run(['explore', file, '--runs', '300']);
    for (const text of says) expect(stderr).toContain(text);
    expect(stderr).toMatch(/^racewalk: /);
    expect(stderr).not.toMatch(stackTrace);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  const hangs: readonly (readonly [what: string, module: string, where: string])[] = [
    ['loops for ever at import', `for (;;);`, "while the scenario's module was loaded"],
    ['never finishes its import', `await new Promise(() => {});`, 'module was loaded'],
    [
      'loops for ever in setup',
      moduleWith(
        `export const mine = scenario({ name: 'mine', setup: () => { for (;;); }, actors: () => ({}) });`,
      ),
      'while the scenario was set up',
    ],
    [
      'loops for ever before its first step',
      moduleOf(`*a() { for (;;); }, ${b}`),
      'before its first',
    ],
    [
      'loops for ever between two steps',
      moduleOf(`*spinner(cpu) { yield* cpu.read(x); for (;;); }, ${b}`),
      'in spinner',
    ],
    [
      'loops for ever in a property',
      moduleOf(b, `atEnd('fine', () => { while (x.peek() === 2); return true; })`),
      'near execution',
    ],
  ];
  it.each(hangs)('%s is ended by the watchdog', async (what, module, where) => {
    const file = folder.write(`${what.replaceAll(' ', '-')}.mjs`, module);
    // Both commands run in the same worker, so the last one tries both.
    for (const command of what === hangs.at(-1)?.[0] ? ['explore', 'prove'] : ['explore']) {
      const { code, stdout, stderr } = await folder.run([command, file, '--watchdog', '1']);
      expect(stderr).toContain('the model gave no sign of life for 1 s');
      expect(stderr).toContain(where);
      expect(stderr).toContain('--watchdog allows more seconds');
      expect(stderr).not.toMatch(stackTrace);
      expect(stdout).toBe('');
      expect(code).toBe(2);
    }
  });

  it('throws in one interleaving only is BROKEN, with a replay', async () => {
    const file = folder.write(
      'rare.mjs',
      moduleOf(
        `*a(cpu) { yield* cpu.write(x, 1); yield* cpu.write(x, 0); },
         *b(cpu) { if ((yield* cpu.read(x)) === 1) throw new Error('saw the middle'); }`,
      ),
    );
    for (const command of ['explore', 'prove']) {
      const { code, stdout } = await folder.run([command, file, '--json']);
      expect(code).toBe(1);
      const found = parse(stdout);
      expect(found).toMatchObject({ verdict: 'BROKEN', kind: 'panic', preemptions: 1 });
      expect(found['message']).toContain('saw the middle');
      const replayed = await folder.run(['replay', String(found['replay'])]);
      expect(replayed.stdout).toContain('replayed bit for bit');
      expect(replayed.code).toBe(1);
    }
  });

  it('releases a lock that it does not hold is BROKEN', async () => {
    const file = folder.write(
      'unheld.mjs',
      moduleOf(`*a(cpu) { yield* cpu.spin_unlock(l); }, ${b}`),
    );
    const { code, stdout } = await folder.run(['explore', file]);
    expect(stdout).toContain('spin_unlock(l) by a non-owner');
    expect(code).toBe(1);
  });

  it('deadlocks is BROKEN, and says who waits for whom', async () => {
    const file = folder.write(
      'deadlock.mjs',
      moduleOf(`*p(cpu) { yield* cpu.spin_lock(l); yield* cpu.spin_lock(l); }`),
    );
    const { code, stdout } = await folder.run(['prove', file]);
    expect(stdout).toContain('*** DEADLOCK ***');
    expect(code).toBe(1);
  });

  it('never steps has one schedule, in which nothing is found', async () => {
    const file = folder.write('empty.mjs', moduleOf('*a() {}, *b() {}'));
    const { code, stdout } = await folder.run(['prove', file, '--json']);
    expect(parse(stdout)).toMatchObject({ verdict: 'PROVED', runs: 1, steps: 0, complete: true });
    expect(code).toBe(0);
    expect((await folder.run(['explore', file, '--runs', '300'])).code).toBe(0);
  });

  it('steps for ever is LIMIT', async () => {
    const file = folder.write('steps.mjs', moduleOf('*a(cpu) { for (;;) yield* cpu.read(x); }'));
    for (const command of ['explore', 'prove']) {
      const { code, stdout } = await folder.run([
        command,
        file,
        '--runs',
        '3',
        '--steps-max',
        '1000',
      ]);
      expect(stdout).toContain('LIMIT');
      expect(stdout).toContain('cut off by --steps-max');
      expect(code).toBe(4);
    }
  });

  it('calls itself for ever ends in a verdict', async () => {
    const file = folder.write(
      'recursive.mjs',
      moduleWith(
        `function* down(cpu, x) { yield* cpu.read(x); yield* down(cpu, x); }
         export const mine = ${scenarioOf('*a(cpu) { yield* down(cpu, x); }')};`,
      ),
    );
    const { code, stdout, stderr } = await folder.run(['explore', file]);
    expect(stdout + stderr).toContain('Maximum call stack size exceeded');
    expect(stderr).not.toMatch(stackTrace);
    expect(code).toBe(1);
  });

  it('has a scenario for each name', async () => {
    const file = folder.write(
      'two.mjs',
      moduleWith(
        `export const one = ${scenarioOf(b, '', 'first')}; export const two = ${scenarioOf(b, '', 'second')};`,
      ),
    );
    const second = await folder.run(['prove', `${file}#second`]);
    expect(second.stdout).toContain('second: PROVED');
    expect(second.code).toBe(0);
    const third = await folder.run(['prove', `${file}#third`]);
    expect(third.stderr).toContain('no scenario "third"');
    expect(third.code).toBe(2);
    const listed = await folder.run(['list', file, '--json']);
    expect(parse(listed.stdout)['scenarios']).toMatchObject([
      { name: 'first' },
      { name: 'second' },
    ]);
  });

  it('prints does not disturb the document on stdout', async () => {
    const file = folder.write(
      'prints.mjs',
      `console.log('at import');\n${moduleOf(`*a(cpu) { console.log('a'); yield* cpu.read(x); }`)}`,
    );
    const { stdout, stderr } = await folder.run(['prove', file, '--json']);
    expect(parse(stdout)).toMatchObject({ verdict: 'PROVED' });
    expect(stderr).toContain('at import');
  });

  it('imports another copy of racewalk is refused', async () => {
    const elsewhere = new Folder('copy');
    try {
      const file = elsewhere.write('mine.mjs', moduleOf(b));
      const { code, stderr } = await elsewhere.run(['prove', file]);
      expect(stderr).toContain('uses another copy of racewalk');
      expect(code).toBe(2);
    } finally {
      elsewhere.remove();
    }
  });

  it('lies in a folder with a # in its name is found', async () => {
    folder.write('c#.mjs', moduleOf(b));
    const { code } = await folder.run(['prove', 'c#.mjs']);
    expect(code).toBe(0);
  });
});
