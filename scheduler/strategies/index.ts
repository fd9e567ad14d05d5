// Strategies by the names that the command line and replay files use.
import { UsageError } from '../../src/machine/index.js';
import type { Strategy } from '../strategy.js';
import { GoOn } from './go-on.js';
import { Pct } from './pct.js';
import { Pos } from './pos.js';
import { RandomWalk } from './random-walk.js';
import { Timed } from './timed.js';
import { Uniform } from './uniform.js';
import { Urw } from './urw.js';

/** What a campaign runs unless it is told otherwise: they share its blocks in turn. */
export const defaultPortfolio: readonly string[] = ['random', 'pct:2', 'pct:3'];

/** For help texts. */
export const strategyNames: readonly string[] = [
  'random',
  'pct',
  'pct:D (D = 1 to 20)',
  'pos',
  'urw',
  'uniform (small models)',
  'timed',
  'timed:L (L = 0 to 1000000 simulated ns a step)',
  'go-on',
];

const pctDepthDefault = 3;
const pctDepthMax = 20;
const latencyDefault = 100;
const latencyLimit = 1_000_000;

/**
 * Makes the strategy of a name.
 * @throws UsageError for a name that there is not
 */
export function makeStrategy(name: string, seed: string): Strategy {
  if (name === 'random') return new RandomWalk(seed);
  if (name === 'pos') return new Pos(seed);
  if (name === 'urw') return new Urw(seed);
  if (name === 'uniform') return new Uniform(seed);
  if (name === 'go-on') return new GoOn();
  const pct = /^pct(?::(\d+))?$/.exec(name);
  const depth = Number(pct?.[1] ?? pctDepthDefault);
  if (pct !== null && depth >= 1 && depth <= pctDepthMax) return new Pct(seed, depth);
  const timed = /^timed(?::(\d+))?$/.exec(name);
  const latency = Number(timed?.[1] ?? latencyDefault);
  if (timed !== null && latency <= latencyLimit) return new Timed(seed, latency);
  throw new UsageError(`there is no strategy "${name}"; choose from: ${strategyNames.join(', ')}`);
}
