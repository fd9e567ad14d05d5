// What explore and prove say on a screen. Nothing is printed that was not computed.
import { collisionBound } from '../../scheduler/estimates/collisions.js';
import type { LockReport } from '../trace/lock-report.js';
import { renderLockReport } from '../trace/lock-report-text.js';
import { renderColumns } from '../trace/columns.js';
import { briefParagraph } from '../trace/explanation-text.js';
import { wrap } from '../trace/wrap.js';
import type { ElisionEffect, SearchResult, Shown } from './job.js';
import { missedParagraph, sampledParagraph, twoDigitsUp } from './missed.js';
import { count, shellWord } from './names.js';
import { outcomeLines } from './outcomes.js';
import { scopeParagraphs } from './scope.js';

export interface ReportOptions {
  readonly command: 'explore' | 'prove';
  /** The command line that gives this result again, word by word. */
  readonly again: readonly string[];
  readonly seed: string | undefined;
  /** What prove was asked to stop at. */
  readonly preemptions: number | undefined;
  /** Every step and every name. */
  readonly full: boolean;
  /** Left out unless it was asked for: everything else is the same in every run. */
  readonly seconds: number | undefined;
  /** Characters of a line. */
  readonly width: number;
}

/** The whole screen; `replay` is the replay file, if one was written. */
export function searchScreen(
  result: SearchResult,
  options: ReportOptions,
  replay: string | undefined,
): string {
  const { shown } = result;
  const { width, full } = options;
  const where = result.rung === undefined ? '' : ` on ${result.rung}`;
  const picture = shown === undefined ? [] : ['', renderColumns(shown.trace, { width, full }), ''];
  const paragraphs = [
    ...(result.interrupted ? ['interrupted: this is what was found until then'] : []),
    ...(shown === undefined ? [] : findingParagraphs(result, shown, options)),
    ...coverageParagraphs(result, options),
    ...unreachedParagraphs(result.fail),
    ...scopeParagraphs(result, full),
    ...decisiveParagraphs(result.decisive),
    ...(options.seconds === undefined ? [] : [timingParagraph(result, options.seconds)]),
  ];
  return [
    `${result.scenario}${where}: ${result.answer}`,
    ...picture,
    ...lockParagraphs(result.lockdep, width),
    ...paragraphs.flatMap((paragraph) => hanging(paragraph, width)),
    ...(result.outcomes === undefined ? [] : ['', ...outcomeLines(result.outcomes, options)]),
    ...(shown === undefined ? [] : commandLines(options, replay, result.explanation !== undefined)),
  ].join('\n');
}

/** What lockdep reports, each with a line before and after it. */
function lockParagraphs(reports: readonly LockReport[], width: number): string[] {
  return reports.flatMap((report) => ['', renderLockReport(report, width), '']);
}

/** A paragraph, indented; where it begins with a label, its lines stand under what follows the label. */
function hanging(paragraph: string, width: number): string[] {
  const label = /^[a-z ]{1,12}: /.exec(paragraph)?.[0] ?? '';
  const indent = '  ';
  const hang = label === '' ? indent.length : label.length;
  return wrap(paragraph, width - indent.length, hang).map((line) => indent + line);
}

function findingParagraphs(result: SearchResult, shown: Shown, options: ReportOptions): string[] {
  const { finding } = shown;
  const size = [
    count(finding.preemptions, 'preemption'),
    count(finding.switches, 'switch', 'switches'),
    count(finding.steps, 'step'),
  ].join(', ');
  const { strategy } = result;
  const found =
    strategy === undefined ? '' : `found by ${strategy} with seed ${options.seed ?? ''}`;
  const why = result.explanation === undefined ? [] : [briefParagraph(result.explanation)];
  return [
    `${size}; ${minimality(shown)}`,
    ...why,
    ...leftOut(shown),
    ...(found === '' ? [] : [found]),
  ];
}

function leftOut({ leftOut: names }: Shown): string[] {
  if (names.length === 0) return [];
  return [
    `left out: ${names.join(', ')}; the same bug recurs with the other actors alone, and what is minimal is so among them`,
  ];
}

function minimality({ finding, minimal }: Shown): string {
  if (!minimal) return 'not proved minimal: fewer preemptions may do';
  if (finding.preemptions === 0) return 'minimal: it takes no preemption at all';
  return `minimal: every schedule with ${atMost(finding.preemptions - 1)} was run, and none fails like this`;
}

function shardParagraphs(shard: SearchResult['shard']): string[] {
  if (shard === undefined) return [];
  const { index, of } = shard;
  return [
    `shard ${String(index)} of ${String(of)}: only what this part of the campaign has shown; racewalk merge puts them together`,
  ];
}

