// Turns the class graph of a campaign into reports: each cycle is confirmed by a schedule that closes it, refuted
// because every schedule was run, or left open; an open one is a finding of its own, as it is for the kernel.
import type { LockReport } from '../../src/trace/lock-report.js';
import { cycleText } from '../../src/trace/lock-report.js';
import { signature, type Verdict } from '../../src/machine/index.js';
import type { Finding } from '../finding.js';
import type { Program, RunOptions } from '../program.js';
import { replay } from '../replay.js';
import { classify } from './classify.js';
import { type Cycle, findCycles } from './cycles.js';
import { excuse } from './excuse.js';
import type { LockGraph } from './graph.js';
import { locate } from './locate.js';
import { closes, driveInto, type Exhaustion, tryEverything } from './search.js';

export interface Judgement {
  readonly reports: readonly LockReport[];
  /** A deadlock that confirms a report, or else the first report that is open. */
  readonly finding: Finding | undefined;
}

/** What the campaign has come to by itself. */
export interface CampaignEnd {
  /** Everything was looked at, and nothing failed: how much that was, as half a sentence. */
  readonly clear: string | undefined;
  /** It has found a failure, so nobody waits for another one. */
  readonly failed: boolean;
  readonly seed: string;
}

type Decision = Pick<LockReport, 'status' | 'because'> & { readonly finding?: Finding };

export function judge(
  program: Program,
  graph: LockGraph,
  end: CampaignEnd,
  options: RunOptions,
): Judgement {
  const cycles = findCycles(graph.dependencies());
  if (cycles.length === 0) return { reports: [], finding: undefined };
  const decisions = decide(program, cycles, graph, end, options);
  const reports = cycles.map((cycle): LockReport => {
    const { status, because } = decisions.get(cycle) as Decision;
    return { ...classify(cycle), cycle: locate(program, cycle, options), status, because };
  });
  return { reports, finding: findingAmong(program, cycles, reports, decisions, options) };
}

function decide(
  program: Program,
  cycles: readonly Cycle[],
  graph: LockGraph,
  { clear, failed, seed }: CampaignEnd,
  options: RunOptions,
): Map<Cycle, Decision> {
  const decisions = new Map<Cycle, Decision>();
  for (const cycle of cycles) {
    if (clear !== undefined) decisions.set(cycle, refuted(cycle, clear));
    else if (graph.deadlocks.some((deadlocked) => closes(deadlocked, cycle))) {
      decisions.set(cycle, { status: 'confirmed', because: 'a schedule of this search closes it' });
    } else {
      const finding = driveInto(program, cycle, seed, options);
      if (finding !== undefined) decisions.set(cycle, { ...confirmed, finding });
    }
  }
  const left = cycles.filter((cycle) => !decisions.has(cycle));
  if (left.length === 0) return decisions;
  const everything = failed ? undefined : tryEverything(program, left, options);
  for (const cycle of left) decisions.set(cycle, afterEverything(cycle, everything));
  return decisions;
}

const confirmed = {
  status: 'confirmed',
  because: 'a schedule that was looked for closes it',
} as const;

function refuted(cycle: Cycle, clear: string): Decision {
  return { status: 'refuted', because: `${clear}, and none deadlocks: ${excuse(cycle)}` };
}

function afterEverything(cycle: Cycle, everything: Exhaustion | undefined): Decision {
  const finding = everything?.findings.get(cycle);
  if (finding !== undefined) return { ...confirmed, finding };
  if (everything?.clear === true) {
    return refuted(cycle, `all ${everything.runs.toLocaleString('en')} schedules were run`);
  }
  return {
    status: 'open',
    because:
      everything === undefined
        ? 'no schedule that closes it was found before the search ended with another failure'
        : `no schedule that closes it was found, and ${everything.runs.toLocaleString('en')} are not all there are`,
  };
}

function findingAmong(
  program: Program,
  cycles: readonly Cycle[],
  reports: readonly LockReport[],
  decisions: ReadonlyMap<Cycle, Decision>,
  options: RunOptions,
): Finding | undefined {
  for (const cycle of cycles) {
    const finding = decisions.get(cycle)?.finding;
    if (finding !== undefined) return finding;
  }
  const open = reports.find(({ status }) => status === 'open');
  return open && findingOfReport(program, open, options);
}

/** A report as a finding: the schedule of its last dependency, with the verdict of the whole. */
export function findingOfReport(
  program: Program,
  report: LockReport,
  options: RunOptions,
): Finding | undefined {
  const choices = report.cycle.at(-1)?.seen.at(-1)?.choices;
  if (choices === undefined) return undefined;
  const verdict = verdictOf(report);
  const { finding } = replay(program, choices, { ...options, all: false });
  return { ...finding, verdict, signature: signature(verdict), report };
}

export function verdictOf(report: {
  readonly rule: string;
  readonly title: string;
  readonly cycle: readonly { readonly from: string }[];
}): Verdict {
  const { rule, title } = report;
  return { kind: 'lock rule', rule, message: `${title}: ${cycleText(report)}` };
}
