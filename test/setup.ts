// Property tests draw from one fixed seed, so that a red run is red again on the next machine.
// RACEWALK_FC_SEED and RACEWALK_FC_RUNS override the seed and the number of runs.
import fc from 'fast-check';

const seed = integerFrom('RACEWALK_FC_SEED') ?? 20_140_213;
const numRuns = integerFrom('RACEWALK_FC_RUNS');

fc.configureGlobal({ seed, ...(numRuns === undefined ? {} : { numRuns }) });

function integerFrom(variable: string): number | undefined {
  const text = process.env[variable];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`${variable} is not an integer: ${text}`);
  return value;
}
