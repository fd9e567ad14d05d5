// The ladder of a series as Markdown, for a page or a review: every cell in words.
import { cellOf, type LadderCell, type LadderRung, type LadderTable } from './ladder.js';
import { ladderNotes } from './ladder-notes.js';

/**
 * Without a line feed at the end.
 * @param notes false for the table alone
 */
export function ladderMarkdown(table: LadderTable, notes = true): string {
  const { properties, rungs, subsets, scenarios } = table;
  const rows = [...rungs, ...subsets];
  const grid = [
    `| rung | ${properties.map(({ short }) => short).join(' | ')} |`,
    `|---|${properties.map(() => '---').join('|')}|`,
    ...rows.map((row) => `| ${rungText(row)} | ${cellsOf(row, table).join(' | ')} |`),
  ];
  const questions = properties.map(({ short, name }) =>
    name.startsWith(short) ? `- ${name}` : `- ${short}: ${name}`,
  );
  const asked = scenarios.map(({ name, about }) => `- \`${name}\`: ${about}`);
  const said = notes
    ? ladderNotes(table).map(({ title, lines }) =>
        [`**${capitalised(title)}**`, lines.map((line) => `- ${line}`).join('\n')].join('\n\n'),
      )
    : [];
  return [
    ...(table.interrupted ? ['Interrupted: this is what was found until then.'] : []),
    grid.join('\n'),
    'The properties:',
    questions.join('\n'),
    'The scenarios that were asked of every rung:',
    asked.join('\n'),
    ...said,
  ].join('\n\n');
}

function rungText({ name, subject }: LadderRung): string {
  return subject === '' ? name : `${name}: ${subject.replaceAll('|', '\\|')}`;
}

function cellsOf(row: LadderRung, { properties }: LadderTable): string[] {
  return properties.map(({ name }) => longCell(cellOf(row, name)));
}

/** `BROKEN by fork-vs-transfer: 1 preemption, 74 steps` */
export function longCell(cell: LadderCell): string {
  switch (cell.kind) {
    case 'not asked':
      return 'not asked';
    case 'broken': {
      const least = cell.minimal ? '' : 'at most ';
      const { preemptions, steps, scenario } = cell;
      return `BROKEN by ${scenario}: ${least}${plural(preemptions, 'preemption')}, ${plural(steps, 'step')}`;
    }
    case 'proved': {
      const bound =
        cell.preemptions === undefined
          ? 'all schedules'
          : `at most ${plural(cell.preemptions, 'preemption')}`;
      return `PROVED: ${bound}, ${lookedText(cell)}`;
    }
    case 'not found': {
      const bound =
        cell.preemptions === undefined
          ? 'no bound cleared'
          : `clear up to ${plural(cell.preemptions, 'preemption')}`;
      const cut = cell.limited === 0 ? '' : `, ${String(cell.limited)} cut off`;
      return `NOT FOUND: ${bound}, ${lookedText(cell)}, ${plural(cell.sampled, 'sample')}${cut}`;
    }
  }
}

function lookedText({
  states,
  traces,
  schedules,
  until,
}: Extract<LadderCell, { kind: 'proved' | 'not found' }>): string {
  const parts = [
    ...(states === undefined ? [] : [plural(states, 'state')]),
    ...(traces === undefined ? [] : [plural(traces, 'trace')]),
    ...(schedules === undefined ? [] : [plural(schedules, 'schedule')]),
  ];
  const end = until === undefined ? '' : `, up to where this fails: ${until.join('; ')}`;
  return parts.join(' and ') + end;
}

function plural(n: number, one: string): string {
  return `${n.toLocaleString('en')} ${one}${n === 1 ? '' : 's'}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
