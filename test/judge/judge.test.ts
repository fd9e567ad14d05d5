// Random programs before every search. What is true of them the plain enumerator says, by running every schedule. The
// long campaign is `npm run judge`.
import { beforeAll, describe, expect, it } from 'vitest';
import { disagreementText, hold, type Session } from './court.js';
import { allEngines } from './engines.js';
import { Features } from './features.js';

const features = new Features();
let session: Session;

beforeAll(() => {
  session = hold({
    seed: 4,
    programs: 150,
    engines: allEngines,
    onSubject: (subject) => {
      features.add(subject);
    },
  });
}, 120_000);

describe('random programs', () => {
  it('are the same to every search', () => {
    expect(session.disagreements.map(disagreementText)).toEqual([]);
    expect(session.judged).toBe(150);
  });

  it('are hardly ever too large to be enumerated', () => {
    expect(session.discarded).toBeLessThanOrEqual(3);
  });

  it('fail about as often as not, and mostly end in more than one way', () => {
    expect(features.failing / features.subjects).toBeGreaterThan(0.35);
    expect(features.failing / features.subjects).toBeLessThan(0.7);
    expect(features.open / features.subjects).toBeGreaterThan(0.5);
  });
});
