// Searches a program by optimal dynamic partial order reduction: it runs one execution per Mazurkiewicz trace, each to
// its very end, and counts what they come to.
import { type Cell, isFailure } from '../../src/machine/index.js';
import { type Remaining, TreeProgress } from '../estimates/tree-progress.js';
import { Execution } from '../execution.js';
import { type Finding, findingOf, isSimpler } from '../finding.js';
import type { Program, RunOptions } from '../program.js';
import { isWanted, type Wanted } from '../wanted.js';
import { Follow } from '../strategies/follow.js';
import { DporRefusal, dporRefuses } from './refusal.js';
import { DporSearch } from './search.js';

export interface DporOptions extends Omit<RunOptions, 'all'> {
  /** Give up after this many executions. */
  readonly runsMax?: number | undefined;
  /** Delays that a schedule may have (Concuerror's bound); by default any number. */
  readonly delaysMax?: number | undefined;
  /** Keep only failures of this signature as the finding; all are counted. */
  readonly signature?: Wanted | undefined;
  /** End this many executions after the first finding; by default never, so that all are counted. */
  readonly runsAfterFinding?: number | undefined;
  /** Hears of the first finding as soon as it is found. */
  readonly onFinding?: ((finding: Finding) => void) | undefined;
  /** Sees every complete execution when it has ended: one of each trace. */
  readonly onTrace?: ((execution: Execution) => void) | undefined;
  /**
   * Hears of the number of executions now and then, and how far they are in the tree as it is known by then. That is more
   * than how far they are in the tree as it turns out to be: races are found on the way, and the bar then stands still.
   */
  readonly onProgress?: ((runs: number, remaining: Remaining) => void) | undefined;
  /**
   * Whether steps on a cell may depend on each other. For tests that plant an unsoundness, to see that it is caught; by
   * default always.
   */
  readonly isSeen?: ((cell: Cell<unknown>) => boolean) | undefined;
}

export interface DporResult {
  /** Complete executions: one for each trace. */
  readonly traces: number;
  /** Executions that were broken off because all that could follow had been tried. Always 0, if the search is right. */
  readonly wasted: number;
  /** How often a thread that was to be next could not go on. Always 0, if the search is right. */
  readonly derailed: number;
  /** Traces that fail. */
  readonly failures: number;
  /** Executions cut off by the step limit: nothing is known of what follows. */
  readonly limited: number;
  /** Steps of all executions. */
  readonly steps: number;
  /** Pairs of steps that were looked at whether to take them in the other order. */
  readonly races: number;
  /** Executions of a part only, to find out what a step reads and changes in another place. */
  readonly probes: number;
  /** Every trace within the bound was run. */
  readonly exhausted: boolean;
  /** The bound on delays left something out. */
  readonly bounded: boolean;
  /** The simplest of the failures looked for. */
  readonly finding: Finding | undefined;
}

/** Executions between two reports of progress. */
const progressRuns = 1_024;

/**
 * Runs one schedule of each trace of the program.
 * @throws DporRefusal if the program has something that cannot be reduced soundly
 */
export function dpor(program: Program, options: DporOptions = {}): DporResult {
  const machine = program.build('search');
  const reason = dporRefuses(machine);
  if (reason !== undefined) throw new DporRefusal(reason);
  const search = new DporSearch(machine, options.isSeen ?? (() => true), options.delaysMax);
  const execution = new Execution(machine, search, { ...options, all: true });
  const tally = { traces: 0, wasted: 0, failures: 0, limited: 0, steps: 0 };
  search.run = () => void execution.run();
  let runsLeft = options.runsMax ?? Number.POSITIVE_INFINITY;
  let runs = 0;
  const progress = new TreeProgress();
  let finding: Finding | undefined;
  let exhausted = false;
  while (runsLeft > 0 && !exhausted && options.interrupted?.() !== true) {
    runsLeft--;
    const verdict = execution.run();
    tally.steps += execution.steps;
    if (search.isBlocked) tally.wasted++;
    else if (!search.isOverdue) {
      tally.traces++;
      options.onTrace?.(execution);
      if (verdict.kind === 'limit') tally.limited++;
      if (isFailure(verdict)) {
        tally.failures++;
        const found = findingOf(execution);
        if (isWanted(options.signature, found.signature)) {
          if (finding === undefined) {
            runsLeft = Math.min(runsLeft, options.runsAfterFinding ?? runsLeft);
            options.onFinding?.(endingThere(program, found, options));
          }
          if (finding === undefined || isSimpler(found, finding)) finding = found;
        }
      }
    }
    search.conclude();
    exhausted = !search.advance();
    if (++runs % progressRuns !== 0) continue;
    options.onProgress?.(
      runs,
      exhausted ? progress.finish(runs) : progress.look(search.path(), runs),
    );
  }
  const { derailed, races, probes, bounded } = search;
  finding = finding && endingThere(program, finding, options);
  return { ...tally, derailed, races, probes, exhausted, bounded, finding };
}

/** The finding as it is if the failure ends the execution: what came after it is no part of it. */
function endingThere(program: Program, finding: Finding, options: DporOptions): Finding {
  const follow: Follow = new Follow(finding.schedule, () => execution.asked, false);
  const execution: Execution = new Execution(program.build('search'), follow, {
    stepsMax: options.stepsMax,
  });
  execution.run();
  const shorter = findingOf(execution);
  return shorter.signature === finding.signature ? shorter : finding;
}
