import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/machine/index.js';
import { hash64 } from '../../src/trace/hash.js';
import { formatReplayFile, parseReplayFile, type ReplayFile } from '../../src/trace/replay-file.js';

const file: ReplayFile = {
  scenario: { name: 'fork-vs-transfer' },
  rung: {
    label: 'base + 0001..0004',
    patches: ['0001', '0002', '0003', '0004'],
    elided: ['fork-callbacks'],
    filled: [],
  },
  options: { cpus: 2, faults: 0, stepsMax: 100_000, all: false },
  seed: '0x9c41',
  strategy: 'pct:3',
  verdict: { kind: 'violation', signature: 'violation I-04', message: 'the child stays in F' },
  steps: 9,
  choices: [
    { at: 1, pick: 1, label: 'transfer cgroup_transfer_tasks read#1' },
    { at: 6, pick: 0, label: 'fork cgroup_post_fork down_write#1' },
  ],
  digests: [{ step: 9, digest: '0123456789abcdef' }],
};
const text = formatReplayFile(file);

const complaint = (damaged: string): string => {
  try {
    parseReplayFile(damaged, 'a.replay.json');
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
};

describe('a replay file', () => {
  test('has one line for each choice, so that diffs are readable', () => {
    expect(text).toMatchInlineSnapshot(`
      "{
        "format": "racewalk-replay",
        "version": 1,
        "scenario": {"name":"fork-vs-transfer"},
        "rung": {"label":"base + 0001..0004","patches":["0001","0002","0003","0004"],"elided":["fork-callbacks"],"filled":[]},
        "options": {"cpus":2,"faults":0,"stepsMax":100000,"all":false},
        "seed": "0x9c41",
        "strategy": "pct:3",
        "verdict": {"kind":"violation","signature":"violation I-04","message":"the child stays in F"},
        "steps": 9,
        "choices": [
          {"at":1,"pick":1,"label":"transfer cgroup_transfer_tasks read#1"},
          {"at":6,"pick":0,"label":"fork cgroup_post_fork down_write#1"}
        ],
        "digests": [
          {"step":9,"digest":"0123456789abcdef"}
        ],
        "checksum": "69b85d901532f5d0"
      }
      "
    `);
  });

  test('comes back as it was', () => {
    expect(parseReplayFile(text, 'a')).toEqual(file);
    const least: ReplayFile = {
      ...file,
      rung: undefined,
      seed: undefined,
      strategy: undefined,
      scenario: { module: './mine.mjs', name: 'mine', export: 'default' },
      options: { faults: 1, stepsMax: 10, all: true },
      choices: [],
    };
    expect(parseReplayFile(formatReplayFile(least), 'a')).toEqual(least);
  });

  test('has the same text in whatever order its content was built', () => {
    const { choices, scenario, ...rest } = file;
    const turned = {
      choices: choices.map(({ label, pick, at }) => ({ label, pick, at })),
      ...rest,
      scenario,
    };
    expect(formatReplayFile(turned)).toBe(text);
  });

  test('may be laid out anew', () => {
    expect(parseReplayFile(`\uFEFF${JSON.stringify(JSON.parse(text))}\r\n`, 'a')).toEqual(file);
  });
});

describe('a damaged replay file is refused with what to do next:', () => {
  test('empty', () => {
    expect(complaint(' \n')).toMatchInlineSnapshot(
      `"a.replay.json is empty. Take the file back from where it came from, or record it again with racewalk explore"`,
    );
  });

  test('not JSON', () => {
    expect(complaint('hello: world')).toMatch(
      /^a\.replay\.json is not JSON \(.+\)\. Give a file that racewalk explore or prove has written$/,
    );
  });

  test('truncated', () => {
    expect(complaint(text.slice(0, 300))).toMatchInlineSnapshot(
      `"a.replay.json is truncated: its end is missing. Take the file back from where it came from, or record it again with racewalk explore"`,
    );
  });

  test.each(['[]', 'null', '7', '{"traceEvents": []}'])('foreign JSON: %s', (foreign) => {
    expect(complaint(foreign)).toMatch(/is JSON, but no replay file of racewalk\. Give a file/);
  });

  test('of a newer version', () => {
    expect(complaint(text.replace('"version": 1', '"version": 2'))).toMatchInlineSnapshot(
      `"a.replay.json has version 2 of the format, and this racewalk reads version 1. Install a newer racewalk to replay it"`,
    );
  });

  test('with the wrong shape', () => {
    expect(complaint(text.replace('"pick":1', '"pick":-1').replace('"steps": 9', '"steps": "9"')))
      .toMatchInlineSnapshot(`
        "a.replay.json is not a complete replay file:
        ✖ Invalid input: expected number, received string
          → at steps
        ✖ Too small: expected number to be >=0
          → at choices[0].pick
        Take the file back from where it came from, or record it again with racewalk explore"
      `);
  });

  test('with something added', () => {
    expect(complaint(text.replace('"seed"', '"sead"'))).toContain('Unrecognized key: "sead"');
  });

  test('edited', () => {
    expect(complaint(text.replace('"pick":1', '"pick":0'))).toMatchInlineSnapshot(
      `"a.replay.json was edited: its checksum does not fit its content. Take the original back from version control, or record it again with racewalk explore"`,
    );
  });

  test('any change of a digit is noticed', () => {
    const digits = [...text.matchAll(/\d/g)].map(({ index }) => index);
    fc.assert(
      fc.property(fc.constantFrom(...digits), fc.integer({ min: 0, max: 9 }), (index, digit) => {
        fc.pre(text[index] !== String(digit));
        complaint(text.slice(0, index) + String(digit) + text.slice(index + 1));
      }),
    );
  });

  test('too large', () => {
    expect(complaint(' '.repeat(64 * 1024 * 1024 + 1))).toMatch(/is too large for a replay file/);
  });
});

describe('hash64', () => {
  test('is the same on every machine', () => {
    expect([hash64(''), hash64('a'), hash64('racewalk')]).toMatchInlineSnapshot(`
      [
        "ebb6c228d9aaf7d3",
        "11caa9f56ef24b24",
        "45b7db43b94b3eef",
      ]
    `);
  });

  test('keeps many short texts apart', () => {
    const seen = new Set(Array.from({ length: 50_000 }, (_, i) => hash64(`x=${String(i)}`)));
    expect(seen.size).toBe(50_000);
  });

  test('has two lanes that do not follow each other', () => {
    const lanes = Array.from({ length: 1000 }, (_, i) => hash64(String(i)));
    expect(lanes.filter((hash) => hash.slice(0, 2) === hash.slice(8, 10)).length).toBeLessThan(20);
  });
});
