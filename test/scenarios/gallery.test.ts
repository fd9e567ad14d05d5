// The gallery holds what it claims: each broken form is found by the default portfolio and shrinks to what the catalogue
// says, and nothing is found in the other one. Whole proofs, and the page, are made by `npm run gallery`.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type GalleryEntry, gallery } from '../../scenarios/index.js';
import { raceParts } from '../../src/cli/gallery/page.js';
import { clearForm, findRace, proveClear } from '../../src/cli/gallery/verdicts.js';

/** Of the form without the race; the whole proofs take minutes. */
const statesHere = 1_000;

const page = readFileSync(fileURLToPath(new URL('../../docs/gallery.md', import.meta.url)), 'utf8');
const named = <E extends GalleryEntry>(entries: readonly E[]): (readonly [string, E])[] =>
  entries.map((entry) => [`${entry.id}: ${entry.title}`, entry] as const);
const races = gallery.filter((entry) => entry.kind === 'race');
/** The races that have been found here, as the page has them. */
const shown = new Map<string, readonly string[]>();

it('has each entry once, with at least three threads and a claim of two preemptions or more', () => {
  const names = gallery.map(({ scenario }) => scenario.name);
  expect(names).toEqual([...new Set(names)]);
  for (const entry of gallery) {
    const { machine, actors } = entry.scenario.build({ composition: clearForm(entry) });
    const { preemptions = Number.POSITIVE_INFINITY } = entry.proof;
    expect([entry.id, actors.length >= 3, machine.threadCount >= 3, preemptions >= 2]).toEqual([
      entry.id,
      true,
      true,
      true,
    ]);
  }
});

describe('the broken form of', () => {
  it.each(named(races))('%s', (_, entry) => {
    const found = findRace(entry);
    expect(found.signature).toContain(entry.dies);
    expect(found.trace.preemptions).toBeLessThanOrEqual(entry.depth.preemptions);
    expect(found.threads).toBeLessThanOrEqual(entry.depth.threads);
    shown.set(entry.id, raceParts(found));
  });
});

it('docs/gallery.md shows these races; npm run gallery writes it', () => {
  expect(shown.size).toBe(races.length);
  for (const [id, parts] of shown) {
    for (const part of parts) expect(page, id).toContain(part);
  }
});

describe('the form without the race of', () => {
  it.each(named(gallery))('%s', (_, entry) => {
    const { finding, outcome } = proveClear(entry, statesHere);
    expect(finding?.signature).toBeUndefined();
    expect(outcome).not.toBe('broken');
  });
});
