// docs/task-migration-locks.md: what moves cost, rung by rung. Every figure is counted when the page is made.
import { taskMigration } from '../../kernel/index.js';
import { type Cost, costOf, type Move } from './measure.js';

const sizes = [10, 20, 30] as const;

export function measuresPage(): string {
  return [
    '# What a move costs',
    '',
    'Made by `npm run measures`; a test compares. Counted in one execution in which nobody else runs: n tasks in one css_set,',
    'in one hierarchy. They are steps of the model, which leaves out most of what a function does, and say nothing about time.',
    'A rung that changes nothing in a table has no row there.',
    '',
    '## Steps under css_set_rwsem (css_set_lock in v3.14 and from v6.12 on)',
    '',
    'In all sections for writing, in all for reading, and in the longest one: what somebody who forks or exits has to wait through.',
    '',
    '### A process of n threads is moved',
    '',
    ...lockTable('process'),
    '',
    '### A cgroup of n processes is emptied',
    '',
    ...lockTable('transfer'),
    '',
    '## Allocations',
    '',
    'To keep track of targets, and in brackets all others: a css_set and its link, and at v3.14 the heap of a scan.',
    '',
    ...allocationTable(),
    '',
  ].join('\n');
}

function lockTable(move: Move): string[] {
  const rows = taskMigration.ladder.map((rung) => {
    const costs = sizes.map((size) => costOf(rung, move, size));
    const cells = (['write', 'read', 'longest'] as const).map((which) => formula(costs, which));
    return { rung, cells: cells.join(' | ') };
  });
  return [
    '| rung | for writing | for reading | the longest section |',
    '|---|---|---|---|',
    ...rows
      .filter(({ cells }, i) => cells !== rows[i - 1]?.cells)
      .map(({ rung, cells }) => `| ${rung} | ${cells} |`),
  ];
}

/** Three sizes lie on one line, or there is none: then the figures themselves. */
function formula(costs: readonly Cost[], which: 'write' | 'read' | 'longest'): string {
  const [small = 0, middle = 0, large = 0] = costs.map((cost) => cost[which]);
  const slope = (middle - small) / 10;
  if (large - middle !== middle - small) return `${small}, ${middle}, ${large} for ${sizes.join()}`;
  const base = small - 10 * slope;
  if (slope === 0) return String(base);
  if (base === 0) return `${slope}n`;
  return base > 0 ? `${slope}n + ${base}` : `${slope}n - ${-base}`;
}

function allocationTable(): string[] {
  const columns: readonly (readonly [Move, number])[] = [
    ['process', 10],
    ['process', 200],
    ['transfer', 10],
  ];
  const rows = ['v3.14', 'base', '0002', '0007', 'v6.12'].map((rung) => {
    const cells = columns.map(([move, size]) => {
      const { forTargets, forSets } = costOf(rung, move, size);
      return `${forTargets} (${forSets})`;
    });
    return `| ${rung} | ${cells.join(' | ')} |`;
  });
  return [
    '| rung | a process of 10 | a process of 200 | emptying a cgroup of 10 |',
    '|---|---|---|---|',
    ...rows,
  ];
}
