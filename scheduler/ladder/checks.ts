// The kernel's own checks, in groups: what the machine finds without being asked is a row of a ladder, too.
import type { Verdict } from '../../src/machine/index.js';
import type { LadderProperty } from '../../src/trace/ladder.js';

type Group = 'panic' | 'warning' | 'locks' | 'progress' | 'races';

const names: Readonly<Record<Group, string>> = {
  panic: 'no panic: no use after free, no BUG_ON',
  warning: 'no warning: no WARN_ON, no failed lockdep_assert_held',
  locks: 'no deadlock, and no rule about locks and contexts is broken',
  progress: 'everybody gets on: no livelock, no starvation, no lost wake-up',
  races: 'no data race',
};

const shorts: Readonly<Record<Group, string>> = {
  panic: 'panic',
  warning: 'warn',
  locks: 'locks',
  progress: 'stuck',
  races: 'race',
};

/** In the order of their columns; races are asked only where the machine looks for them. */
export function kernelChecks(asksRaces: boolean): readonly LadderProperty[] {
  const groups: readonly Group[] = ['panic', 'warning', 'locks', 'progress'];
  return [...groups, ...(asksRaces ? (['races'] as const) : [])].map((group) => ({
    name: names[group],
    short: shorts[group],
    by: 'kernel',
  }));
}

/** The property that a failure breaks: one of the scenario's, or a group of the kernel's checks. */
export function brokenBy(verdict: Verdict): { readonly name: string; readonly own: boolean } {
  if (verdict.kind === 'violation') return { name: verdict.property, own: true };
  return { name: names[groupOf(verdict)], own: false };
}

function groupOf(verdict: Verdict): Group {
  switch (verdict.kind) {
    case 'panic':
    case 'warning':
      return verdict.kind;
    case 'deadlock':
    case 'lock rule':
      return 'locks';
    case 'livelock':
    case 'lost wakeup':
      return 'progress';
    case 'data race':
      return 'races';
    case 'ok':
    case 'violation':
    case 'limit':
      throw new Error(`${verdict.kind} is no failed check of the kernel`);
  }
}

/** The group that a signature belongs to, by the words it begins with; undefined for a violation. */
export function checkOfSignature(signature: string): string | undefined {
  const group = starts.find(([start]) => signature.startsWith(`${start} `))?.[1];
  return group && names[group];
}

const starts: readonly (readonly [string, Group])[] = [
  ['panic', 'panic'],
  ['warning', 'warning'],
  ['deadlock', 'locks'],
  ['lock rule', 'locks'],
  ['livelock', 'progress'],
  ['starvation', 'progress'],
  ['unbounded loop', 'progress'],
  ['lost wakeup', 'progress'],
  ['data race', 'races'],
];
