// Fingerprints with a planted mistake are wrong, and the programs of these tests show it: so the comparison with the
// enumerator would find a mistake of that kind.
import { describe, expect, it } from 'vitest';
import type { TrackerOptions } from '../../../src/machine/index.js';
import { searchStates } from '../../../scheduler/index.js';
import { fromSchedules, fromStates } from '../../support/agreement.js';
import * as small from './programs.js';

const mistakes: readonly (readonly [
  string,
  TrackerOptions,
  () => ReturnType<typeof small.leaking>,
])[] = [
  ['every call is forgotten', { forgets: () => true }, small.leaking],
  ['what one thread has seen is ignored', { sees: (thread) => thread !== 'a' }, small.helpers],
];

describe('a search that forgets too much', () => {
  it.each(mistakes)('is wrong: %s', (_, tracker, make) => {
    expect(fromStates(make())).toEqual(fromSchedules(make()));
    const wrong = (): unknown => fromStates(make(), { tracker });
    let came: unknown;
    try {
      came = wrong();
    } catch (error) {
      came = error;
    }
    expect(came).not.toEqual(fromSchedules(make()));
  });
});

describe('the audit', () => {
  it.each(mistakes)('finds it by itself: %s', (_, tracker, make) => {
    expect(() => searchStates(make(), { tracker })).toThrow('were taken for one');
  });
});
