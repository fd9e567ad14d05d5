// How the strategies of a campaign share its blocks. At first evenly, in short blocks, so that each soon has its turn.
// Then by what they show: of some executions of each block it is known which kind of schedule they were (scout.ts), and a
// strategy that comes to new kinds more often gets more blocks, as the chance of one that nobody has seen is what a
// campaign lives on (the estimate of Good, 1953: the share of first sights among the last draws). Half of all blocks are
// shared evenly whatever happens, so that a strategy which has shown nothing new for long may still be the one that
// finds the bug. Everything follows from merged results, in the order of blocks.

interface Record {
  readonly strategy: string;
  /** Executions looked at, older rounds counting for half of newer ones. */
  scouted: number;
  /** Those of a kind that no strategy had shown before. */
  fresh: number;
  /** Blocks that it should have had more than it has. */
  credit: number;
}

/** All that it knows between two blocks: plain data. */
export interface SharesState {
  readonly records: readonly Readonly<Record>[];
  readonly seen: readonly number[];
}

/** So much is shared evenly. */
const even = 0.5;

export class Shares {
  readonly #records: readonly Record[];
  readonly #seen = new Set<number>();

  constructor(strategies: readonly string[]) {
    this.#records = [...new Set(strategies)].map((strategy) => ({
      strategy,
      scouted: 0,
      fresh: 0,
      credit: 0,
    }));
  }

  get state(): SharesState {
    return { records: this.#records.map((record) => ({ ...record })), seen: [...this.#seen] };
  }

  /** Goes on where another one of the same strategies was laid down. */
  takeUp({ records, seen }: SharesState): void {
    this.#records.forEach((record, i) => Object.assign(record, records[i]));
    for (const kind of seen) this.#seen.add(kind);
  }

  get strategies(): readonly string[] {
    return this.#records.map(({ strategy }) => strategy);
  }

  /** Takes over which kinds of schedules a block has shown. */
  saw(strategy: string, kinds: readonly number[]): void {
    const record = this.#records.find((one) => one.strategy === strategy);
    for (const kind of kinds) {
      if (record !== undefined) {
        record.scouted++;
        if (!this.#seen.has(kind)) record.fresh++;
      }
      this.#seen.add(kind);
    }
  }

  /** The part of the blocks that each strategy gets, in their order; together 1. */
  get parts(): number[] {
    // As if each had been looked at twice more, with one new kind: whoever is unknown is in the middle.
    const rates = this.#records.map(({ scouted, fresh }) => (fresh + 1) / (scouted + 2));
    const sum = rates.reduce((all, rate) => all + rate, 0);
    return rates.map((rate) => even / rates.length + (1 - even) * (rate / sum));
  }

  /** The strategies of the next blocks: in turn, each as often as its part says, what was short being made up later. */
  handOut(blocks: number): string[] {
    const parts = this.parts;
    const names: string[] = [];
    for (let block = 0; block < blocks; block++) {
      this.#records.forEach((record, i) => {
        record.credit += parts[i] as number;
      });
      const next = this.#records.reduce((best, one) => (one.credit > best.credit ? one : best));
      next.credit--;
      names.push(next.strategy);
    }
    for (const record of this.#records) {
      record.scouted /= 2;
      record.fresh /= 2;
    }
    return names;
  }
}
