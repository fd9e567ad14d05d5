// The picture that kernel developers write: a column per CPU, time downwards, one statement per line, and only
// one column filled in each. Its places are those of lockdep's reports (kernel/locking/lockdep.c).
import { describe } from '../machine/index.js';
import { deadlockText } from './deadlock.js';
import { raceText } from './race.js';
import { type Mark, type Statement, statementsOf } from './statements.js';
import type { Trace } from './trace.js';
import { wrap } from './wrap.js';

export type { Mark } from './statements.js';

export interface ColumnOptions {
  /** Characters of a line; 75 by default. More than ten CPUs go beyond it. */
  readonly width?: number | undefined;
  /** Every step, not only those that matter. */
  readonly full?: boolean | undefined;
  /** Only the steps in which threads meet, and no locks. */
  readonly brief?: boolean | undefined;
  /** Ready to be pasted into a commit message. */
  readonly git?: boolean | undefined;
  /** Arrows beside steps; these are shown in any case. */
  readonly marks?: readonly Mark[] | undefined;
}

/** The trace as text, without a line feed at the end. */
export function renderColumns(trace: Trace, options: ColumnOptions = {}): string {
  const { git = false, full = false, brief = false, marks = [] } = options;
  const width = git
    ? Math.min(options.width ?? standardWidth, standardWidth)
    : (options.width ?? standardWidth);
  const { lines, steps } = statementsOf(trace, full ? 'full' : brief ? 'brief' : 'normal', marks);
  const parts = [picture(lines, width), verdictLines(trace, width)];
  if (git) parts.unshift(introduction(trace, lines, width));
  else if (steps < trace.steps) parts.push([leftOut(steps, trace)]);
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}

const standardWidth = 75;
/** Where lockdep writes the first head, how far the next one is, and where statements of CPU0 begin. */
const firstHead = 7;
const standardPitch = 24;
const narrowPitch = 10;
const firstStatement = 2;
/** The last column never gets narrower. */
const lastColumnLeast = 20;
/** How far an arrow stands from its statement, if there is room. */
const arrowGap = 8;

function picture(lines: readonly Statement[], width: number): string[] {
  const cpus = [...new Set(lines.map((line) => line.cpu))].sort((a, b) => a - b);
  if (cpus.length === 0) return [];
  const pitch = pitchFor(cpus, lines, width);
  const heads = cpus.map((cpu) => `CPU${String(cpu)}`);
  const row = (cells: readonly string[]): string =>
    (' '.repeat(firstHead) + cells.map((cell) => cell.padEnd(pitch)).join('')).trimEnd();
  const startOf = (cpu: number): number => {
    const column = cpus.indexOf(cpu);
    return column === 0 ? firstStatement : firstHead + column * pitch;
  };
  return [
    row(heads),
    row(heads.map((head) => '-'.repeat(head.length))),
    ...lines.flatMap((line) => layOut(line, startOf(line.cpu), width)),
  ];
}

/**
 * lockdep's pitch; wider, up to the longest statement, where there is more room than 75 characters, and narrower
 * where three or more columns would have to break their statements: columns may overlap, since lines do not.
 */
function pitchFor(cpus: readonly number[], lines: readonly Statement[], width: number): number {
  const gaps = cpus.length - 1;
  if (gaps === 0) return standardPitch;
  let wanted = standardPitch;
  let most = Number.POSITIVE_INFINITY;
  for (const { cpu, depth, text } of lines) {
    const column = cpus.indexOf(cpu);
    const length = 2 * depth + text.length;
    if (column > 0) most = Math.min(most, Math.floor((width - firstHead - length) / column));
    if (column < gaps && width > standardWidth) {
      wanted = Math.max(wanted, length + 2 - (column === 0 ? firstHead - firstStatement : 0));
    }
  }
  const least = gaps === 1 ? standardPitch : narrowPitch;
  const room = Math.floor((width - firstHead - lastColumnLeast) / gaps);
  const pitch = Math.min(Math.max(Math.min(wanted, most), least), room);
  return Math.max(pitch, `CPU${String(cpus.at(-1))} `.length);
}

function layOut({ depth, text, mark }: Statement, start: number, width: number): string[] {
  const room = Math.max(width - start, lastColumnLeast);
  const indent = Math.min(2 * depth, Math.max(0, room - lastColumnLeast));
  const margin = ' '.repeat(start + indent);
  const lines = wrap(text, room - indent, 4);
  if (mark === undefined) return lines.map((line) => margin + line);
  const arrow = `<-- ${mark}`;
  const last = lines.at(-1) ?? '';
  const gap = Math.min(arrowGap, room - indent - last.length - arrow.length);
  if (gap >= 2) lines[lines.length - 1] = last + ' '.repeat(gap) + arrow;
  else lines.push(...wrap(arrow, room - indent - 4, 4).map((line) => `    ${line}`));
  return lines.map((line) => margin + line);
}

function verdictLines(trace: Trace, width: number): string[] {
  const { verdict } = trace;
  if (verdict.kind === 'ok') return [`No failure: ${describe(verdict)}.`];
  const text = verdictText(verdict, trace);
  const sentence = text.split('\n').flatMap((line) => {
    const indent = line.length - line.trimStart().length;
    return wrap(line.trimStart(), width - 2 - indent, 4).map((part) => ' '.repeat(indent) + part);
  });
  return [
    ` *** ${verdict.kind.toUpperCase()} ***`,
    '',
    ...sentence.map((line) => `  ${line}`.trimEnd()),
  ];
}

function verdictText(verdict: Trace['verdict'], trace: Trace): string {
  if (verdict.kind === 'deadlock') return deadlockText(verdict, trace);
  return verdict.kind === 'data race' ? raceText(verdict) : describe(verdict);
}

function introduction(trace: Trace, lines: readonly Statement[], width: number): string[] {
  const cpus = new Set(lines.map((line) => line.cpu));
  const names = trace.threads
    .filter(({ cpu }) => cpus.has(cpu))
    .map(({ name, cpu }) => `${name} (CPU${String(cpu)})`);
  const where = trace.rung === undefined ? '' : ` on ${trace.rung}`;
  const last = names.pop() ?? 'nobody';
  const who = names.length === 0 ? last : `${names.join(', ')} and ${last}`;
  const what = names.length === 0 ? 'run of' : 'race between';
  return wrap(`Consider the following ${what} ${who}${where}:`, width);
}

function leftOut(shown: number, { steps, omitted = 0 }: Trace): string {
  const all = omitted === 0 ? 'all' : `the last ${String(steps - omitted)}`;
  return `${String(shown)} of ${String(steps)} steps shown; --full shows ${all}`;
}
