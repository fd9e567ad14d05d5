// Which locks, second looks and references a scenario stands on. Each one is left out in turn, and what is left is
// searched like any scenario: what dies is a failure that was found, with its schedule, and nothing is inferred.
import { describe, type Drop, type Verdict } from '../../src/machine/index.js';
import type { LoadOutcome, LoadRow, LoadTable } from '../../src/trace/load-bearing.js';
import { explore } from '../explore.js';
import type { Program, RunOptions } from '../program.js';
import { prove } from '../prove.js';
import { survey } from './survey.js';

export interface LoadBearingOptions extends RunOptions {
  /** All schedules with at most so many preemptions are run, as far as the executions go. */
  readonly preemptionsMax: number;
  /** Executions of that search, for each row. */
  readonly runsMax: number;
  /** Schedules that are sampled besides, for each row. */
  readonly samples: number;
  readonly seed: string;
  readonly strategies: readonly string[];
  readonly onRow?: ((row: LoadRow, done: number, all: number) => void) | undefined;
}

/** @param without the same program, with these left out */
export function loadBearing(
  without: (drops: readonly Drop[]) => Program,
  options: LoadBearingOptions,
): LoadTable {
  const isInterrupted = (): boolean => options.interrupted?.() === true;
  const { drops, executions } = survey(without([]), options);
  const whole = judge(without([]), options);
  const rows: LoadRow[] = [];
  for (const drop of drops) {
    if (isInterrupted()) break;
    const row = { ...wordsOf(drop), outcome: judge(without([drop]), options) };
    rows.push(row);
    options.onRow?.(row, rows.length, drops.length);
  }
  return { whole, rows, surveyed: executions, interrupted: isInterrupted() };
}

function wordsOf(drop: Drop): Pick<LoadRow, 'kind' | 'what' | 'where'> {
  switch (drop.kind) {
    case 'lock':
      return { kind: 'lock', what: drop.lock, where: drop.within ?? 'everywhere' };
    case 'recheck':
      return { kind: 'recheck', what: drop.look, where: drop.place };
    case 'get':
    case 'put':
      return { kind: drop.kind, what: drop.counter, where: drop.place };
  }
}

function judge(program: Program, options: LoadBearingOptions): LoadOutcome {
  const { preemptionsMax, runsMax, samples, seed, strategies } = options;
  const run = { ...options, all: false };
  // What a thread remembers of its looks is in no state, so schedules are run, not states compared.
  const proof = prove(program, { ...run, engine: 'enumerate', preemptionsMax, runsMax });
  const { finding, exhaustedTo, complete, limited } = proof;
  if (finding !== undefined) {
    const { verdict, signature, preemptions } = finding;
    return {
      kind: 'dies',
      what: whatDies(verdict),
      signature,
      preemptions,
      minimal: proof.minimal,
      by: 'search',
      executions: proof.runs,
    };
  }
  const clearedTo = exhaustedTo < 0 ? undefined : exhaustedTo;
  const nothing = { kind: 'nothing', complete, clearedTo } as const;
  if (complete) return { ...nothing, executions: proof.runs, sampled: 0, limited };
  const campaign = explore(program, { ...run, seed, runs: samples, strategies });
  if (campaign.finding === undefined) {
    return {
      ...nothing,
      executions: proof.runs,
      sampled: campaign.runs,
      limited: limited + campaign.limited,
    };
  }
  const { verdict, signature, preemptions } = campaign.finding;
  return {
    kind: 'dies',
    what: whatDies(verdict),
    signature,
    preemptions,
    minimal: preemptions === (clearedTo ?? -1) + 1,
    by: 'sampling',
    executions: proof.runs + campaign.runs,
  };
}

/** The property, or what the machine says of it. */
function whatDies(verdict: Verdict): string {
  if (verdict.kind === 'violation') return verdict.property;
  return verdict.kind === 'deadlock' ? 'deadlock' : `${verdict.kind}: ${describe(verdict)}`;
}
