// A mistake planted in a search or in the language itself has to be noticed within some hundred random programs, or the
// judge is worth nothing.
import { describe, expect, it } from 'vitest';
import type { Cell } from '../../src/machine/index.js';
import { programsAbout, type Theme } from './arbitraries.js';
import { hold } from './court.js';
import { directly } from './direct.js';
import { reducingOrders } from './dpor-engine.js';
import type { Engine } from './engine.js';
import type { StageOptions } from './stage.js';
import { visitingStates } from './stateful-engine.js';

/** Programs within which each mistake must be noticed. */
const enough = 150;

/** How many programs of a theme it takes; undefined if those are not enough. */
function caughtAfter(engine: Engine, theme: Theme, stage: StageOptions = {}): number | undefined {
  const { disagreements } = hold({
    seed: 11,
    programs: enough,
    engines: [engine],
    arbitrary: programsAbout(theme),
    stage,
    stopAtFirst: true,
    shrinks: false,
  });
  return disagreements[0] && disagreements[0].index + 1;
}

const allBut =
  (pattern: RegExp) =>
  ({ name }: Cell<unknown>): boolean =>
    !pattern.test(name);

describe('optimal reduction is caught where it overlooks', () => {
  it.each([
    ['who holds a mutex or spinlock', /^[mnst]\.holder$/, 'locks'],
    ['who holds an rwsem', /^sem\.holder$/, 'rwsem'],
    ['who waits for an rwsem', /^sem\.queue$/, 'rwsem'],
    ['two updates of one cell', /^x$/, 'cells'],
    ['what monitors remember', /^property /, 'cells'],
    ['who waits on a queue', /^queue\.waiters$/, 'waiting'],
    ['what was completed', /^done\.done$/, 'completion'],
    ['how lists are linked', /\.(next|prev)$/, 'list'],
    ['what is freed', /^Thing:/, 'memory'],
  ] as const)('%s', (_, pattern, theme) => {
    expect(caughtAfter(reducingOrders({ isSeen: allBut(pattern) }), theme)).toBeDefined();
  });
});

describe('stateful search is caught where it ignores', () => {
  it.each([
    ['what a thread has seen', { tracker: { sees: () => false } }, 'cells'],
    ['what helpers leave behind', { tracker: { forgets: () => true } }, 'helpers'],
    ['what was completed', { tracker: { isSeen: allBut(/^done\.done$/) } }, 'completion'],
    ['what monitors remember', { tracker: { isSeen: allBut(/^property /) } }, 'cells'],
    ['a cell', { tracker: { isSeen: allBut(/^x$/) } }, 'cells'],
    ['who waits on a queue', { tracker: { isSeen: allBut(/^queue\./) } }, 'waiting'],
    ['how many preemptions are left', { seesBudget: false }, 'cells'],
  ] as const)('%s', (_, planted, theme) => {
    expect(caughtAfter(visitingStates(planted), theme)).toBeDefined();
  });
});

describe('the language is caught where its interpreter ignores', () => {
  it.each([
    ['unlock', 'locks'],
    ['write', 'cells'],
  ] as const)('%s', (ignores, theme) => {
    expect(caughtAfter(directly, theme, { fault: { ignores } })).toBeDefined();
  });
});
