import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calm, lostUpdate, moduleOf } from './models.js';
import { build, type Document, type Ended, Folder, parse, stackTrace } from './racewalk.js';

let folder: Folder;

beforeAll(async () => {
  await build();
  folder = new Folder();
  folder.write('mine.mjs', lostUpdate);
  folder.write('calm.mjs', calm);
  folder.write(
    'early.mjs',
    moduleOf(
      `*a(cpu) { yield* cpu.write(x, 1); yield* cpu.write(x, 0); yield* cpu.read(x); },
       *b(cpu) { yield* cpu.fetch_add(x, 1); yield* cpu.read(x); }`,
      `always('x is not 2', () => x.peek() !== 2)`,
    ),
  );
  folder.write('turns.mjs', moduleOf('*a(cpu) { while ((yield* cpu.read(x)) === 0); }'));
}, 180_000);
afterAll(() => folder.remove());

const racewalk = (line: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  folder.run(line.split(' '), env);

const ran = new Map<string, Promise<Ended>>();
/** For tests that look at one answer from several sides: the command is run once. */
function once(line: string): Promise<Ended> {
  const known = ran.get(line) ?? racewalk(line);
  ran.set(line, known);
  return known;
}

async function document(line: string, env: NodeJS.ProcessEnv = {}): Promise<Document> {
  return parse((await racewalk(`${line} --json`, env)).stdout);
}

describe('explore and prove', () => {
  it.each([
    ['explore lost-update', 1, 'lost-update: BROKEN'],
    ['prove lost-update', 1, 'lost-update: BROKEN'],
    ['explore mine.mjs', 1, 'mine: BROKEN'],
    ['explore mine.mjs#mine', 1, 'mine: BROKEN'],
    ['prove lost-update --preemptions 0', 0, 'lost-update: PROVED'],
    ['explore lost-update --strategy go-on', 4, 'lost-update: NOT VERIFIED'],
    ['explore fork-vs-transfer --rung base', 1, 'fork-vs-transfer on base: BROKEN'],
    ['explore calm.mjs --runs 300', 0, 'mine: NOT FOUND'],
    ['prove fork-vs-transfer --rung 0005 --preemptions 1', 0, 'on 0005: PROVED'],
    ['prove calm.mjs --runs 50', 4, 'mine: LIMIT'],
    [
      'explore fork-vs-transfer --rung 0007 --without 0005 --runs 2000',
      1,
      '0007 without 0005: BROKEN',
    ],
    ['explore turns.mjs --runs 2 --steps-max 100', 4, 'mine: LIMIT'],
    ['prove turns.mjs --steps-max 100', 4, 'mine: LIMIT'],
  ])('racewalk %s', async (line, code, title) => {
    const ended = await once(line);
    expect(ended.stderr).toBe('');
    expect(ended.stdout).toContain(title);
    expect(ended.code).toBe(code);
  });

  it.each(['explore lost-update', 'prove mine.mjs', 'explore fork-vs-transfer --rung base'])(
    '%s ends with the command that replays the failure',
    async (line) => {
      const found = await once(line);
      const command = /replay: +npx racewalk (.+)/.exec(found.stdout)?.[1] ?? '';
      const replayed = await racewalk(command);
      expect(replayed.stdout).toContain('replayed bit for bit');
      expect(replayed.code).toBe(1);
    },
  );

  it.each(['explore', 'prove'])(
    '%s --all shows a failure up to where it fails',
    async (command) => {
      const { stdout } = await racewalk(`${command} early.mjs --all --json --runs 5000`);
      const found = parse(stdout);
      expect(found).toMatchObject({ kind: 'violation', counterexampleSteps: 2, preemptions: 1 });
      expect((await racewalk(`replay ${String(found['replay'])}`)).code).toBe(1);
    },
  );

  it('writes one file for each module and failure', async () => {
    folder.write('other.mjs', lostUpdate);
    const mine = await document('explore mine.mjs');
    const other = await document('explore other.mjs');
    expect(mine['replay']).not.toBe(other['replay']);
  });

  it('says what to type to get the same again', async () => {
    const line = 'explore fork-vs-transfer --rung 0006 --without 0005 --runs 3000 --strategy pct:3';
    const found = await racewalk(`${line} --seed -7`, { RACEWALK_STEPS_MAX: '5000' });
    expect(found.code).toBe(1);
    const again = /again: +npx racewalk (.+)/.exec(found.stdout)?.[1] ?? '';
    for (const flag of ['--runs 3000', '--seed -7', '--steps-max 5000', '--without 0005'])
      expect(again).toContain(flag);
    expect((await racewalk(again)).stdout).toBe(found.stdout);
  });

  it('fits a terminal of 80 columns, but for the commands to copy', async () => {
    const lines = [
      'explore fork-vs-transfer --rung base',
      'prove fork-vs-transfer --rung 0005 --preemptions 1',
      'list',
      'list --full',
    ];
    for (const line of lines) {
      const { stdout } = await once(line);
      const long = stdout.split('\n').filter((text) => text.length > 80);
      expect(long.filter((text) => !text.includes('npx racewalk'))).toEqual([]);
    }
  });

  it('names properties by their numbers, and in full with --full', async () => {
    const short = (await once('prove fork-vs-transfer --rung 0005 --preemptions 1')).stdout;
    expect(short).toMatch(/properties: I-01, I-01b, I-01c,/);
    expect(short).not.toContain('every live task is linked');
    expect(short).toMatch(/left out: \d+ sections/);
    const full = (await once('prove fork-vs-transfer --rung 0005 --preemptions 0 --full')).stdout;
    expect(full.replace(/\s+/g, ' ')).toContain('I-02 every live task is linked');
    expect(full).toContain('rcu-single');
  });

  it('says which part of a proof was done', async () => {
    const text = async (flags: string): Promise<string> =>
      (await racewalk(`prove calm.mjs ${flags}`)).stdout.replaceAll(/\s+/g, ' ');
    expect(await text('--preemptions 1')).toMatch(
      /every schedule with at most 1 preemption was looked at, and none fails: \d+ states, \d+ steps/,
    );
    expect(await text('--states 1000')).toMatch(
      /every schedule was looked at: \d+ states, .*one fingerprint .* below \d\.\de-\d\d/,
    );
    const byRuns = '--engine enumerate';
    expect(await text(`--preemptions 1 ${byRuns}`)).toMatch(
      /every schedule with at most 1 preemption was run, and none fails: \d+ schedules/,
    );
    expect(await text(`--runs 500 ${byRuns}`)).toContain(
      'every schedule with at most 2 preemptions was run, and none fails; ' +
        'those with 3 preemptions were not all run',
    );
    expect(await text('--runs 1')).toContain('those with no preemption were not all run');
    const broken = (await once('prove lost-update')).stdout.replaceAll(/\s+/g, ' ');
    expect(broken).toContain(
      'every schedule with no preemption was run, and none fails; ' +
        'the search ended among those with 1 preemption',
    );
    const all = (await once('prove lost-update --all')).stdout.replaceAll(/\s+/g, ' ');
    expect(all).toContain('every schedule was run: 6 schedules');
    expect(all).toContain('minimal: every schedule with no preemption was run');
  });

  it('runs one schedule of each trace, and says so', async () => {
    const run = 'prove lost-update --engine dpor --all';
    const text = (await racewalk(run)).stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      'every schedule is covered: one of each trace, by optimal reduction: 4 traces, 0 executions wasted',
    );
    expect(text).toContain('not proved minimal');
    const { traces, wasted, failures } = parse((await racewalk(`${run} --json`)).stdout);
    expect({ traces, wasted, failures }).toEqual({ traces: 4, wasted: 0, failures: 2 });
    const refused = await racewalk('prove lost-update --engine dpor --memory tso');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('store buffers');
  });

  it('says which elision decides an answer, and no more than was computed', async () => {
    const line = 'prove enable-vs-exit --rung pre-siglock';
    const elided = `${line} --elide exit_mm,exit_files,exit_fs`;
    const broken = (await racewalk(elided)).stdout.replaceAll(/\s+/g, ' ');
    expect(broken).toContain('BROKEN');
    expect(broken).toMatch(
      /decided by an elision: with any one of exit_mm, exit_files, exit_fs modelled, nothing is found in [\d,]+ executions, every schedule with at most \d preemptions? among them/,
    );
    const clear = (await racewalk(`${line} --preemptions 1`)).stdout.replaceAll(/\s+/g, ' ');
    expect(clear).toContain('PROVED');
    expect(clear).toContain('with exit_mm and exit_files and exit_fs left out, a failure is found');
  });
});

