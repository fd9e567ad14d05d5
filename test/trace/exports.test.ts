import { Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { traceToChrome } from '../../src/trace/chrome.js';
import { traceToHtml } from '../../src/trace/html.js';
import { traceToItf } from '../../src/trace/itf.js';
import { traceToJson } from '../../src/trace/json.js';
import { stepsOf, type Trace } from '../../src/trace/trace.js';
import {
  counter,
  crossedMutexes,
  deadlock,
  lostUpdate,
  nestedCalls,
  overtaking,
  record,
  useAfterFree,
} from './runs.js';

const traces: Record<string, Trace> = {
  race: record(counter, lostUpdate, { rung: 'base' }).trace,
  deadlock: record(crossedMutexes, deadlock).trace,
  'nested calls': record(nestedCalls, overtaking, { cpus: 2 }).trace,
  panic: record(useAfterFree).trace,
};
const cases = Object.entries(traces);
const race = traces['race'] as Trace;

describe('JSON', () => {
  test.each(cases)('holds the whole trace: %s', (_name, trace) => {
    const { format, version, ...rest } = JSON.parse(traceToJson(trace)) as Record<string, unknown>;
    expect([format, version]).toEqual(['racewalk-trace', 1]);
    expect(rest).toEqual(JSON.parse(JSON.stringify(trace)));
  });
});

interface ChromeEvent {
  readonly ph: string;
  readonly tid: number;
  readonly ts: number;
  readonly name: string;
}

describe('Chrome', () => {
  const eventsOf = (trace: Trace): ChromeEvent[] =>
    (JSON.parse(traceToChrome(trace)) as { traceEvents: ChromeEvent[] }).traceEvents;

  test.each(cases)('closes every call on the track that opened it: %s', (_name, trace) => {
    const open = new Map<number, string[]>();
    for (const { ph, tid, name } of eventsOf(trace)) {
      const calls = open.get(tid) ?? [];
      open.set(tid, calls);
      if (ph === 'B') calls.push(name);
      if (ph === 'E') expect(calls.pop()).toBe(name);
    }
    expect([...open.values()].flat()).toEqual([]);
  });

  test.each(cases)('has every step once, and time never runs back: %s', (_name, trace) => {
    const events = eventsOf(trace).filter(({ ph }) => ph !== 'M');
    expect(events.filter(({ ph }) => ph === 'X').map(({ ts }) => ts)).toEqual(
      stepsOf(trace).map(({ n }) => n),
    );
    expect(events.map(({ ts }) => ts)).toEqual(events.map(({ ts }) => ts).sort((a, b) => a - b));
  });

  test('opens a call when it does something, and a call that does nothing never', () => {
    const call = { kind: 'enter', thread: 1, name: 'empty', args: [] } as const;
    const back = { kind: 'leave', thread: 1, name: 'empty', result: 'nothing' } as const;
    const { entries } = race;
    const events = eventsOf({ ...race, entries: [call, back, ...entries, call] });
    const begins = events.filter(({ ph }) => ph === 'B').map(({ name, ts }) => [name, ts]);
    expect(begins).toEqual([
      ['look_around', 0],
      ['add_one', 1],
      ['add_one', 3],
    ]);
    expect(events.filter(({ ph }) => ph === 'E')).toHaveLength(3);
  });

  test('names the tracks by CPU and thread', () => {
    expect(
      eventsOf(traces['nested calls'] as Trace)
        .filter(({ name }) => name === 'thread_name')
        .map((event) => [event.tid, (event as unknown as { args: unknown }).args]),
    ).toEqual([
      [0, { name: 'CPU0 fork' }],
      [1, { name: 'CPU1 iterate' }],
      [2, { name: 'CPU0 idle' }],
    ]);
  });
});

describe('ITF', () => {
  test('is a state per step and one before', () => {
    expect(JSON.parse(traceToItf(race))).toMatchInlineSnapshot(`
      {
        "#meta": {
          "description": "test on base",
          "format": "ITF",
          "format-description": "https://apalache-mc.org/docs/adr/015adr-trace.html",
          "source": "racewalk",
          "verdict": "violation",
        },
        "states": [
          {
            "#meta": {
              "index": 0,
            },
            "mine": "0",
            "step": {
              "#bigint": "0",
            },
            "thread": "",
            "x": "0",
          },
          {
            "#meta": {
              "index": 1,
            },
            "mine": "0",
            "step": {
              "#bigint": "1",
            },
            "thread": "first",
            "x": "0",
          },
          {
            "#meta": {
              "index": 2,
            },
            "mine": "1",
            "step": {
              "#bigint": "2",
            },
            "thread": "first",
            "x": "0",
          },
          {
            "#meta": {
              "index": 3,
            },
            "mine": "1",
            "step": {
              "#bigint": "3",
            },
            "thread": "first",
            "x": "0",
          },
          {
            "#meta": {
              "index": 4,
            },
            "mine": "1",
            "step": {
              "#bigint": "4",
            },
            "thread": "second",
            "x": "0",
          },
          {
            "#meta": {
              "index": 5,
            },
            "mine": "1",
            "step": {
              "#bigint": "5",
            },
            "thread": "second",
            "x": "0",
          },
          {
            "#meta": {
              "index": 6,
            },
            "mine": "1",
            "step": {
              "#bigint": "6",
            },
            "thread": "second",
            "x": "1",
          },
          {
            "#meta": {
              "index": 7,
            },
            "mine": "1",
            "step": {
              "#bigint": "7",
            },
            "thread": "first",
            "x": "1",
          },
        ],
        "vars": [
          "mine",
          "x",
          "step",
          "thread",
        ],
      }
    `);
  });

  test.each(cases)('gives every variable a value in every state: %s', (_name, trace) => {
    const { vars, states } = JSON.parse(traceToItf(trace)) as {
      vars: string[];
      states: Record<string, unknown>[];
    };
    expect(states).toHaveLength(trace.steps + 1);
    for (const state of states)
      expect(Object.keys(state).sort()).toEqual(['#meta', ...vars].sort());
  });

  test('keeps cells apart that have the names of its own variables', () => {
    const { trace } = record((machine) => {
      const step = machine.cell('step', 5);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.write(step, 6);
          },
        },
      };
    });
    expect((JSON.parse(traceToItf(trace)) as { vars: string[] }).vars).toEqual([
      'cell step',
      'step',
      'thread',
    ]);
  });
});

