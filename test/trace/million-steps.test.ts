// Long runs: what is kept of them must not grow with the square of their length, and not fill the memory.
import { expect, it } from 'vitest';
import { type Program, relive, replay, type Schedule } from '../../scheduler/index.js';
import { atEnd, path } from '../../src/machine/index.js';
import { formatReplayFile, parseReplayFile, type ReplayFile } from '../../src/trace/replay-file.js';
import { renderColumns } from '../../src/trace/columns.js';
import { list, program } from '../support/program.js';

const million = 1_000_000;
const options = { stepsMax: 2 * million };

/** Two threads that count to 500,000 each by reads and writes in a function, after some steps of their own. */
function counters(prologue: number): Program {
  const rounds = million / 4;
  return program('counters', (m) => {
    const [x, own] = [m.cell('x', 0), m.cell('own', 0)];
    const add = path('add', function* (cpu) {
      for (let i = 0; i < rounds; i++) yield* cpu.write(x, (yield* cpu.read(x)) + 1);
    });
    return {
      actors: {
        *a(cpu) {
          for (let i = 0; i < prologue; i++) yield* cpu.read(own);
          yield* add(cpu);
        },
        *b(cpu) {
          yield* add(cpu);
        },
      },
      properties: [atEnd('no update is lost', () => x.peek() === 2 * rounds)],
    };
  });
}

function fileOf(of: Program, schedule: Schedule): ReplayFile {
  const { choices, course, digests, finding } = replay(of, schedule, options);
  const { kind } = finding.verdict;
  return {
    scenario: { name: of.name },
    options: { faults: 0, stepsMax: options.stepsMax, all: false },
    verdict: { kind, signature: finding.signature, message: '' },
    steps: finding.steps,
    choices,
    course,
    digests,
  };
}

it('a run of a million steps is recorded, written, loaded and replayed, also on an edited model', () => {
  const schedule = [
    { at: 200_001, pick: 1 },
    { at: 600_001, pick: 0 },
  ];
  const text = formatReplayFile(fileOf(counters(0), schedule));
  expect(text.length).toBeLessThan(10_000);
  const file = parseReplayFile(text, 'a');
  expect(file).toMatchObject({ steps: million, verdict: { kind: 'violation' } });
  expect(file.course?.turns.map(({ steps }) => steps)).toEqual([
    200_001, 400_000, 500_000, 500_000,
  ]);

  const again = replay(counters(0), file.choices, options);
  expect(again.digests).toEqual(file.digests);
  const { trace } = again;
  expect(trace).toMatchObject({ steps: million, omitted: 980_000 });
  expect(trace.entries.filter(({ kind }) => kind === 'step')).toHaveLength(20_000);
  // The calls that are open where the entries begin are among them.
  expect(trace.entries[0]).toMatchObject({ kind: 'enter', name: 'add' });
  const shown = renderColumns(trace);
  expect(shown).toContain('add()');
  expect(shown).toContain('of 1000000 steps shown; --full shows the last 20000');

  const recorded = {
    schedule: file.choices,
    course: file.course,
    signature: file.verdict.signature,
  };
  const found = relive(counters(7), recorded, { ...options, runs: 0 });
  expect(found).toMatchObject({ how: 'by labels', gone: undefined });
  expect(found.replay.course?.turns[0]?.steps).toBe(200_001 + 7);
});

it('a run with a million choices is recorded, written, loaded and replayed', () => {
  const schedule = list(million, (at) => ({ at, pick: at % 2 }));
  const recorded = fileOf(counters(0), schedule.slice(1, -1));
  // Nobody reads the names of so many places.
  expect(recorded.course).toBeUndefined();
  const text = formatReplayFile(recorded);
  expect(text.length).toBeLessThan(6 * million);
  const file = parseReplayFile(text, 'a');
  expect(file.choices).toHaveLength(million - 2);
  expect(file.choices[0]).toEqual({ at: 1, pick: 1, label: 'b add read(x)#1' });
  expect(file.choices.at(-1)).toEqual({ at: million - 2, pick: 0, label: '' });
  const again = replay(counters(0), file.choices, options);
  expect(again.mismatch).toBeUndefined();
  expect(again.digests).toEqual(recorded.digests);
  expect(again.finding).toMatchObject({ steps: million, signature: 'violation no update is lost' });
});