describe('--json', () => {
  it('prints one document with what there is to know of a failure', async () => {
    const { code, stdout, stderr } = await racewalk('explore lost-update --json');
    expect(code).toBe(1);
    expect(stderr).toBe('');
    const found = parse(stdout);
    expect(Object.keys(found)).toEqual([
      'scenario',
      'verdict',
      'memory',
      'property',
      'kind',
      'message',
      'runs',
      'failures',
      'steps',
      'switches',
      'preemptions',
      'minimal',
      'counterexampleSteps',
      'seed',
      'strategy',
      'scope',
      'properties',
      'explanation',
      'replay',
    ]);
    expect(found).toMatchObject({
      scenario: 'lost-update',
      verdict: 'BROKEN',
      property: 'both updates count',
      kind: 'violation',
      message: 'both updates count: x is 1',
      failures: 1,
      switches: 2,
      preemptions: 1,
      minimal: 'proved',
      counterexampleSteps: 4,
      seed: '1',
      properties: ['both updates count'],
    });
    expect(folder.has(String(found['replay']))).toBe(true);
  });

  it('leaves out what does not apply', async () => {
    const proof = await document('prove fork-vs-transfer --rung 0005 --preemptions 0');
    expect(proof).toMatchObject({
      scenario: 'fork-vs-transfer',
      rung: '0005',
      verdict: 'PROVED',
      failures: 0,
      complete: false,
      preemptionsCleared: 0,
    });
    for (const key of ['property', 'kind', 'switches', 'minimal', 'seed', 'replay', 'interrupted'])
      expect(proof).not.toHaveProperty(key);
    expect(proof['properties']).toContain('I-02 every live task is linked');
    expect(proof['elided']).toContain('rcu-single');
  });

  it.each([
    'explore lost-update --json',
    'explore fork-vs-transfer --json --seed 5',
    'explore enable-vs-exit --runs 400 --json',
    'prove calm.mjs --runs 500 --json',
    'explore mine.mjs --all --runs 500 --json',
    'list --json',
    'explore fork-vs-transfer --rung base',
  ])('%s: the same bytes twice', async (line) => {
    const [one, other] = [await once(line), await racewalk(line)];
    expect(one.stdout).toBe(other.stdout);
    expect(one.stdout.length).toBeGreaterThan(0);
  });

  it('holds times only with --timing', async () => {
    const timed = await document('prove lost-update --timing');
    expect(timed['seconds']).toBeGreaterThan(0);
    expect(timed).toHaveProperty('runsPerSecond');
    expect(await document('prove lost-update')).not.toHaveProperty('seconds');
  });

  it('counts every failure with --all', async () => {
    expect(await document('prove lost-update --all')).toMatchObject({
      runs: 6,
      failures: 4,
      schedules: 6,
      complete: true,
      minimal: 'proved',
    });
  });

  it('lists scenarios with their rungs and properties', async () => {
    const { scenarios, series } = (await document('list')) as {
      readonly scenarios: readonly Document[];
      readonly series: readonly Document[];
    };
    expect(scenarios.map(({ name }) => name)).toContain('fork-vs-transfer');
    expect(series[0]?.['rungs']).toEqual(expect.arrayContaining(['base', '0005']));
  });

  it('lists shared properties once on a screen', async () => {
    const { stdout } = await once('list');
    expect(stdout.split('I-02 every live task is linked')).toHaveLength(2);
    expect(stdout).toContain('properties: both updates count');
    expect(stdout).toMatch(/left out always: \d+ sections of kernel code; --full names them/);
  });

  it('lists one scenario, or those of a module', async () => {
    expect((await document('list lost-update'))['scenarios']).toHaveLength(1);
    expect((await document('list mine.mjs'))['scenarios']).toMatchObject([{ name: 'mine' }]);
  });
});