describe('HTML', () => {
  const nasty = '</script><script>alert(1)</script> & "quoted" <!--\u2028';
  const hostile = record((machine) => {
    const x = machine.cell(`x${nasty}`, nasty);
    const lock = machine.mutex(`lock${nasty}`);
    return {
      actors: {
        *[`thread${nasty}`](cpu) {
          yield* cpu.mutex_lock(lock);
          yield* cpu.write(x, `${nasty}2`);
          yield* cpu.BUG_ON(true, nasty);
        },
      },
    };
  }).trace;

  test('lets no name or value of a model become markup', () => {
    const html = traceToHtml({ ...hostile, scenario: nasty, rung: nasty });
    expect(html).not.toContain('<script>alert');
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(html).not.toContain('<!--');
  });

  test.each([...cases, ['hostile', hostile] as const])('asks nobody: %s', (_name, trace) => {
    const html = traceToHtml(trace);
    expect(html).not.toMatch(/https?:|src=|href=|@import|url\(/);
    expect(html).toContain(`default-src 'none'`);
  });

  test.each(cases)('has a row for every call and step, and data that fit: %s', (_name, trace) => {
    const html = traceToHtml(trace);
    const body = html.slice(html.indexOf('<tbody>'), html.indexOf('</tbody>'));
    const rows = body.match(/<tr /g)?.length;
    // Every call of these traces has a step.
    const shown = trace.entries.filter(({ kind }) => ['enter', 'step', 'note'].includes(kind));
    expect(rows).toBe(shown.length);
    const json = /id="data">(.*)<\/script>/.exec(html)?.[1] ?? '';
    const data = JSON.parse(json) as { cells: unknown[]; changes: [number, string][][] };
    expect(data.cells).toHaveLength(trace.cells.length);
    expect(data.changes).toHaveLength(shown.length);
    for (const [cell] of data.changes.flat()) expect(data.cells[cell]).toBeDefined();
  });

  test('has no row for a call that does nothing', () => {
    const call = { kind: 'enter', thread: 1, name: 'empty', args: [] } as const;
    const back = { kind: 'leave', thread: 1, name: 'empty', result: 'nothing' } as const;
    const entries = [call, back, ...race.entries];
    expect(traceToHtml({ ...race, entries })).toBe(traceToHtml(race));
  });

  test('has a script that compiles', () => {
    const script = /<script>([^]*?)<\/script>/.exec(traceToHtml(race))?.[1] ?? '';
    expect(() => new Script(script)).not.toThrow();
  });

  test('is dark where the reader wants it dark', () => {
    expect(traceToHtml(race)).toContain('color-scheme: light dark');
  });
});
