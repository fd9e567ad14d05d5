// Memory that the threads share: each worker's signs of life, and what it shall stop for. One row for each worker; the
// first row is that of the worker that has the job, the others are those of its helpers.

/** The 32-bit slots of a row. */
export const signalSlots = {
  /** 1: finish with what there is. */
  stop: 0,
  /** How far the worker is: an index into `phases`. */
  phase: 1,
  /** Counts executions: a heartbeat. */
  runs: 2,
  /** The thread of the model that runs. */
  thread: 3,
  /** The steps of its execution so far. */
  steps: 4,
  /** Only in the first row: no block after this one will count. */
  lastBlock: 5,
  length: 6,
} as const;

/**
 * What a worker does, one after the other; only in the first one it is not the user's code that takes time. An idle one
 * waits for others, or has not been started.
 */
export const phases = ['start', 'module', 'setup', 'executions', 'idle'] as const;

export type Phase = (typeof phases)[number];

const lastBlockMax = 2 ** 31 - 1;

/** The rows of so many helpers and of the worker that has the job. */
export function sharedSignals(helpers: number): Int32Array {
  const rows = helpers + 1;
  const slots = rows * signalSlots.length;
  const signals = new Int32Array(new SharedArrayBuffer(slots * Int32Array.BYTES_PER_ELEMENT));
  for (let row = 1; row < rows; row++) new WorkerSignals(signals, row).enter('idle');
  Atomics.store(signals, signalSlots.lastBlock, lastBlockMax);
  return signals;
}

/** The row of the worker that has the job, and those of its helpers. */
export function rowsOf(signals: Int32Array): [WorkerSignals, ...WorkerSignals[]] {
  const rows = signals.length / signalSlots.length;
  const helpers = Array.from({ length: rows - 1 }, (_, i) => new WorkerSignals(signals, i + 1));
  return [new WorkerSignals(signals, 0), ...helpers];
}

/** One row of the shared signals. */
export class WorkerSignals {
  readonly row: number;
  /** The two slots that the execution loop writes as it goes. */
  readonly pulse: Int32Array;
  readonly #all: Int32Array;
  readonly #slots: Int32Array;

  constructor(all: Int32Array, row: number) {
    this.row = row;
    this.#all = all;
    this.#slots = all.subarray(row * signalSlots.length, (row + 1) * signalSlots.length);
    this.pulse = this.#slots.subarray(signalSlots.thread, signalSlots.steps + 1);
  }

  get phase(): Phase {
    return phases[this.get('phase')] ?? 'start';
  }

  enter(phase: Phase): void {
    Atomics.store(this.#slots, signalSlots.phase, phases.indexOf(phase));
  }

  get(slot: Exclude<keyof typeof signalSlots, 'length'>): number {
    return Atomics.load(this.#slots, signalSlots[slot]);
  }

  /** All slots as a text: where it changes, the worker is alive. */
  get signsOfLife(): string {
    return this.#slots.join();
  }

  requestStop(): void {
    Atomics.store(this.#slots, signalSlots.stop, 1);
  }

  /** Between two executions: whether to stop. Counts as a sign of life. */
  shallStop(): boolean {
    Atomics.add(this.#slots, signalSlots.runs, 1);
    return this.get('stop') === 1;
  }

  /** No block after this one will count: an earlier one has ended the campaign. */
  endAfter(block: number): void {
    for (;;) {
      const known = Atomics.load(this.#all, signalSlots.lastBlock);
      if (block >= known) return;
      const seen = Atomics.compareExchange(this.#all, signalSlots.lastBlock, known, block);
      if (seen === known) return;
    }
  }

  /** Whether the block may still count. */
  mayCount(block: number): boolean {
    return block <= Atomics.load(this.#all, signalSlots.lastBlock);
  }
}
