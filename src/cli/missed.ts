// What a campaign that found nothing may have missed, as one sentence that can be trusted: every number in it is a bound,
// rounded to its safe side, or is called an estimate.
import type { SamplingLimits, StrategyBound, Unseen } from '../../scheduler/index.js';
import { count } from './names.js';

/** Fewer samples than this are not worth a bound. */
const samplesForBound = 100;

/** PCT's promise is not worth a word above this. */
const missedWorthSaying = 0.5;

export function missedParagraph(limits: SamplingLimits): string {
  const { samples, failsAtMost, strategies, unseen } = limits;
  const look = 'racewalk prove looks at all schedules';
  if (samples < samplesForBound) {
    return `no proof: only ${count(samples, 'schedule')} were sampled, which says little; ${look}`;
  }
  const clauses = [
    `up to ${percentUp(failsAtMost)} of the schedules that these samplers draw may still fail (95 % confidence)`,
    ...promises(strategies),
    ...(unseen === undefined ? [] : [unseenClause(unseen)]),
    look,
  ];
  return `no proof: ${clauses.join('; ')}`;
}

/** Who drew how many. */
export function sampledParagraph({ strategies }: SamplingLimits): string[] {
  if (strategies.length === 0) return [];
  const by = strategies.map(({ strategy, runs }) => `${strategy} ${runs.toLocaleString('en')}`);
  return [`sampled by ${by.join(', ')}`];
}

/** What PCT promises, where it does. */
function promises(strategies: readonly StrategyBound[]): string[] {
  const kept = strategies.flatMap(({ pct }) =>
    pct === undefined || pct.missed > missedWorthSaying ? [] : [pct],
  );
  const [first] = kept;
  if (first === undefined) return [];
  const each = kept.map(
    ({ depth, missed }) => `of depth ${String(depth)} with a probability of ${chance(missed)}`,
  );
  const { threads, decisions } = first;
  const size = `${count(threads, 'thread')} and ${count(decisions, 'decision')}`;
  return [`PCT would have missed a bug ${each.join(', ')}, if no schedule has more than ${size}`];
}

function unseenClause({ mass, massAtMost, samples }: Unseen): string {
  const about = mass === 0 ? 'hardly any' : mass >= 0.995 ? 'nearly all' : `about ${percent(mass)}`;
  const most = massAtMost < 1 ? ` (at most ${percentUp(massAtMost)}, 95 %)` : '';
  return (
    `${about} of the random walks${most} order conflicting steps in a way not seen yet, ` +
    `going by ${samples.toLocaleString('en')} of them`
  );
}

/** `at most 1.3 %`; of very small ones it is enough to know that they are. */
function chance(probability: number): string {
  return probability < 1e-6 ? 'less than one in a million' : `at most ${percentUp(probability)}`;
}

/** Two digits, rounded. */
function percent(share: number): string {
  return `${plain(Number((100 * share).toPrecision(2)))} %`;
}

/** A percentage, rounded up: what is said to be at most so much is. */
export function percentUp(share: number): string {
  return `${plain(twoDigitsUp(Math.min(1, share) * 100))} %`;
}

/** Two digits, rounded up. */
export function twoDigitsUp(value: number): number {
  const near = Number(value.toPrecision(2));
  if (near >= value || value <= 0) return near;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((near + unit).toPrecision(2));
}

/** Without an exponent. */
function plain(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 2 });
}

/** The same for a document, with names. */
export function limitsDocument(limits: SamplingLimits): Readonly<Record<string, unknown>> {
  const { samples, failsAtMost, strategies, unseen } = limits;
  return {
    confidence: 0.95,
    samples,
    failsAtMost: short(failsAtMost),
    strategies: strategies.map(({ strategy, runs, failsAtMost: own, pct }) => ({
      strategy,
      runs,
      failsAtMost: short(own),
      ...(pct === undefined
        ? {}
        : { pct: { ...pct, perRun: short(pct.perRun), missed: short(pct.missed) } }),
    })),
    unseenTraces: unseen && {
      ...unseen,
      mass: short(unseen.mass),
      massAtMost: short(unseen.massAtMost),
      classesEstimated: short(unseen.classesEstimated),
    },
  };
}

/** Six digits: the rest means nothing. */
function short(value: number): number {
  return Number(value.toPrecision(6));
}
