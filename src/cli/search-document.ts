// What explore and prove say with --json: one document. What does not apply is left out, and nothing depends on time
// unless it was asked for.
import { collisionBound } from '../../scheduler/estimates/collisions.js';
import { describe } from '../machine/index.js';
import type { SearchResult } from './job.js';
import { limitsDocument } from './missed.js';
import { outcomeDocument } from './outcomes.js';
import type { ReportOptions } from './report.js';
import { scopeDocument } from './scope.js';

export function searchDocument(
  result: SearchResult,
  options: ReportOptions,
  replay: string | undefined,
): string {
  const { shown, proof, shard } = result;
  const verdict = shown?.finding.verdict;
  const document = {
    scenario: result.scenario,
    rung: result.rung,
    verdict: result.answer,
    memory: result.memory,
    property: verdict?.kind === 'violation' ? verdict.property : undefined,
    kind: verdict?.kind,
    message: verdict === undefined ? undefined : describe(verdict),
    runs: result.runs,
    failures: result.failures,
    limited: result.limited === 0 ? undefined : result.limited,
    steps: result.steps,
    switches: shown?.finding.switches,
    preemptions: shown?.finding.preemptions,
    leftOut: shown === undefined || shown.leftOut.length === 0 ? undefined : shown.leftOut,
    minimal: shown === undefined ? undefined : shown.minimal ? 'proved' : 'not proved',
    counterexampleSteps: shown?.finding.steps,
    engine: proof?.engine,
    schedules: proof?.schedules,
    traces: proof?.traces,
    wasted: proof?.wasted,
    states: proof?.states,
    transitions: proof?.transitions,
    bytes: proof?.bytes,
    collision: proof?.states === undefined ? undefined : collisionBound(proof.states),
    complete: proof?.complete,
    preemptionsCleared: proof?.clearedTo,
    seed: options.seed,
    strategy: result.strategy,
    shard: shard && `${String(shard.index)}/${String(shard.of)}`,
    campaign: shard?.campaign,
    foundIn: shard && result.foundIn,
    notVerifiedBy: unlessEmpty(result.blind),
    fail: unlessEmpty(result.fail),
    dataRaces: result.dataRaces ? true : undefined,
    limits: result.limits && limitsDocument(result.limits),
    scope: scopeDocument(result),
    properties: unlessEmpty(result.properties),
    elided: unlessEmpty(result.elided),
    explanation: result.explanation,
    lockdep: unlessEmpty(result.lockdep),
    decisive: unlessEmpty(result.decisive),
    outcomes: result.outcomes?.rows.map(outcomeDocument),
    otherOutcomes: result.outcomes?.others === 0 ? undefined : result.outcomes?.others,
    interrupted: result.interrupted ? true : undefined,
    replay,
    ...(options.seconds === undefined ? {} : timing(result, options.seconds)),
  };
  return JSON.stringify(document, undefined, 2);
}

function unlessEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function timing({ runs, steps = 0 }: SearchResult, seconds: number): Record<string, number> {
  return { seconds, runsPerSecond: runs / seconds, stepsPerSecond: steps / seconds };
}
