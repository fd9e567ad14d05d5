// What threads do in executions, by names that every interleaving shares: plain data, so that it can pass between workers.
// Counts differ between executions; the largest one stands, as a thread that is thought to be done too early is starved,
// and one that has too much only lingers.

export interface Profile {
  /** In the order in which they were first seen; each comes after its creator. */
  readonly threads: readonly ThreadProfile[];
}

export interface ThreadProfile {
  readonly name: string;
  /** The thread during whose step it was made; undefined for those that exist from the start. */
  readonly creator: string | undefined;
  /** Steps that it took. */
  readonly events: number;
  /** How often it used which thing; releases of locks, which meet nobody, are left out. */
  readonly uses: readonly Use[];
}

export interface Use {
  /** The thing's name. */
  readonly of: string;
  readonly times: number;
  /** It did more than look. */
  readonly changes: boolean;
  /** Locks that it held at every use: in any mode where it only looked, alone where it changed something. */
  readonly under: readonly string[];
}

/** What two profiles show together. */
export function bothProfiles(a: Profile | undefined, b: Profile | undefined): Profile | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  const threads = new Map(a.threads.map((thread) => [thread.name, thread]));
  for (const thread of b.threads) {
    const known = threads.get(thread.name);
    threads.set(thread.name, known === undefined ? thread : bothThreads(known, thread));
  }
  return { threads: [...threads.values()] };
}

function bothThreads(a: ThreadProfile, b: ThreadProfile): ThreadProfile {
  const uses = new Map(a.uses.map((use) => [use.of, use]));
  for (const use of b.uses) {
    const known = uses.get(use.of);
    uses.set(use.of, known === undefined ? use : bothUses(known, use));
  }
  return { ...a, events: Math.max(a.events, b.events), uses: [...uses.values()] };
}

function bothUses(a: Use, b: Use): Use {
  return {
    of: a.of,
    times: Math.max(a.times, b.times),
    changes: a.changes || b.changes,
    under: a.under.filter((lock) => b.under.includes(lock)),
  };
}
