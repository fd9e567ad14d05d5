// What explore and prove say: one screen for people, or one JSON document. Nothing is printed that was not computed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from '../machine/index.js';
import { renderColumns } from '../trace/columns.js';
import { formatReplayFile } from '../trace/replay-file.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import type { ElisionEffect, SearchResult, Shown } from './job.js';
import { replayFileName, shellWord } from './names.js';
import { terminalWidth } from './terminal.js';

export interface ReportOptions {
  readonly command: 'explore' | 'prove';
  /** SCENARIO as the user wrote it. */
  readonly scenario: string;
  readonly rung?: string;
  readonly with?: readonly string[];
  readonly without?: readonly string[];
  readonly elide?: readonly string[];
  readonly fill?: readonly string[];
  readonly seed?: string;
  readonly runs: number;
  readonly out: string;
  readonly json?: true;
  readonly timing?: true;
  readonly seconds: number;
}

/** Reports on stdout, writes the replay file of a failure, and says what the exit code is. */
export function reportSearch(result: SearchResult, options: ReportOptions): ExitCode {
  const replay =
    result.shown === undefined ? undefined : writeReplay(result, result.shown, options.out);
  const text =
    options.json === true ? json(result, options, replay) : screen(result, options, replay);
  process.stdout.write(`${text}\n`);
  if (result.interrupted) return exitCodes.interrupted;
  return answerCodes[result.answer];
}

const answerCodes: Readonly<Record<SearchResult['answer'], ExitCode>> = {
  BROKEN: exitCodes.bug,
  PROVED: exitCodes.clear,
  'NOT FOUND': exitCodes.clear,
  LIMIT: exitCodes.unanswered,
  'NOT VERIFIED': exitCodes.unanswered,
};

function writeReplay(result: SearchResult, shown: Shown, directory: string): string {
  const path = join(
    directory,
    replayFileName(result.scenario, result.rung, shown.finding.signature),
  );
  mkdirSync(directory, { recursive: true });
  writeFileSync(path, formatReplayFile(shown.replay));
  return path;
}

/** The document of --json: what does not apply is left out, and nothing depends on time unless asked for. */
function json(result: SearchResult, options: ReportOptions, replay: string | undefined): string {
  const { shown, proof } = result;
  const verdict = shown?.finding.verdict;
  const document = {
    scenario: result.scenario,
    rung: result.rung,
    verdict: result.answer,
    property: verdict?.kind === 'violation' ? verdict.property : undefined,
    kind: verdict?.kind,
    message: verdict === undefined ? undefined : describe(verdict),
    runs: result.runs,
    failures: result.failures,
    limited: result.limited === 0 ? undefined : result.limited,
    steps: result.steps,
    switches: shown?.finding.switches,
    preemptions: shown?.finding.preemptions,
    minimal: shown === undefined ? undefined : shown.minimal ? 'proved' : 'not proved',
    counterexampleSteps: shown?.finding.steps,
    schedules: proof?.schedules,
    complete: proof?.complete,
    preemptionsCleared: proof?.exhaustedTo ?? undefined,
    seed: options.seed,
    strategy: result.strategy,
    notVerifiedBy: result.blind.length === 0 ? undefined : result.blind,
    elided: result.elided.length === 0 ? undefined : result.elided,
    decisive: result.decisive.length === 0 ? undefined : result.decisive,
    interrupted: result.interrupted ? true : undefined,
    replay,
    ...(options.timing === true ? timing(result, options) : {}),
  };
  return JSON.stringify(document, undefined, 2);
}

function timing(result: SearchResult, { seconds }: ReportOptions): Record<string, number> {
  return { seconds, runsPerSecond: result.runs / seconds, stepsPerSecond: result.steps / seconds };
}

function screen(result: SearchResult, options: ReportOptions, replay: string | undefined): string {
  const where = result.rung === undefined ? '' : ` on ${result.rung}`;
  const lines = [`${result.scenario}${where}: ${result.answer}`];
  if (result.interrupted) lines.push('  interrupted: this is what was found until then');
  if (result.shown !== undefined) lines.push(...failureLines(result, result.shown, options));
  lines.push(...coverageLines(result, options), ...scopeLines(result), ...elisionLines(result));
  if (options.timing === true) lines.push(timingLine(result, options));
  lines.push(...commandLines(result, options, replay));
  return lines.join('\n');
}

