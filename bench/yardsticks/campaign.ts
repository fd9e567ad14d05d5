// Runs every yardstick, by optimal reduction and, as far as that can reach, by plain enumeration, and prints a table. It
// takes minutes.
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { dpor, type DporResult } from '../../scheduler/index.js';
import { countTraces } from '../../test/support/canonical.js';
import type { Profile } from '../../scheduler/index.js';
import { byEventsLeft, profileOf, weighTree } from '../../test/support/weighed-tree.js';
import { countSchedules } from './count.js';
import {
  type DelayRow,
  delayRows,
  lockRows,
  memoryRows,
  samplerRows,
  type SamplerRow,
  type TraceRow,
} from './rows.js';
import { agrees, sample, type Sampled } from './sample.js';

/** @returns whether every computed number is the published one */
export function main(print: (line: string) => void = console.log): boolean {
  let agreed = true;
  const row = (name: string, published: string, compute: () => string): void => {
    const start = performance.now();
    const computed = compute();
    const seconds = ((performance.now() - start) / 1000).toFixed(2);
    if (computed !== published) agreed = false;
    const mark = computed === published ? ' ' : '!';
    print(
      `${mark} ${name.padEnd(30)} | ${published.padEnd(44)} | ${computed.padEnd(44)} | ${seconds}`,
    );
  };
  print(
    `  ${'program'.padEnd(30)} | ${'published'.padEnd(44)} | ${'computed'.padEnd(44)} | seconds`,
  );
  for (const traceRow of [...memoryRows, ...lockRows]) reduceTraces(traceRow, row);
  for (const delayRow of delayRows) reduceWithinDelays(delayRow, row);
  for (const traceRow of [...memoryRows, ...lockRows]) runTraces(traceRow, row);
  for (const samplerRow of samplerRows) runSampler(samplerRow, row);
  for (const samplerRow of samplerRows) runSamples(samplerRow, row);
  return agreed;
}

type Print = (name: string, published: string, compute: () => string) => void;

function reduceTraces({ program, traces }: TraceRow, row: Print): void {
  row(`${program.name}, reduced`, `${String(traces)} wasted 0`, () => reduced(dpor(program)));
}

function reduceWithinDelays({ program, delaysMax, traces }: DelayRow, row: Print): void {
  const name = `${program.name}, ${String(delaysMax)} delays`;
  row(name, `${String(traces)} wasted 0`, () => reduced(dpor(program, { delaysMax })));
}

function reduced({ traces, wasted }: DporResult): string {
  return `${String(traces)} wasted ${String(wasted)}`;
}

function runTraces({ program, traces, reach }: TraceRow, row: Print): void {
  if (reach === 'reduction') return;
  row(program.name, String(traces), () => String(countTraces(program).traces));
}

function runSampler(samplerRow: SamplerRow, row: Print): void {
  const { events, interleavings, buggy, uniform, randomWalk, fewestPreemptions } = samplerRow;
  const published = [events, interleavings, buggy, uniform, randomWalk, fewestPreemptions];
  row(samplerRow.program.name, published.join(' '), () => {
    const counted = countSchedules(samplerRow);
    return [
      counted.events,
      counted.interleavings,
      counted.buggy,
      counted.uniform,
      counted.randomWalk,
      counted.fewestPreemptions,
    ].join(' ');
  });
}

const sampleRuns = 100_000;
/** The exact probability of URW is a sum over all schedules. */
const treeMax = 1_000_000;

/** Whether samplers fail as often as they should, within 99.9 %. */
function runSamples(
  { program, interleavings, buggy, randomWalk, urw }: SamplerRow,
  row: Print,
): void {
  const sampled = (name: string, profile?: Profile): Sampled => {
    const taught = profile === undefined ? {} : { profile };
    return sample(program, name, { seed: '1', runs: sampleRuns, ...taught });
  };
  const check = (name: string, p: number, profile?: Profile): void => {
    row(`${name}: ${program.name}`, `agrees with ${p.toPrecision(4)}`, () => {
      const result = sampled(name, profile);
      return agrees(p, result)
        ? `agrees with ${p.toPrecision(4)}`
        : `${String(result.failures)} of ${String(result.runs)}`;
    });
  };
  check('random', Number(randomWalk));
  check('uniform', buggy / interleavings);
  if (interleavings > treeMax) return;
  const { events } = weighTree(program, () => 1);
  const { probability } = weighTree(program, byEventsLeft(events));
  if (urw !== undefined)
    row(`urw, exactly: ${program.name}`, String(urw), () => probability.toFixed(4));
  check('urw', probability, profileOf(program, events));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = main() ? 0 : 1;
}
