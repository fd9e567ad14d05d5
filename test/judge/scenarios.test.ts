// The programs of the table of rules, and small scenarios, before every search that can finish them.
import { describe, expect, it } from 'vitest';
import { lostUpdate, programOf, ruleThemes } from '../../scenarios/index.js';
import type { Scenario } from '../../scenarios/index.js';
import { dpor, DporRefusal, enumerate, type Program, searchStates } from '../../scheduler/index.js';
import { signature } from '../../src/machine/index.js';

interface Case {
  readonly name: string;
  readonly scenario: Scenario;
  readonly stepsMax: number | undefined;
}

const cases: readonly Case[] = [
  { name: 'lost-update', scenario: lostUpdate, stepsMax: undefined },
  ...ruleThemes.flatMap(({ rules }) =>
    rules.flatMap(({ id, broken, neighbour, stepsMax }) => [
      { name: `${id}: ${broken.name}`, scenario: broken, stepsMax },
      { name: `${id}: ${neighbour.name}`, scenario: neighbour, stepsMax },
    ]),
  ),
];

/** The first verdicts of all executions, if there are not too many. */
function truth(program: Program, stepsMax: number | undefined): Set<string> | undefined {
  const seen = new Set<string>();
  const { exhausted, limited } = enumerate(program, {
    stepsMax,
    runsMax: 2_000,
    onRun: ({ machine }, { failed }) => {
      if (failed) seen.add(signature(machine.verdict));
    },
  });
  return exhausted && limited === 0 ? seen : undefined;
}

/** Whether optimal reduction finds a failure; undefined where it refuses the program. */
function reduced(program: Program, stepsMax: number | undefined): readonly string[] | undefined {
  const seen = new Set<string>();
  try {
    const { exhausted, wasted } = dpor(program, {
      stepsMax,
      onTrace: ({ machine: { verdict } }) => {
        if (verdict.kind !== 'ok') seen.add(signature(verdict));
      },
    });
    expect({ exhausted, wasted }).toEqual({ exhausted: true, wasted: 0 });
    return [...seen];
  } catch (error) {
    if (error instanceof DporRefusal) return undefined;
    throw error;
  }
}

describe('searches agree with the plain enumerator on', () => {
  it.each(cases)('$name', ({ scenario, stepsMax }) => {
    const program = programOf(scenario);
    const failures = truth(program, stepsMax);
    if (failures === undefined) return;
    const { signatures, exhausted } = searchStates(program, { stepsMax });
    expect({ signatures, exhausted }).toEqual({
      signatures: [...failures].sort(),
      exhausted: true,
    });
    const found = reduced(program, stepsMax);
    if (found === undefined) return;
    expect(found.length > 0).toBe(failures.size > 0);
    expect(found.filter((each) => !failures.has(each))).toEqual([]);
  });
});
