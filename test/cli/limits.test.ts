// What an answer says of its limits: bounds for what was sampled, the scope of what was proved, and outcomes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missedParagraph, percentUp, twoDigitsUp } from '../../src/cli/missed.js';
import { outcomeLines } from '../../src/cli/outcomes.js';
import { progressLine } from '../../src/cli/progress.js';
import { wrap } from '../../src/trace/wrap.js';
import { pctBound, type SamplingLimits, zeroFailureBound } from '../../scheduler/index.js';
import { calm } from './models.js';
import { build, type Document, type Ended, Folder, parse } from './racewalk.js';

/** Store buffering, as a litmus test: the registers are what the actors return. */
const storeBuffering = `import { scenario } from 'racewalk';
export const sb = scenario({
  name: 'store-buffering',
  about: 'Each thread stores, and loads what the other one stores.',
  setup: (m) => ({ x: m.cell('x', 0), y: m.cell('y', 0) }),
  actors: ({ x, y }) => ({
    *a(cpu) { yield* cpu.write(x, 1); return yield* cpu.read(y); },
    *b(cpu) { yield* cpu.write(y, 1); return yield* cpu.read(x); },
  }),
});
`;

const bounds: SamplingLimits = {
  samples: 10_000,
  failsAtMost: zeroFailureBound(10_000),
  strategies: [
    { strategy: 'random', runs: 4_000, failsAtMost: zeroFailureBound(4_000), pct: undefined },
    {
      strategy: 'pct:2',
      runs: 3_000,
      failsAtMost: zeroFailureBound(3_000),
      pct: pctBound(2, 3, 50, 2_000),
    },
    {
      strategy: 'pct:3',
      runs: 3_000,
      failsAtMost: zeroFailureBound(3_000),
      pct: pctBound(3, 3, 50, 2_000),
    },
  ],
  unseen: {
    samples: 2_560,
    classes: 900,
    once: 317,
    twice: 90,
    mass: 317 / 2_560,
    massAtMost: 0.2154,
    classesEstimated: 1_458,
  },
};

describe('the sentence about what sampling may have missed', () => {
  it.each([80, 120])('reads well in %i columns', (width) => {
    const lines = wrap(missedParagraph(bounds), width - 2, 10).map((line) => `  ${line}`);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(width);
    expect(`\n${lines.join('\n')}\n`).toMatchSnapshot();
  });

  it('claims nothing after a handful of schedules', () => {
    expect(missedParagraph({ ...bounds, samples: 12 })).toBe(
      'no proof: only 12 schedules were sampled, which says little; racewalk prove looks at all schedules',
    );
  });

  it.each([
    [0.000299, '0.03 %'],
    [0.03101, '3.2 %'],
    [0.0991, '10 %'],
    [0.0000178, '0.0018 %'],
    [1, '100 %'],
  ])('rounds the bound %f up to %s', (share, text) => {
    expect(percentUp(share)).toBe(text);
    expect(Number.parseFloat(text) / 100).toBeGreaterThanOrEqual(share);
  });
});

describe('two digits, rounded up', () => {
  it.each([3e-15, 5.421e-20, 0.1, 0.1001, 9.99, 12, 0])('%f', (value) => {
    const up = twoDigitsUp(value);
    expect(up).toBeGreaterThanOrEqual(value);
    expect(up).toBeLessThanOrEqual(value * 1.101);
    expect(
      String(up)
        .replace(/e.*/, '')
        .replace(/[.]|^0[.]0*/g, '').length,
    ).toBeLessThanOrEqual(3);
  });
});

describe('a table of outcomes', () => {
  const row = (x: number, count: number, verdict?: string) => ({
    values: [
      { name: 'x', text: String(x) },
      { name: 'who', text: 'css_set:transfer/1' },
    ],
    signature: verdict ?? 'ok',
    verdict,
    failed: verdict !== undefined,
    count,
    by: [
      { strategy: 'random', count: count - 1 },
      { strategy: 'pct:3', count: 1 },
    ],
  });
  const rows = [
    row(1, 9_000),
    row(2, 980),
    row(3, 20, 'a transfer that returned 0 leaves nothing behind: child is on the list of cset_F'),
  ];

  it.each([80, 120])('fits %i columns', (width) => {
    const lines = outcomeLines({ rows, others: 5 }, { full: false, width });
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(width);
    expect(`\n${lines.join('\n')}\n`).toMatchSnapshot();
  });

  it('shows the failing ones where it cannot show all', () => {
    const many = Array.from({ length: 100 }, (_, i) => row(i, 2));
    const table = { rows: [...many, row(100, 2, 'broken')], others: 0 };
    const lines = outcomeLines(table, { full: false, width: 80 });
    expect(lines.join('\n')).toContain('x=100');
    expect(lines.join('\n')).toContain('and 61 outcomes more; --full shows them');
    expect(outcomeLines(table, { full: true, width: 80 })).toHaveLength(102);
  });
});

describe('the progress line', () => {
  it('has a bar where somebody knows how much is done, and says 100 % only at the end', () => {
    expect(progressLine('12 schedules', undefined, 80)).toBe('12 schedules');
    expect(progressLine('text', 0, 80)).toBe('[--------------------]   0 % text');
    expect(progressLine('text', 0.004, 80)).toBe('[--------------------]  <1 % text');
    expect(progressLine('text', 0.5, 80)).toBe('[##########----------]  50 % text');
    expect(progressLine('text', 1 - 1e-12, 80)).toBe('[###################-]  99 % text');
    expect(progressLine('text', 1, 80)).toBe('[####################] 100 % text');
    expect(progressLine('text', 0.5, 20)).toHaveLength(19);
  });
});

