// The ladder of a series for a screen: a line for each rung, a column for each property. As much of a cell is written
// out as there is room for; where there is none, columns that are proved on every rung become a sentence.
import {
  cellOf,
  type LadderCell,
  type LadderProperty,
  type LadderRung,
  type LadderTable,
} from './ladder.js';
import { ladderNotes, paragraph } from './ladder-notes.js';
import { wrap } from './wrap.js';

/** Without a line feed at the end. */
export function renderLadder(table: LadderTable, width: number): string {
  const { series, about, scenarios, rungs, subsets } = table;
  const names = scenarios.map(({ name }) => name).join(', ');
  return [
    ...wrap(`${series}: ${about}`, width, 2),
    ...wrap(`asked of every rung: ${names}`, width, 2),
    ...(table.interrupted ? ['', ...wrap(interruptedNote, width, 2)] : []),
    ...(rungs.length + subsets.length === 0 ? [] : ['', ...gridOf(table, width)]),
    ...ladderNotes(table).flatMap((note) => ['', ...paragraph(note, width)]),
  ].join('\n');
}

const interruptedNote =
  'interrupted: this is what was found until then; rungs that are missing were not judged with every scenario';

type Style = 'words' | 'letters';

/** The table itself, in as many blocks as its columns need. */
function gridOf(table: LadderTable, width: number): string[] {
  const rows = [...table.rungs, ...table.subsets];
  const { properties } = table;
  const telling = properties.filter(({ name }) => !isAlwaysProved(rows, name));
  const rest = properties.filter(({ name }) => isAlwaysProved(rows, name));
  for (const style of ['words', 'letters'] as const) {
    for (const columns of [properties, telling]) {
      const lines = grid(rows, columns, style);
      if (columns.length === 0 || Math.max(...lines.map((line) => line.length)) > width) continue;
      return [
        ...lines,
        ...(columns === properties ? [] : restNote(rest, width)),
        '',
        ...legend(table, style, width),
      ];
    }
  }
  const columns = telling.length === 0 ? properties : telling;
  return [
    ...blocks(rows, columns, width).flatMap((lines, i) => (i === 0 ? lines : ['', ...lines])),
    ...(telling.length === 0 ? [] : restNote(rest, width)),
    '',
    ...legend(table, 'letters', width),
  ];
}

function isAlwaysProved(rows: readonly LadderRung[], property: string): boolean {
  return rows.every((row) => {
    const cell = cellOf(row, property);
    return cell.kind === 'proved' && cell.until === undefined;
  });
}

function restNote(rest: readonly LadderProperty[], width: number): string[] {
  if (rest.length === 0) return [];
  const names = rest.map(({ short }) => short).join(', ');
  return ['', ...wrap(`PROVED on every rung: ${names}`, width, 2)];
}

/** As many columns beside each other as fit. */
function blocks(
  rows: readonly LadderRung[],
  columns: readonly LadderProperty[],
  width: number,
): string[][] {
  const found: string[][] = [];
  let left = columns;
  while (left.length > 0) {
    let take = left.length;
    const fits = (): boolean =>
      grid(rows, left.slice(0, take), 'letters').every((line) => line.length <= width);
    while (take > 1 && !fits()) take--;
    found.push(grid(rows, left.slice(0, take), 'letters'));
    left = left.slice(take);
  }
  return found;
}

function grid(
  rows: readonly LadderRung[],
  columns: readonly LadderProperty[],
  style: Style,
): string[] {
  const head = ['rung', ...columns.map(({ short }) => short), 'states'];
  const body = rows.map((row) => [
    row.name,
    ...columns.map(({ name }) => shortCell(cellOf(row, name), style)),
    statesOf(row),
  ]);
  const widths = head.map((_, i) =>
    Math.max(...[head, ...body].map((cells) => (cells[i] ?? '').length)),
  );
  const rule = widths.map((one) => '-'.repeat(one));
  return [head, rule, ...body].map((cells) =>
    cells
      .map((text, i) =>
        i === cells.length - 1 ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** What the last search of each scenario has looked at, all together. */
function statesOf({ entries }: LadderRung): string {
  const perScenario = new Map<string, number>();
  for (const { scenario, outcome } of entries) {
    if (outcome.kind === 'broken') continue;
    perScenario.set(scenario, outcome.states ?? outcome.traces ?? outcome.schedules ?? 0);
  }
  return [...perScenario.values()].reduce((a, b) => a + b, 0).toLocaleString('en');
}

/** `BROKEN 1/74`, `PROVED`, `PROVED<=2`, `NOT FOUND<=1`, or the first letters. */
export function shortCell(cell: LadderCell, style: Style): string {
  const word = (long: string): string => (style === 'words' ? long : (long[0] ?? ''));
  switch (cell.kind) {
    case 'not asked':
      return style === 'words' ? 'not asked' : '.';
    case 'broken': {
      const fewer = cell.minimal ? '' : '<=';
      return `${word('BROKEN')} ${fewer}${String(cell.preemptions)}/${String(cell.steps)}`;
    }
    case 'proved': {
      const bound = cell.preemptions === undefined ? '' : `<=${String(cell.preemptions)}`;
      return `${word('PROVED')}${bound}${cell.until === undefined ? '' : '*'}`;
    }
    case 'not found': {
      const bound = cell.preemptions === undefined ? '' : `<=${String(cell.preemptions)}`;
      return `${word('NOT FOUND')}${bound}${cell.until === undefined ? '' : '*'}`;
    }
  }
}

/** What the cells mean, as far as they occur, and the properties in full. */
function legend(
  { rungs, subsets, properties }: LadderTable,
  style: Style,
  width: number,
): string[] {
  const cells = [...rungs, ...subsets].flatMap((row) =>
    properties.map(({ name }) => cellOf(row, name)),
  );
  const has = (test: (cell: LadderCell) => boolean): boolean => cells.some(test);
  const word = (long: string): string => (style === 'words' ? long : `${long[0] ?? ''}, ${long}`);
  const lines = [
    ...(has((cell) => cell.kind === 'broken')
      ? [
          `${word('BROKEN')} p/s: a schedule with p preemptions and s steps breaks it, and none with fewer preemptions does`,
        ]
      : []),
    ...(has((cell) => cell.kind === 'broken' && !cell.minimal)
      ? ['<=p/s: not all schedules with fewer preemptions were looked at']
      : []),
    ...(has((cell) => cell.kind === 'proved')
      ? [
          `${word('PROVED')}: every schedule of every scenario was looked at; <=2: those with at most 2 preemptions were`,
        ]
      : []),
    ...(has((cell) => cell.kind === 'not found')
      ? [
          `${word('NOT FOUND')}: nothing broke, and not all was looked at; <=1: all with at most 1 preemption was; others were sampled`,
        ]
      : []),
    ...(has((cell) => cell.kind !== 'broken' && 'until' in cell && cell.until !== undefined)
      ? [
          '*: runs end where a check of the kernel fails, and nothing is said about what would follow',
        ]
      : []),
    ...(has((cell) => cell.kind === 'not asked')
      ? [`${style === 'words' ? 'not asked' : '.'}: no scenario has it`]
      : []),
    'states: what was looked at for the cells that are not broken, over all scenarios',
    '',
    ...properties.map(({ short, name }) => (name.startsWith(short) ? name : `${short}: ${name}`)),
  ];
  return lines.flatMap((line) => wrap(line, width, 2));
}
