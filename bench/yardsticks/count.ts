// What plain enumeration computes for a row, in the form in which it was published.
import { enumerate, prove } from '../../scheduler/index.js';
import type { SamplerRow } from './rows.js';

export interface Counted {
  readonly events: number;
  readonly interleavings: number;
  readonly buggy: number;
  readonly uniform: string;
  readonly randomWalk: string;
  readonly fewestPreemptions: number | undefined;
}

export function countSchedules({ program, uniform, randomWalk }: SamplerRow): Counted {
  let events = 0;
  const { runs, failures, failureProbability } = enumerate(program, {
    all: true,
    onRun: ({ steps }) => {
      events = Math.max(events, steps);
    },
  });
  return {
    events,
    interleavings: runs,
    buggy: failures,
    uniform: printedLike(uniform, failures / runs),
    randomWalk: printedLike(randomWalk, failureProbability),
    fewestPreemptions: prove(program).finding?.preemptions,
  };
}

/** A number with as many significant digits as a printed one has at most, trailing zeros left out. */
function printedLike(printed: string, value: number): string {
  const digits = printed
    .replace(/e.*$/, '')
    .replace(/^0\.0*/, '')
    .replace('.', '').length;
  const text = value.toPrecision(digits);
  const [mantissa = '', exponent] = text.split('e');
  const short = mantissa.includes('.') ? mantissa.replace(/0+$/, '') : mantissa;
  return exponent === undefined ? short : `${short}e${exponent.replace(/^([+-])(\d)$/, '$10$2')}`;
}
