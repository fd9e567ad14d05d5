// What others may know of the table of load-bearing locks.
export type { LoadBearingOptions } from './load-bearing.js';
export { loadBearing } from './load-bearing.js';
export type { LoadOutcome, LoadRow, LoadTable } from '../../src/trace/load-bearing.js';