/** What was run, and what that may have missed. */
function coverageParagraphs(result: SearchResult, options: ReportOptions): string[] {
  const paragraphs = [
    ...shardParagraphs(result.shard),
    `${count(result.runs, 'execution')}, ${count(result.failures, 'failure')}`,
  ];
  if (result.limited > 0) {
    paragraphs.push(
      `${count(result.limited, 'execution')} cut off by --steps-max: what follows there is not known`,
    );
  }
  if (result.answer === 'NOT FOUND' && result.limits !== undefined) {
    paragraphs.push(...sampledParagraph(result.limits), missedParagraph(result.limits));
  }
  if (result.answer === 'NOT VERIFIED') {
    paragraphs.push(
      `the planted race was not found by ${result.blind.join(', ')}: this says nothing about the scenario`,
    );
  }
  if (result.proof !== undefined) paragraphs.push(proofParagraph(result, result.proof, options));
  return paragraphs;
}

type Proof = NonNullable<SearchResult['proof']>;

function proofParagraph(
  result: SearchResult,
  proof: Proof,
  { preemptions }: ReportOptions,
): string {
  const { complete, exhausted, clearedTo } = proof;
  const how = coveredBy(proof);
  const run =
    proof.traces !== undefined
      ? 'is covered'
      : proof.states === undefined
        ? 'was run'
        : 'was looked at';
  if (complete) return `every schedule ${run}: ${how}`;
  if (result.answer === 'PROVED') {
    return `every schedule with ${atMost(clearedTo ?? 0)} ${run}, and none fails: ${how}`;
  }
  if (exhausted) {
    const which = preemptions === undefined ? '' : ` with ${atMost(preemptions)}`;
    return `every schedule${which} ${run}, as far as none was cut off: ${how}`;
  }
  if (proof.traces !== undefined) return `not every trace was run: ${how}`;
  const cleared =
    clearedTo === undefined
      ? ''
      : `every schedule with ${atMost(clearedTo)} was run, and none fails; `;
  const next = clearedTo === undefined ? 'no preemption' : count(clearedTo + 1, 'preemption');
  if (result.shown !== undefined) return `${cleared}the search ended among those with ${next}`;
  return `${cleared}those with ${next} were not all run: ${how}`;
}

/** What was gone over, and how sure that is. */
function coveredBy({ schedules, states, transitions, bytes, traces, wasted }: Proof): string {
  if (traces !== undefined) {
    return `one of each trace, by optimal reduction: ${count(traces, 'trace')}, ${count(wasted ?? 0, 'execution')} wasted`;
  }
  if (states === undefined) return `${count(schedules ?? 0, 'schedule')}, by plain enumeration`;
  const much = [
    count(states, 'state'),
    `${count(transitions ?? 0, 'step')} between them`,
    `${Math.ceil((bytes ?? 0) / 2 ** 20).toLocaleString('en')} MB`,
  ].join(', ');
  const risk = String(twoDigitsUp(collisionBound(states)));
  return `${much}; that two states had one fingerprint and something was missed has a probability below ${risk}`;
}

/** A place that no execution came to has tested nothing. */
function unreachedParagraphs(fail: SearchResult['fail']): string[] {
  return fail
    .filter(({ struck }) => struck === 0)
    .map(({ place, most }) => {
      const came =
        most === 0
          ? 'nothing there could fail'
          : `the most was ${place.replace(/\d+$/, String(most))}`;
      return `nothing failed at ${place}: no call came to it, ${came}; the answer is that of a run without it`;
    });
}

/** One paragraph for all that do the same. */
function decisiveParagraphs(effects: readonly ElisionEffect[]): string[] {
  const idsByEffect = new Map<string, string[]>();
  for (const effect of effects) {
    const then = `${effect.elidedNow ? 'left out' : 'modelled'}, ${afterFlip(effect)}`;
    const ids = effect.ids.join(' and ');
    idsByEffect.set(then, [...(idsByEffect.get(then) ?? []), ids]);
  }
  return [...idsByEffect].map(([then, ids]) => {
    const which = ids.length === 1 ? ids.join('') : `any one of ${ids.join(', ')}`;
    return `decided by an elision: with ${which} ${then}`;
  });
}

function afterFlip({ broken, executions, complete, preemptionsCleared }: ElisionEffect): string {
  if (broken) return 'a failure is found';
  const all = complete
    ? ', every schedule among them'
    : preemptionsCleared === undefined
      ? ''
      : `, every schedule with ${atMost(preemptionsCleared)} among them`;
  return `nothing is found in ${count(executions, 'execution')}${all}`;
}

function timingParagraph(result: SearchResult, seconds: number): string {
  const rate = Math.round(result.runs / seconds).toLocaleString('en');
  return `${seconds.toFixed(2)} s, ${rate} executions/s with everything`;
}

function commandLines(
  { again }: ReportOptions,
  replay: string | undefined,
  isExplained: boolean,
): string[] {
  const written =
    replay === undefined
      ? []
      : [
          `  replay:  npx racewalk replay ${shellWord(replay)}`,
          `  look:    npx racewalk show --html ${shellWord(replay)} > race.html`,
          ...(isExplained ? [`  why:     npx racewalk explain ${shellWord(replay)}`] : []),
        ];
  return ['', ...written, `  again:   npx racewalk ${again.map(shellWord).join(' ')}`];
}

function atMost(preemptions: number): string {
  return preemptions === 0 ? 'no preemption' : `at most ${count(preemptions, 'preemption')}`;
}
