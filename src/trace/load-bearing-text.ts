// The table of load-bearing locks, second looks and references, for a screen.
import type { LoadOutcome, LoadRow, LoadTable } from './load-bearing.js';
import { wrap } from './wrap.js';

const words: Readonly<Record<LoadRow['kind'], string>> = {
  lock: 'lock',
  recheck: '2nd look',
  get: 'get',
  put: 'put',
};

const heads = ['left out', 'where', 'what dies', 'preemptions', 'how decided'] as const;

/** Without a line feed at the end. Columns get as much room as there is; longer text goes on below. */
export function renderLoadTable({ whole, rows, surveyed }: LoadTable, width: number): string {
  const cells = rows.map(({ kind, what, where, outcome }) => [
    `${words[kind]} ${what}`,
    where,
    shortly(outcome),
    preemptions(outcome),
    decided(outcome),
  ]);
  const widths = widthsOf([[...heads], ...cells], width);
  return [
    ...wrap(`as it is: ${shortly(whole)}; ${decided(whole)}`, width, 2),
    '',
    ...row(heads, widths),
    ...row(
      heads.map((_, i) => '-'.repeat(widths[i] ?? 0)),
      widths,
    ),
    ...cells.flatMap((line) => row(line, widths)),
    '',
    ...notes(rows, surveyed).flatMap((note) => wrap(note, width, 2)),
  ].join('\n');
}

function preemptions(outcome: LoadOutcome): string {
  return outcome.kind === 'dies' ? String(outcome.preemptions) : '-';
}

/** The number of an invariant or a rule, or the first words of what the machine says. */
function shortly(outcome: LoadOutcome): string {
  if (outcome.kind === 'nothing') return 'nothing';
  const { what } = outcome;
  const number = /^I-\d+/.exec(what)?.[0] ?? /\(([A-Z]+-?\d+)\)$/.exec(what)?.[1];
  if (number !== undefined) return number;
  return /^panic: (use after free)/.exec(what)?.[1] ?? what;
}

function decided(outcome: LoadOutcome): string {
  const n = outcome.executions.toLocaleString('en');
  if (outcome.kind === 'dies') {
    return `${outcome.minimal ? 'minimal' : 'found'}, ${outcome.by === 'sampling' ? 'random: ' : ''}${n}`;
  }
  const { complete, clearedTo, sampled, limited } = outcome;
  const cut = limited > 0 ? `, cut off: ${limited.toLocaleString('en')}` : '';
  if (complete) return `all: ${n}${cut}`;
  const upTo = clearedTo === undefined ? 'some' : `up to ${String(clearedTo)}`;
  return `${upTo}: ${n}, random: ${sampled.toLocaleString('en')}${cut}`;
}

/** What the short words mean, as far as they occur. */
function notes(rows: readonly LoadRow[], surveyed: number): string[] {
  const outcomes = rows.map(({ outcome }) => outcome);
  const full = outcomes.flatMap((outcome) =>
    outcome.kind === 'dies' && shortly(outcome) !== outcome.what ? [outcome] : [],
  );
  const meanings = new Map(full.map((outcome) => [shortly(outcome), outcome.what]));
  const isBounded = outcomes.some((one) => one.kind === 'nothing' && !one.complete);
  return [
    ...[...meanings]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([short, what]) => `${short}: ${what}`),
    ...(outcomes.some((one) => one.kind === 'dies' && one.minimal)
      ? [
          'minimal: every schedule with fewer preemptions was run; and how many executions there were',
        ]
      : []),
    ...(isBounded
      ? [
          'up to 1: every schedule with at most 1 preemption was run; random: schedules sampled besides',
        ]
      : []),
    ...(outcomes.some((one) => one.kind === 'nothing')
      ? ['nothing: it is not load-bearing within these schedules, actors and properties']
      : []),
    ...(rows.some(({ kind }) => kind === 'lock')
      ? ['a property that holds whenever a lock is free is not asked where that lock is left out']
      : []),
    `found in ${surveyed.toLocaleString('en')} executions: what none of them came to is not in the table`,
  ];
}

const gap = 2;
/** What a column needs at least. */
const least = 11;

/** As wide as its longest text; where that is too much in all, the widest columns give way. */
function widthsOf(rows: readonly (readonly string[])[], width: number): number[] {
  const widths = heads.map((_, i) => Math.max(...rows.map((cells) => (cells[i] ?? '').length)));
  const room = width - gap * (heads.length - 1);
  while (widths.reduce((sum, one) => sum + one, 0) > room) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= least) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function row(cells: readonly string[], widths: readonly number[]): string[] {
  const columns = cells.map((text, i) => wrap(text, widths[i] ?? least));
  const height = Math.max(...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map((lines, i) => (lines[line] ?? '').padEnd((widths[i] ?? 0) + gap))
      .join('')
      .trimEnd(),
  );
}
