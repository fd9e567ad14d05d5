// Strategies by the names that the command line and replay files use.
import { UsageError } from '../../src/machine/index.js';
import type { Strategy } from '../strategy.js';
import { Delay } from './delay.js';
import { GoOn } from './go-on.js';
import { Pct } from './pct.js';
import { Pctcp } from './pctcp.js';
import { Pos } from './pos.js';
import { RandomWalk } from './random-walk.js';
import { Surw } from './surw.js';
import { Timed } from './timed.js';
import { Uniform } from './uniform.js';
import { Urw } from './urw.js';

/** What a campaign runs unless it is told otherwise: no sampler is good at everything, so they share its blocks. */
export const defaultPortfolio: readonly string[] = ['surw', 'pos', 'pct:2', 'random', 'pct:3'];

/** For help texts. */
export const strategyNames: readonly string[] = [
  'random',
  'pct:D (D = 1 to 20)',
  'pctcp:D (D = 1 to 20)',
  'delay:D (D = 1 to 20)',
  'pos',
  'urw',
  'surw',
  'uniform (small models)',
  'timed:L (L = 0 to 1000000 simulated ns a step)',
  'go-on',
];

/** A strategy with a number behind its name: `pct:3`. */
interface Numbered {
  readonly make: (seed: string, n: number) => Strategy;
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

const depthMax = 20;
const numbered: Readonly<Record<string, Numbered>> = {
  pct: { make: (seed, depth) => new Pct(seed, depth), default: 3, min: 1, max: depthMax },
  pctcp: { make: (seed, depth) => new Pctcp(seed, depth), default: 3, min: 1, max: depthMax },
  delay: { make: (seed, delays) => new Delay(seed, delays), default: 2, min: 1, max: depthMax },
  timed: {
    make: (seed, latency) => new Timed(seed, latency),
    default: 100,
    min: 0,
    max: 1_000_000,
  },
};

const plain: Readonly<Record<string, (seed: string) => Strategy>> = {
  random: (seed) => new RandomWalk(seed),
  pos: (seed) => new Pos(seed),
  urw: (seed) => new Urw(seed),
  surw: (seed) => new Surw(seed),
  uniform: (seed) => new Uniform(seed),
  'go-on': () => new GoOn(),
};

/**
 * Makes the strategy of a name.
 * @throws UsageError for a name that there is not
 */
export function makeStrategy(name: string, seed: string): Strategy {
  const make = Object.hasOwn(plain, name) ? plain[name] : undefined;
  if (make !== undefined) return make(seed);
  const [, word = '', digits] = /^([a-z]+)(?::(\d+))?$/.exec(name) ?? [];
  const family = Object.hasOwn(numbered, word) ? numbered[word] : undefined;
  if (family !== undefined) {
    const n = Number(digits ?? family.default);
    if (n >= family.min && n <= family.max) return family.make(seed, n);
  }
  throw new UsageError(`there is no strategy "${name}"; choose from: ${strategyNames.join(', ')}`);
}
