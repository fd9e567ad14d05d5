// The histogram of outcomes, on a screen and in a document: in the manner of the litmus tools, the failing ones marked.
import { wrap } from '../trace/wrap.js';
import type { OutcomeValue } from '../machine/index.js';
import type { OutcomeRow, OutcomeTable } from '../../scheduler/index.js';
import { count } from './names.js';

export interface OutcomeOptions {
  /** Every outcome, however many there are. */
  readonly full: boolean;
  /** Characters of a line. */
  readonly width: number;
}

/** Outcomes shown without --full. */
const rowsShown = 40;

/** A head line, and a row for each outcome: how often it came, its share, a mark if it fails, and what it is. */
export function outcomeLines({ rows, others }: OutcomeTable, options: OutcomeOptions): string[] {
  const total = rows.reduce((sum, row) => sum + row.count, others);
  const failing = rows.filter(({ failed }) => failed).length;
  const marked = failing === 0 ? '' : `, those that fail with a *`;
  const shown = options.full ? rows : chosen(rows);
  const hidden = rows.length - shown.length;
  const column = Math.max(...rows.map((row) => row.count.toLocaleString('en').length), 1);
  return [
    `  ${count(rows.length, 'outcome')} in ${count(total, 'schedule')}${marked}`,
    ...shown.flatMap((row) => rowLines(row, total, column, options.width)),
    ...(hidden === 0 ? [] : [`  and ${count(hidden, 'outcome')} more; --full shows them`]),
    ...(others === 0 ? [] : [`  ${count(others, 'schedule')} came to still others`]),
  ];
}

/** The failing ones first of all: they are last in the table. */
function chosen(rows: readonly OutcomeRow[]): readonly OutcomeRow[] {
  if (rows.length <= rowsShown) return rows;
  const failing = rows.filter(({ failed }) => failed).slice(0, rowsShown);
  const clear = rows.filter(({ failed }) => !failed).slice(0, rowsShown - failing.length);
  return [...clear, ...failing];
}

function rowLines(row: OutcomeRow, total: number, column: number, width: number): string[] {
  const share = `${((100 * row.count) / total).toFixed(1)} %`.padStart(8);
  const mark = row.failed ? '*' : ' ';
  const head = `  ${row.count.toLocaleString('en').padStart(column)} ${share} ${mark} `;
  const values = row.values.map(valueText).join(' ');
  const what = [values, row.verdict].filter((part) => part !== undefined && part !== '');
  const by = row.by.map(({ strategy, count: n }) => `${strategy} ${n.toLocaleString('en')}`);
  const from = by.length > 1 ? [`(${by.join(', ')})`] : [];
  const text = [what.length === 0 ? 'nothing to tell' : what.join(': '), ...from].join(' ');
  const indent = ' '.repeat(head.length);
  return wrap(text, width - head.length, 2).map((line, i) => (i === 0 ? head : indent) + line);
}

function valueText({ name, text }: OutcomeValue): string {
  return `${name}=${text}`;
}

/** One outcome of the document. */
export function outcomeDocument(row: OutcomeRow): Readonly<Record<string, unknown>> {
  return {
    values: Object.fromEntries(row.values.map(({ name, text }) => [name, text])),
    ...(row.verdict === undefined ? {} : { verdict: row.verdict }),
    failed: row.failed,
    count: row.count,
    ...(row.by.length === 0
      ? {}
      : { by: Object.fromEntries(row.by.map(({ strategy, count: n }) => [strategy, n])) }),
  };
}
