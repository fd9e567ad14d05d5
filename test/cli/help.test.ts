import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultPortfolio, strategyNames } from '../../scheduler/index.js';
import { build, Folder, stackTrace } from './racewalk.js';

let folder: Folder;

beforeAll(async () => {
  await build();
  folder = new Folder();
}, 180_000);
afterAll(() => folder.remove());

/** Prints each file that is loaded to stderr. */
const listLoads = `
import { register } from 'node:module';
register('data:text/javascript,' + encodeURIComponent(\`
  import { writeSync } from 'node:fs';
  export const load = (url, context, next) => (writeSync(2, url + '\\\\n'), next(url, context));
\`));
`;

describe('help', () => {
  it.each([
    ['--help', ['list', 'explore', 'prove', 'merge', 'replay', 'show']],
    ['merge --help', ['<files...>', '--json']],
    ['list --help', ['[scenario]', '--full', '--json']],
    [
      'explore --help',
      ['--seed', '--runs', '--rung', '--with', '--without', '--steps-max', '--all', '--json'],
    ],
    ['prove --help', ['--preemptions', '--engine', '--runs', '--timing', '--out', '--watchdog']],
    ['replay --help', ['<file>', '--full', '--json', '--watchdog']],
    ['show --help', ['--html', '--chrome', '--itf', '--git', '--json', '--locks', '--width']],
  ])('racewalk %s', async (line, words) => {
    const { code, stdout, stderr } = await folder.run(line.split(' '));
    expect(code).toBe(0);
    expect(stderr).toBe('');
    for (const word of words) expect(stdout).toContain(word);
    expect(stdout.split('\n').filter((text) => text.length > 80)).toEqual([]);
  });

  it('names every strategy, and those that run by default', async () => {
    const { stdout } = await folder.run(['explore', '--help']);
    const text = stdout.replaceAll(/\s+/g, ' ');
    for (const name of strategyNames) expect(text).toContain(name);
    expect(text).toContain(`by default ${defaultPortfolio.join(',')}`);
  });

  it('is shown on stderr where no command was given', async () => {
    const { code, stdout, stderr } = await folder.run([]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: racewalk');
  });

  it('prints the version', async () => {
    const { code, stdout } = await folder.run(['--version']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('loads neither scenarios nor the packages that only searches need', async () => {
    folder.write('loads.mjs', listLoads);
    const { code, stderr } = await folder.run(['--help'], { NODE_OPTIONS: '--import ./loads.mjs' });
    expect(code).toBe(0);
    expect(stderr).toContain('dist/src/cli/main.js');
    expect(stderr).toContain('commander');
    const chunks = ['chunk-scenarios', 'chunk-machine', 'chunk-replay-file'];
    for (const name of ['piscina', 'fast-check', 'seedrandom', ...chunks])
      expect(stderr).not.toContain(name);
  });
});

describe('a wrong command line', () => {
  it.each([
    ['fly', 'unknown command', 'racewalk --help'],
    ['explor lost-update', 'unknown command', 'Did you mean explore?'],
    ['explore', 'missing required argument', 'scenario'],
    ['explore lost-update again', 'too many arguments', '(racewalk --help'],
    ['explore lost-update --rnug base', "unknown option '--rnug'", 'Did you mean --rung?'],
    ['explore no-such-race', 'there is no scenario "no-such-race"', 'lost-update'],
    ['explore no-such-file.mjs', 'there is no file', 'no-such-file.mjs'],
    ['explore mine.ts', 'is TypeScript', '.mjs'],
    ['explore fork-vs-transfer --rung 0099', 'no rung "0099"', '0005'],
    ['explore fork-vs-transfer --with 0099', 'no patch "0099"', '0005'],
    ['explore fork-vs-transfer --without 0099', 'no patch "0099"', '0005'],
    ['explore fork-vs-transfer --with 0005,', 'It takes names', '--with'],
    ['explore fork-vs-transfer --elide exit_nothing', 'cannot be elided', 'exit_mm'],
    ['explore fork-vs-transfer --fill exit_mm', 'cannot be filled', 'acct_collect'],
    ['explore lost-update --rung base', 'plain machine', 'leave them out'],
    ['explore lost-update --strategy luck', 'no strategy "luck"', 'random'],
    ['explore lost-update --strategy pct:0', 'no strategy "pct:0"', 'pct:D'],
    ['explore lost-update --strategy pct:21', 'no strategy "pct:21"', 'pct:D'],
    ['explore lost-update --runs 0', 'a whole number from 1', '--runs'],
    ['explore lost-update --runs -5', 'a whole number from 1', '--runs'],
    ['explore lost-update --runs 1e9', 'a whole number from 1', '--runs'],
    ['explore lost-update --runs 1000000001', 'to 1000000000', '--runs'],
    ['explore lost-update --steps-max many', 'a whole number from 1', '--steps-max'],
    ['explore lost-update --watchdog 0', 'a whole number from 1', '--watchdog'],
    ['explore lost-update --seed', 'argument missing', '--seed'],
    ['prove lost-update --preemptions -1', 'a whole number from 0', '--preemptions'],
    ['prove lost-update --preemptions 0.5', 'a whole number from 0', '--preemptions'],
    ['prove lost-update --engine magic', 'Allowed choices', 'enumerate'],
    ['list no-such-race', 'there is no scenario', 'lost-update'],
    ['replay', 'missing required argument', 'file'],
    ['replay no-such.json', 'cannot read no-such.json', 'ENOENT'],
    ['replay .', 'cannot read .', 'EISDIR'],
    ['show no-such.json', 'cannot read no-such.json', 'ENOENT'],
    ['show x.json --html --git', 'cannot be used with', '--git'],
    ['show x.json --width 1', 'a whole number from 40', '--width'],
  ])('racewalk %s', async (line, fault, next) => {
    const { code, stdout, stderr } = await folder.run(line.split(' '));
    expect(stderr).toContain(fault);
    expect(stderr).toContain(next);
    expect(stderr).not.toMatch(stackTrace);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('names what is empty', async () => {
    const { code, stderr } = await folder.run(['explore', '']);
    expect(stderr).toContain('SCENARIO is empty');
    expect(code).toBe(2);
  });
});
