// The histogram of a program's outcomes, in the manner of the litmus tools (Alglave, Maranget, Sarkar and Sewell,
// "Litmus: Running Tests against Hardware", TACAS 2011): each outcome that differs, and how often it came. An outcome is
// the verdict and the values that the model names.
import { limits } from '../src/limits.js';
import {
  describe,
  isFailure,
  type Machine,
  type OutcomeValue,
  signature,
} from '../src/machine/index.js';

export interface OutcomeRow {
  /** In the order in which the model names them. */
  readonly values: readonly OutcomeValue[];
  /** Equal for outcomes with the same bug; `ok` where there is none. */
  readonly signature: string;
  /** What is wrong with it, as a sentence; undefined where nothing is. */
  readonly verdict: string | undefined;
  readonly failed: boolean;
  readonly count: number;
  /** How often each sampler came to it; empty for a search that samples nothing. */
  readonly by: readonly StrategyCount[];
}

export interface StrategyCount {
  readonly strategy: string;
  readonly count: number;
}

/** Plain data, which may cross threads. */
export interface OutcomeTable {
  readonly rows: readonly OutcomeRow[];
  /** Executions with other outcomes, when there were already as many as are kept apart. */
  readonly others: number;
}

export class Histogram {
  readonly #rows = new Map<string, OutcomeRow>();
  #others = 0;

  /** Counts the execution that has just ended. */
  add(machine: Machine, strategy?: string): void {
    const { verdict } = machine;
    this.#count({
      values: machine.outcome.read(),
      signature: signature(verdict),
      verdict: verdict.kind === 'ok' ? undefined : describe(verdict),
      failed: isFailure(verdict),
      count: 1,
      by: strategy === undefined ? [] : [{ strategy, count: 1 }],
    });
  }

  /** Takes over what other executions came to. */
  absorb({ rows, others }: OutcomeTable): void {
    for (const row of rows) this.#count(row);
    this.#others += others;
  }

  #count(row: OutcomeRow): void {
    const key = keyOf(row);
    const known = this.#rows.get(key);
    if (known !== undefined) {
      const { verdict } = known;
      const by = row.by.reduce(withCount, known.by);
      this.#rows.set(key, { ...row, verdict, count: known.count + row.count, by });
    } else if (this.#rows.size < limits.outcomesMax) {
      this.#rows.set(key, row);
    } else {
      this.#others += row.count;
    }
  }

  /** Those without a failure first, then by their values; the same whatever came first. */
  get table(): OutcomeTable {
    return { rows: [...this.#rows.values()].sort(byOutcome), others: this.#others };
  }
}

function keyOf({ signature: bug, values }: OutcomeRow): string {
  return [bug, ...values.flatMap(({ name, text }) => [name, text])].join('\n');
}

function withCount(
  counts: readonly StrategyCount[],
  { strategy, count }: StrategyCount,
): readonly StrategyCount[] {
  const at = counts.findIndex((one) => one.strategy === strategy);
  const known = counts[at];
  if (known === undefined) return [...counts, { strategy, count }];
  return counts.with(at, { strategy, count: known.count + count });
}

function byOutcome(a: OutcomeRow, b: OutcomeRow): number {
  if (a.failed !== b.failed) return a.failed ? 1 : -1;
  for (const [i, { name, text }] of a.values.entries()) {
    const other = b.values[i];
    if (other === undefined) return 1;
    const order = compare(name, other.name) || compare(text, other.text);
    if (order !== 0) return order;
  }
  return a.values.length - b.values.length || compare(a.signature, b.signature);
}

/** Numbers by their value, everything else by its letters. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  const difference = Number(a) - Number(b);
  if (difference !== 0 && !Number.isNaN(difference)) return difference;
  return a < b ? -1 : 1;
}
