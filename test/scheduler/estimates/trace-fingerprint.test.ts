// The fingerprint of a trace, judged by the normal form that the tests know, and by what executions come to.
import { describe, expect, it } from 'vitest';
import { lockRows, memoryRows, type TraceRow } from '../../../bench/yardsticks/rows.js';
import { lostUpdate, programOf, ruleThemes } from '../../../scenarios/index.js';
import { dpor, enumerate, type Program, TraceFingerprint } from '../../../scheduler/index.js';
import { type MachineOptions, signature } from '../../../src/machine/index.js';
import { CanonicalForm } from '../../support/canonical.js';
import { type Kind, randomProgram } from '../../support/random-program.js';

interface Partition {
  readonly schedules: number;
  /** By fingerprint, what the executions with it came to, each once. */
  readonly classes: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Runs every schedule; `of` says what else is known of an execution. */
function partition(
  program: Program,
  of: (machine: ReturnType<Program['build']>) => () => string,
  options: { readonly runsMax?: number; readonly stepsMax?: number | undefined } = {},
): Partition {
  const machine = program.build('search');
  const other = of(machine);
  const classes = new Map<string, Set<string>>();
  let fingerprint: TraceFingerprint | undefined;
  const { runs } = enumerate(
    { name: program.name, build: () => machine },
    {
      all: true,
      ...options,
      seenBy: (walk, on) => (fingerprint = new TraceFingerprint(walk, on)),
      onRun: () => {
        const key = fingerprint?.take() ?? '';
        let known = classes.get(key);
        if (known === undefined) classes.set(key, (known = new Set()));
        known.add(other());
      },
    },
  );
  return { schedules: runs, classes };
}

const canonically = (program: Program): Partition =>
  partition(program, (machine) => {
    const form = new CanonicalForm(machine);
    return () => form.take();
  });

const quick = [...memoryRows, ...lockRows].filter(({ reach }) => reach === 'test');
const small = quick.filter(
  ({ traces, program: { name } }) => traces <= 36 && !/^philosophers.*\(4\)$/.test(name),
);

describe('the fingerprint of a trace', () => {
  it.each(small.map((row): [string, TraceRow] => [row.program.name, row]))(
    'parts the schedules of %s as the normal form does, into as many traces as were published',
    (_, { program, traces }) => {
      const { classes, schedules } = canonically(program);
      const forms = [...classes.values()];
      expect(forms.every((own) => own.size === 1)).toBe(true);
      expect(new Set(forms.flatMap((own) => [...own])).size).toBe(traces);
      expect(classes.size).toBe(traces);
      expect(schedules).toBeGreaterThanOrEqual(traces);
    },
  );
});

/** Threads that drain store buffers are none of the model's: which number one has means nothing. */
const stateOf = (machine: ReturnType<Program['build']>): string[] =>
  machine.stateLines().filter((line) => !line.includes('/stores.cpu='));

const rules = ruleThemes.flatMap(({ rules: rows }) => rows);

describe('executions with the same fingerprint', () => {
  const end = (program: Program, stepsMax?: number): Partition =>
    partition(
      program,
      (machine) => () => [signature(machine.verdict), ...stateOf(machine)].join('\n'),
      { runsMax: 1_000, stepsMax },
    );

  it.each(rules.map((row) => [`${row.id}: ${row.rule}`, row] as const))(
    'come to the same end: %s',
    (_, row) => {
      for (const scenario of [row.broken, row.neighbour]) {
        const { classes } = end(programOf(scenario), row.stepsMax);
        const torn = [...classes.values()].filter((ends) => ends.size > 1);
        expect(torn.map((ends) => [...ends])).toEqual([]);
      }
    },
  );

  it('are fewer than the schedules where steps commute, and as many where none do', () => {
    expect(end(programOf(lostUpdate)).classes.size).toBe(4);
  });
});

describe('the number of fingerprints over all schedules', () => {
  const mixes: readonly { readonly kinds: readonly Kind[]; readonly machine?: MachineOptions }[] = [
    { kinds: ['cells', 'atomics'] },
    { kinds: ['cells', 'mutex', 'trylock', 'spawn'] },
    { kinds: ['rwlock', 'rwsem', 'cells'] },
    { kinds: ['waiting', 'completion', 'cells'] },
    { kinds: ['cells', 'always', 'rcu'] },
    { kinds: ['cells', 'faults', 'mutex'], machine: { faults: 2 } },
  ];

  it.each(mixes)('is what optimal reduction counts: $kinds', ({ kinds, machine = {} }) => {
    let compared = 0;
    for (let n = 0; n < 8; n++) {
      const made = { threads: 3, statements: 2, kinds, machine };
      const subject = randomProgram(`fingerprints ${kinds.join()} ${String(n)}`, made);
      const all = partition(subject, () => () => '', { runsMax: 1_500 });
      if (all.schedules === 1_500) continue;
      compared++;
      expect(all.classes.size, subject.name).toBe(dpor(subject).traces);
    }
    expect(compared).toBeGreaterThan(2);
  });
});