let folder: Folder;

beforeAll(async () => {
  await build();
  folder = new Folder();
  folder.write('sb.mjs', storeBuffering);
  folder.write('calm.mjs', calm);
}, 180_000);
afterAll(() => folder.remove());

const racewalk = (line: string): Promise<Ended> => folder.run(line.split(' '));

async function document(line: string): Promise<Document> {
  return parse((await racewalk(`${line} --json`)).stdout);
}

describe('explore', () => {
  it('says what it may have missed, as text and as numbers', async () => {
    const { stdout, code } = await racewalk('explore calm.mjs --runs 1000');
    expect(code).toBe(0);
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain('sampled by surw');
    expect(text).toContain(
      'no proof: up to 0.3 % of the schedules that these samplers draw may still fail',
    );
    expect(text).toContain('order conflicting steps in a way not seen yet');
    const found = await document('explore calm.mjs --runs 1000');
    expect(found['limits']).toMatchObject({
      confidence: 0.95,
      samples: 999,
      // Threads that only read: whatever their order, it is the same trace.
      unseenTraces: { classes: 1, once: 0, mass: 0 },
    });
  });

  it('--outcomes counts by strategy, and fits 80 columns', async () => {
    const { stdout } = await racewalk('explore lost-update --outcomes --runs 600');
    expect(stdout).toMatch(/2 outcomes in 600 schedules, those that fail with a \*\n/);
    expect(stdout).toMatch(/^ +\d+ +[\d.]+ % {3}x=2 \(.*random \d+/m);
    expect(stdout).toMatch(/^ +\d+ +[\d.]+ % \* x=1: both updates count: x is 1/m);
    const long = stdout.split('\n').filter((line) => line.length > 80);
    expect(long.filter((line) => !line.includes('npx racewalk'))).toEqual([]);
  });
});

describe('prove', () => {
  it('--outcomes shows the fourth outcome of store buffering under tso alone', async () => {
    const { stdout, code } = await racewalk('prove sb.mjs --outcomes');
    expect(code).toBe(0);
    expect(stdout).toContain('store-buffering: PROVED');
    expect(stdout).toMatch(/3 outcomes in 6 schedules\n.* a=0 b=1\n.* a=1 b=0\n.* a=1 b=1\n/);
    const tso = (await racewalk('prove sb.mjs --outcomes --memory tso')).stdout;
    expect(tso).toMatch(/4 outcomes in [\d,]+ schedules\n.* a=0 b=0\n/);
  });

  it('names the risk of its fingerprints, proved or not, and how far it came', async () => {
    const text = async (line: string): Promise<string> =>
      (await racewalk(line)).stdout.replaceAll(/\s+/g, ' ');
    const risk =
      /([\d,]+) states?, [\d,]+ steps between them, \d+ MB; that two states .* probability below ([\d.e-]+)/;
    for (const line of ['prove sb.mjs', 'prove calm.mjs --states 10']) {
      const [, states, below] = risk.exec(await text(line)) ?? [];
      const n = Number(states?.replaceAll(',', ''));
      expect(Number(below)).toBeGreaterThanOrEqual(n ** 2 / 2 ** 65);
      expect(await document(line)).toMatchObject({ states: n, collision: n ** 2 / 2 ** 65 });
    }
    expect(await text('prove calm.mjs --engine enumerate --runs 500')).toMatch(
      /those with 3 preemptions were not all run: [\d,]+ schedules, by plain enumeration/,
    );
  });

  it('--outcomes stands in the document', async () => {
    expect((await document('prove lost-update --outcomes'))['outcomes']).toEqual([
      { values: { x: '2' }, failed: false, count: 2 },
      { values: { x: '1' }, verdict: 'both updates count: x is 1', failed: true, count: 4 },
    ]);
    expect(await document('prove lost-update')).not.toHaveProperty('outcomes');
  });

  it.each([
    ['prove sb.mjs', 'PROVED', 'any'],
    ['prove calm.mjs --preemptions 1', 'PROVED', 1],
    ['prove calm.mjs --engine enumerate --runs 500', 'LIMIT', 'any'],
    ['prove calm.mjs --states 10', 'LIMIT', 'any'],
  ])('%s has its scope, as text and as numbers', async (line, verdict, preemptionsMax) => {
    const { stdout } = await racewalk(`${line} --steps-max 5000`);
    expect(stdout).toContain(`: ${verdict}`);
    const text = stdout.replaceAll(/\s+/g, ' ');
    const threads = line.includes('calm') ? 3 : 2;
    expect(text).toMatch(
      new RegExp(
        `scope: model [0-9a-f]{16}, ${String(threads)} threads at the start, a CPU for each, ` +
          'sequential consistency, no allocation fails, up to 5,000 steps each, data races are not looked for',
      ),
    );
    expect((await document(`${line} --steps-max 5000`))['scope']).toEqual({
      model: /model ([0-9a-f]{16})/.exec(text)?.[1],
      threads,
      interrupts: 0,
      cpus: 'one for each',
      memory: 'sc',
      rt: false,
      rwlock: 'reader-preferring',
      rwsem: 'fifo',
      faults: 0,
      stepsMax: 5_000,
      preemptionsMax,
      dataRaces: false,
    });
  });
});
