// A campaign on several cores says what one on a single core says, to the byte.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calm, endless, moduleOf } from './models.js';
import { build, type Document, type Ended, Folder, parse, stackTrace } from './racewalk.js';

let folder: Folder;

/** Fails where b sees each of a's writes just after it was made: a random walk does so once in some thousands. */
const rare = moduleOf(
  `*a(cpu) { for (let n = 1; n <= 6; n++) yield* cpu.write(x, n); },
   *b(cpu) {
     for (let n = 1; n <= 6; n++) if ((yield* cpu.read(x)) !== n) return;
     throw new Error('saw each of them');
   }`,
);
/** Hangs at the same place. */
const hangs = rare.replace("throw new Error('saw each of them');", 'for (;;);');
/** Breaks the rules of the machine at the same place. */
const forgets = rare.replace("throw new Error('saw each of them');", 'cpu.write(x, 7);');

/** Has the module say on stderr, by a write that nothing can hold up, in which threads its first actor is run. */
function tellingThreads(module: string): string {
  return `import { writeSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
let told = false;
const tell = () => { if (!told) writeSync(2, \`running in \${threadId}\\n\`); told = true; };
${module.replace(/\*(\w+)\(cpu\) \{/, '*$1(cpu) { tell();')}`;
}

beforeAll(async () => {
  await build();
  folder = new Folder();
  folder.write('rare.mjs', rare);
  folder.write('hangs.mjs', hangs);
  folder.write('forgets.mjs', forgets);
  folder.write('calm.mjs', calm);
  folder.write('endless.mjs', tellingThreads(endless));
}, 180_000);
afterAll(() => folder.remove());

const campaign = (model: string, workers: number, ...flags: readonly string[]): Promise<Ended> => {
  const args = ['explore', model, '--strategy', 'random', '--workers', String(workers), ...flags];
  return folder.run(args);
};

describe('a campaign on several cores', () => {
  it.each([
    ['that finds something in a later round', 'rare.mjs', 1, ['--runs', '30000']],
    ['that counts all', 'rare.mjs', 1, ['--runs', '12000', '--all']],
    ['that finds nothing', 'calm.mjs', 0, ['--runs', '9000']],
  ])('%s is the same, to the byte, for 1 and 3 workers', async (_, model, code, flags) => {
    const texts = new Set<string>();
    for (const workers of [1, 3]) {
      for (const time of ['first', 'second']) {
        const ended = await campaign(model, workers, ...flags, '--json');
        expect(ended.stderr, `${time} with ${String(workers)}`).toBe('');
        expect(ended.code).toBe(code);
        texts.add(ended.stdout);
      }
    }
    expect(texts.size).toBe(1);
    const [text = ''] = texts;
    expect(parse(text)['runs']).toBeGreaterThan(1_000);
  });

  it('tells of the same model error, however many workers there are', async () => {
    const [one, two] = [await campaign('forgets.mjs', 1), await campaign('forgets.mjs', 2)];
    expect(one.stderr).toContain('yield*');
    expect(two).toEqual(one);
    expect(two.code).toBe(2);
  });

  it('ends a helper whose model hangs', async () => {
    const { code, stderr } = await campaign('hangs.mjs', 2, '--watchdog', '1');
    expect(stderr).toMatch(/no sign of life for 1 s, near execution [\d,]+ of worker \d, in b/);
    expect(stderr).not.toMatch(stackTrace);
    expect(code).toBe(2);
  });

  it('keeps what was found when a helper hangs', async () => {
    const both = moduleOf(
      `*a(cpu) { for (let n = 1; n <= 6; n++) yield* cpu.write(x, n); },
       *b(cpu) { for (let n = 1; n <= 6; n++) if ((yield* cpu.read(x)) !== n) return; for (;;); },
       *c(cpu) { if ((yield* cpu.read(x)) === 5) throw new Error('saw five'); }`,
    );
    folder.write('both.mjs', both);
    const { code, stdout } = await campaign('both.mjs', 2, '--all', '--watchdog', '1');
    expect(stdout).toContain('mine: BROKEN');
    expect(stdout).toContain('saw five');
    expect(code).toBe(1);
  });

  it('keeps what was found at Ctrl-C', async () => {
    const args = ['explore', 'endless.mjs', '--runs', '1000000000', '--workers', '2', '--json'];
    const running = folder.start(args);
    // The first one has the job; these are its helpers.
    await running.says('running in 2');
    await running.says('running in 3');
    running.interrupt();
    const { code, stdout } = await running.ended;
    expect(parse(stdout)).toMatchObject({ verdict: 'NOT FOUND', interrupted: true });
    expect(parse(stdout)['runs']).toBeGreaterThan(0);
    expect(code).toBe(130);
  });

  it('refuses a number of workers that makes no sense', async () => {
    const { code, stderr } = await campaign('calm.mjs', 0);
    expect(stderr).toContain('from 1 to');
    expect(code).toBe(2);
  });
});

describe('a proof by states on several cores', () => {
  /** Three threads under a lock; the last one fails in one corner of its states, if it does. */
  const proof = (corner: string): string =>
    moduleOf(
      `*a(cpu) { for (let n = 0; n < 2; n++) {
         yield* cpu.spin_lock(l); yield* cpu.fetch_add(x, 1); yield* cpu.spin_unlock(l); } },
       *b(cpu) { for (let n = 0; n < 2; n++) {
         yield* cpu.spin_lock(l); yield* cpu.fetch_add(x, 3); yield* cpu.spin_unlock(l); } },
       *c(cpu) { const seen = [];
         for (let n = 0; n < 3; n++) seen.push(yield* cpu.read(x));
         if (seen.join() === '0,1,4') ${corner} }`,
    );
  const prove = (corner: string, workers: number, ...flags: readonly string[]): Promise<Ended> => {
    folder.write('proof.mjs', proof(corner));
    const args = ['prove', 'proof.mjs', '--engine', 'stateful', '--workers', String(workers)];
    return folder.run([...args, ...flags, '--json']);
  };
  /** How much memory the states take depends on who keeps them. */
  const withoutBytes = ({ bytes: _, ...rest }: Document): Document => rest;

  it.each([
    ['proves', ';', 'PROVED'],
    ['shows the same counterexample', "throw new Error('a corner');", 'BROKEN'],
  ])('%s, with as many states', async (_, corner, verdict) => {
    const [one, two, three] = await Promise.all(
      [1, 2, 3].map(async (workers) => parse((await prove(corner, workers)).stdout)),
    );
    expect(one).toMatchObject({ verdict });
    expect(one?.['states']).toBeGreaterThan(300);
    expect(withoutBytes(two ?? {})).toEqual(withoutBytes(one ?? {}));
    expect(withoutBytes(three ?? {})).toEqual(withoutBytes(one ?? {}));
  });

  it('ends a helper whose model hangs', async () => {
    const { code, stderr } = await prove('for (;;);', 2, '--watchdog', '1');
    expect(stderr).toContain('no sign of life for 1 s');
    expect(stderr).not.toMatch(stackTrace);
    expect(code).toBe(2);
  });
});