describe('variables', () => {
  it('say what flags do not', async () => {
    const env = { RACEWALK_SEED: 'tuesday', RACEWALK_RUNS: '300', RACEWALK_OUT: 'found' };
    const found = await document('explore lost-update', env);
    expect(found).toMatchObject({ seed: 'tuesday' });
    expect(found['replay']).toMatch(/^found\//);
    const none = await document('explore calm.mjs', env);
    expect(none).toMatchObject({ seed: 'tuesday', runs: 300 });
  });

  it('lose against flags', async () => {
    const env = { RACEWALK_SEED: 'tuesday', RACEWALK_RUNS: '300', RACEWALK_STRATEGY: 'luck' };
    const line = 'explore calm.mjs --seed 2 --runs 257 --strategy random';
    expect(await document(line, env)).toMatchObject({ seed: '2', runs: 257 });
  });

  it.each([
    [{ RACEWALK_RUNS: 'many' }, "value 'many' from env 'RACEWALK_RUNS' is invalid"],
    [{ RACEWALK_STEPS_MAX: '-1' }, "value '-1' from env 'RACEWALK_STEPS_MAX' is invalid"],
    [{ RACEWALK_STRATEGY: 'luck' }, 'there is no strategy "luck"'],
  ])('%j is refused', async (env, message) => {
    const { code, stdout, stderr } = await racewalk('explore lost-update', env);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('--out', () => {
  it('loses no finding where it cannot be written', async () => {
    folder.write('file', 'not a directory');
    const { code, stdout, stderr } = await racewalk('explore lost-update --out file/below');
    expect(stderr).toContain('cannot write the replay file');
    expect(stderr).toContain('--out');
    expect(stderr).not.toMatch(stackTrace);
    expect(stdout).toContain('both updates count: x is 1');
    expect(stdout).toContain('again:   npx racewalk explore lost-update');
    expect(code).toBe(1);
    const found = await racewalk('explore lost-update --json --out file/below');
    expect(parse(found.stdout)).not.toHaveProperty('replay');
    expect(found.code).toBe(1);
  });
});

describe('a reader that stops reading', () => {
  it.each(['list', 'explore fork-vs-transfer', 'show --html $FILE', 'show --json $FILE'])(
    '%s | head -1',
    async (line) => {
      const found = await document('explore fork-vs-transfer --out replays');
      const command = line.replace('$FILE', String(found['replay']));
      const { stdout, stderr } = await folder.shell(`$RACEWALK ${command} | head -1`);
      expect(stdout.split('\n').length).toBe(2);
      expect(stderr).toBe('');
    },
  );
});