function failureLines(result: SearchResult, shown: Shown, options: ReportOptions): string[] {
  const { finding, minimal } = shown;
  const size =
    `  ${count(finding.preemptions, 'preemption')}, ${count(finding.switches, 'switch', 'switches')}, ` +
    count(finding.steps, 'step');
  const fewer = finding.preemptions - 1;
  const proof = !minimal
    ? 'fewer preemptions may do'
    : fewer < 0
      ? 'minimal: no preemption at all'
      : `minimal: every schedule with ${fewer === 0 ? 'no preemption' : `at most ${count(fewer, 'preemption')}`} was run, and none fails like this`;
  const found =
    options.command === 'explore'
      ? `  found by ${result.strategy ?? ''} with seed ${options.seed ?? ''}`
      : '';
  return [
    `  ${describe(finding.verdict)}`,
    '',
    renderColumns(shown.trace, { width: terminalWidth() }),
    '',
    `${size}; ${proof}`,
    ...(found === '' ? [] : [found]),
  ];
}

/** What was run, and what that may have missed. */
function coverageLines(result: SearchResult, options: ReportOptions): string[] {
  const lines = [`  ${count(result.runs, 'execution')}, ${count(result.failures, 'failure')}`];
  if (result.limited > 0) {
    lines.push(
      `  ${count(result.limited, 'execution')} cut off by --steps-max: what follows there is not known`,
    );
  }
  if (result.answer === 'NOT FOUND') lines.push(...missedLines(result));
  if (result.answer === 'NOT VERIFIED') {
    lines.push(
      `  the planted race was not found by ${result.blind.join(', ')}: this says nothing about the scenario`,
    );
  }
  if (options.command === 'prove') lines.push(...proofLines(result));
  return lines;
}

/** No failure in n independent executions: with 95 % confidence one fails with a probability below 3/n. */
function missedLines(result: SearchResult): string[] {
  const bound = (3 / result.runs).toPrecision(2);
  return [
    `  a schedule of these strategies fails with a probability below ${bound} (95 % confidence); that is no proof:`,
    '  rare schedules may have been missed; racewalk prove looks at all of them',
  ];
}

function proofLines(result: SearchResult): string[] {
  const { proof } = result;
  if (proof === undefined) return [];
  const { exhaustedTo, schedules, complete } = proof;
  if (complete)
    return [`  every schedule was run: ${count(schedules, 'schedule')}, by plain enumeration`];
  if (exhaustedTo === null || exhaustedTo < 0)
    return ['  not even the schedules without preemption were all run'];
  const bound = `every schedule with at most ${count(exhaustedTo, 'preemption')} was run`;
  if (result.answer === 'PROVED')
    return [`  ${bound}: ${count(schedules, 'schedule')}, by plain enumeration`];
  return [
    `  ${bound}${result.shown === undefined ? ', and none fails' : ''}; not all of those with more`,
  ];
}

function scopeLines(result: SearchResult): string[] {
  const scope = [
    count(result.threads, 'thread'),
    'sequential consistency',
    `properties: ${result.properties.length === 0 ? 'only what the machine itself checks' : result.properties.join('; ')}`,
  ];
  const lines = [`  scope: ${scope.join('; ')}`];
  if (result.elided.length > 0) lines.push(`  left out: ${result.elided.join(', ')}`);
  return lines;
}

function elisionLines(result: SearchResult): string[] {
  return result.decisive.map((effect) => `  ${elisionSentence(result, effect)}`);
}

function elisionSentence(result: SearchResult, effect: ElisionEffect): string {
  const what = effect.ids.join(', ');
  const flip = effect.elidedNow ? `with ${what} left out` : `with ${what} modelled`;
  const then = effect.broken
    ? 'it is BROKEN'
    : `it is not (${count(effect.schedules, 'schedule')})`;
  return `decided by an elision: ${flip}, ${then}`;
}

function timingLine(result: SearchResult, { seconds }: ReportOptions): string {
  const rate = Math.round(result.runs / seconds).toLocaleString('en');
  return `  ${seconds.toFixed(2)} s, ${rate} executions/s with everything`;
}

function commandLines(
  result: SearchResult,
  options: ReportOptions,
  replay: string | undefined,
): string[] {
  if (replay === undefined) return [];
  const again = ['npx racewalk', options.command, shellWord(options.scenario)];
  if (options.rung !== undefined) again.push('--rung', shellWord(options.rung));
  if (options.with !== undefined) again.push('--with', options.with.join());
  if (options.without !== undefined) again.push('--without', options.without.join());
  if (options.elide !== undefined) again.push('--elide', options.elide.join());
  if (options.fill !== undefined) again.push('--fill', options.fill.join());
  if (options.seed !== undefined) again.push('--seed', shellWord(options.seed));
  return [
    '',
    `  replay:  npx racewalk replay ${shellWord(replay)}`,
    `  look:    npx racewalk show --html ${shellWord(replay)} > race.html`,
    `  again:   ${again.join(' ')}`,
  ];
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}
