// Strategies by the names that the command line and replay files use.
import { UsageError } from '../../src/machine/index.js';
import type { Strategy } from '../strategy.js';
import { GoOn } from './go-on.js';
import { Pct } from './pct.js';
import { RandomWalk } from './random-walk.js';

/** What a campaign runs unless it is told otherwise: they share its blocks in turn. */
export const defaultPortfolio: readonly string[] = ['random', 'pct:2', 'pct:3'];

/** For help texts. */
export const strategyNames: readonly string[] = ['random', 'pct', 'pct:D (D = 1 to 20)', 'go-on'];

const pctDepthDefault = 3;
const pctDepthMax = 20;

/**
 * Makes the strategy of a name.
 * @throws UsageError for a name that there is not
 */
export function makeStrategy(name: string, seed: string): Strategy {
  if (name === 'random') return new RandomWalk(seed);
  if (name === 'go-on') return new GoOn();
  const pct = /^pct(?::(\d+))?$/.exec(name);
  const depth = Number(pct?.[1] ?? pctDepthDefault);
  if (pct !== null && depth >= 1 && depth <= pctDepthMax) return new Pct(seed, depth);
  throw new UsageError(`there is no strategy "${name}"; choose from: ${strategyNames.join(', ')}`);
}
