// What an execution came to. A verdict carries its evidence; nothing here is thrown.

/** One thread of a wait-for cycle. */
export interface Wait {
  /** The thread that waits. */
  readonly thread: string;
  /** What it waits for: a lock's name, `join of T`, or `CPU0`. */
  readonly waitsFor: string;
  /** The operation that waits: `mutex_lock`. */
  readonly operation: string;
  /** The thread that would have to go on first, or undefined where nobody holds it any more. */
  readonly heldBy: string | undefined;
  /** It sleeps until somebody wakes it, whoever that may be. */
  readonly asleep?: true;
}

/** One side of a data race. */
export interface RacingAccess {
  readonly thread: string;
  /** Number of the CPU that it ran on. */
  readonly cpu: number;
  readonly context: 'task' | 'hardirq' | 'softirq' | 'idle';
  /** The function; undefined outside of any, and before the execution was run again to be shown. */
  readonly function: string | undefined;
  /** The primitive: `WRITE_ONCE`. */
  readonly operation: string;
  readonly does: 'reads' | 'writes' | 'updates' | 'frees';
  readonly marked: boolean;
  /** What it read or wrote, as it reads; undefined where there is no one value. */
  readonly value: string | undefined;
  /** The locks that the thread held: `l`, `sem (read)`. */
  readonly locks: readonly string[];
  /** Number of the step, counted from 0; for a private object that was filled in, of the one before. */
  readonly step: number;
}

/** Two accesses to one cell, one of them a write and one plain, that nothing orders. */
export interface DataRace {
  readonly kind: 'data race';
  readonly cell: string;
  /** The one that came first in this execution, first. */
  readonly accesses: readonly [RacingAccess, RacingAccess];
  /** Why nothing orders them. */
  readonly missing: string;
  readonly message: string;
}

export type Verdict =
  | { readonly kind: 'ok' }
  | { readonly kind: 'violation'; readonly property: string; readonly message: string }
  | { readonly kind: 'deadlock'; readonly cycle: readonly Wait[]; readonly message: string }
  | { readonly kind: 'panic'; readonly thread: string; readonly message: string }
  | { readonly kind: 'warning'; readonly thread: string; readonly message: string }
  /** A thread sleeps although what it waits for has become true. */
  | { readonly kind: 'lost wakeup'; readonly thread: string; readonly message: string }
  | {
      readonly kind: 'livelock';
      /**
       * `livelock`: nobody can change what the spinner waits for. `starvation`: a waiter is passed for ever. `unbounded
       * loop`: it goes on changing things and does not end.
       */
      readonly form: 'livelock' | 'starvation' | 'unbounded loop';
      readonly thread: string;
      readonly message: string;
    }
  | DataRace
  /** A rule about locks or contexts was broken, whether or not this execution suffered from it. */
  | {
      readonly kind: 'lock rule';
      /** `K-02`: see docs/rules.md. */
      readonly rule: string;
      readonly message: string;
    }
  | { readonly kind: 'limit'; readonly limit: string; readonly message: string };

export type VerdictKind = Verdict['kind'];

export const okVerdict: Verdict = { kind: 'ok' };

/** True for what a search looks for. A limit is no bug: the execution was cut short. */
export function isFailure(verdict: Verdict): boolean {
  return verdict.kind !== 'ok' && verdict.kind !== 'limit';
}

/**
 * Two verdicts are the same bug if their signatures are equal: the kind, and the property, the message or the
 * threads and locks of the cycle, wherever in it the deadlock was noticed.
 */
export function signature(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'ok':
      return 'ok';
    case 'violation':
      return `violation ${verdict.property}`;
    case 'deadlock':
      return `deadlock ${verdict.cycle
        .map((wait) => `${wait.thread} ${wait.waitsFor}`)
        .sort()
        .join(', ')}`;
    case 'panic':
    case 'warning':
      return `${verdict.kind} ${verdict.message}`;
    case 'lost wakeup':
      return `lost wakeup ${verdict.thread}`;
    case 'livelock':
      return `${verdict.form} ${verdict.thread}`;
    case 'data race':
      return `data race ${verdict.cell} ${verdict.accesses
        .map(({ thread, operation }) => `${thread} ${operation}`)
        .sort()
        .join(', ')}`;
    case 'lock rule':
      return `lock rule ${verdict.rule} ${verdict.message}`;
    case 'limit':
      return `limit ${verdict.limit}`;
  }
}

/** One sentence for people, without a full stop. */
export function describe(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'ok':
      return 'nothing was found';
    case 'violation':
      return `${verdict.property}: ${verdict.message}`;
    case 'deadlock':
    case 'data race':
    case 'lost wakeup':
    case 'livelock':
    case 'limit':
      return verdict.message;
    case 'lock rule':
      return `${verdict.message} (${verdict.rule})`;
    case 'panic':
    case 'warning':
      return `${verdict.message} (thread ${verdict.thread})`;
  }
}
