// The gallery holds what it claims: each broken form is found by the default portfolio, and shrinks to what the
// catalogue says; nothing is found in the fixed one. The proofs to their full bounds are `npm run gallery`.
import { describe, expect, it } from 'vitest';
import { type GalleryEntry, gallery, programOf, type RaceEntry } from '../../scenarios/index.js';
import { defaultPortfolio, explore, prove, reduce, replay } from '../../scheduler/index.js';

const withFault = { faults: 1 };

/** The smallest counterexample of the broken form. */
function smallest({ scenario, broken }: RaceEntry) {
  const program = programOf(scenario, broken);
  const campaign = explore(program, {
    seed: 'gallery',
    runs: 10_000,
    strategies: defaultPortfolio,
  });
  if (campaign.finding === undefined)
    throw new Error(`nothing in ${String(campaign.runs)} schedules`);
  const reduced = reduce(program, campaign.finding, { leaveOut: true });
  return reduced;
}

/** The form without the race. */
function clearForm(entry: GalleryEntry) {
  return entry.kind === 'race' ? entry.fixed : entry.clear;
}

const races = gallery.filter((entry) => entry.kind === 'race');

it('has each entry once, with at least three threads', () => {
  const names = gallery.map(({ scenario }) => scenario.name);
  expect(names).toEqual([...new Set(names)]);
  for (const entry of gallery) {
    const { machine, actors } = entry.scenario.build({ composition: clearForm(entry) });
    expect([entry.id, actors.length >= 3, machine.threadCount >= 3]).toEqual([
      entry.id,
      true,
      true,
    ]);
  }
});

describe.skipIf(races.length === 0)('the broken form of', () => {
  it.each(races.map((entry) => [`${entry.id}: ${entry.title}`, entry] as const))(
    '%s',
    (_, entry) => {
      const { finding, program } = smallest(entry);
      const { entries } = replay(program, finding.schedule).trace;
      const threads = new Set(entries.flatMap((e) => (e.kind === 'step' ? [e.thread] : [])));
      expect(finding.signature).toContain(entry.dies);
      expect(finding.preemptions).toBeLessThanOrEqual(entry.depth.preemptions);
      expect(threads.size).toBeLessThanOrEqual(entry.depth.threads);
    },
  );
});

describe.skipIf(gallery.length === 0)('the form without the race of', () => {
  it.each(gallery.map((entry) => [`${entry.id}: ${entry.title}`, entry] as const))(
    '%s',
    (_, entry) => {
      const program = programOf(entry.scenario, clearForm(entry), withFault);
      const bounds = { preemptionsMax: 2, statesMax: 20_000, runsMax: 20_000 };
      const { finding, outcome } = prove(program, bounds);
      expect(finding?.signature).toBeUndefined();
      expect(outcome).not.toBe('broken');
    },
  );
});
