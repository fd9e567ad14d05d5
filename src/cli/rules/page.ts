// docs/rules.md, made from the table of rules: every program is run through all of its schedules, and what is written
// is what came out. A test compares the file with this.
import { programOf, type Scenario } from '../../../scenarios/index.js';
import { type RuleExample, ruleThemes } from '../../../scenarios/rules/index.js';
import { enumerate, type Finding, type Program, prove, replay } from '../../../scheduler/index.js';
import { describe } from '../../machine/index.js';
import type { Trace } from '../../trace/trace.js';
import { renderColumns } from '../../trace/columns.js';
import { renderLockReport } from '../../trace/lock-report-text.js';

const introduction = `# Rules

<!-- Made by npm run rules from scenarios/rules. Do not edit: a test compares this page with the table. -->

What the machine finds without being asked, rule by rule: the smallest program that breaks the rule, and its neighbour,
in which one thing is different and nothing is wrong. All schedules of both were run; the picture is a failing schedule
with the fewest preemptions. \`npx racewalk explore NAME\` runs either of them, and \`scenarios/rules\` has their text.
Numbers K-nn are racewalk's own; R-nn is a historic race whose locks alone are modelled here.`;

/** The whole page, with a line feed at its end. */
export function rulesPage(): string {
  const themes = ruleThemes.flatMap(({ title, rules }) => [
    `## ${title}`,
    ...rules.map((example) => section(example)),
  ]);
  return [introduction, contents(), ...themes].join('\n\n') + '\n';
}

function contents(): string {
  const rows = ruleThemes.flatMap(({ rules }) =>
    rules.map(({ id, rule, verdict, report }) => {
      const says = verdict === 'ok' && report !== undefined ? `report, ${report.status}` : verdict;
      return `| ${id} | ${rule} | ${says} |`;
    }),
  );
  return ['| rule | says | verdict |', '|---|---|---|', ...rows].join('\n');
}

function section(example: RuleExample): string {
  const { id, rule, source, broken, neighbour, difference, stepsMax } = example;
  const program = programOf(broken);
  const { finding, lockdep } = prove(program, { stepsMax, engine: 'enumerate' });
  const pictures = [
    ...(finding === undefined ? [] : [pictureOf(program, finding, stepsMax)]),
    ...lockdep.map((report) => renderLockReport(report)),
  ];
  return [
    `### ${id}: ${rule}`,
    `Source: ${source}. ${broken.about}`,
    ...pictures.map((picture) => ['```', picture, '```'].join('\n')),
    `\`${broken.name}\`: ${outcome(broken, stepsMax)}.`,
    `\`${neighbour.name}\`: ${difference} ${capitalised(outcome(neighbour, stepsMax))}.`,
  ].join('\n\n');
}

/** The failure with the fewest preemptions, as it is shown everywhere. */
function pictureOf(program: Program, { schedule }: Finding, stepsMax: number | undefined): string {
  const { trace } = replay(program, schedule, { stepsMax });
  if (trace.steps > longRun)
    return `... (${String(trace.steps)} steps, then)\n\n${lastWords(trace)}`;
  return renderColumns(trace, { full: trace.steps <= shortRun });
}

/** Runs of so few steps are shown whole. */
const shortRun = 16;

/** Runs of more steps go round and round: their verdict says how. */
const longRun = 200;

function lastWords({ verdict }: Trace): string {
  return ` *** ${verdict.kind.toUpperCase()} ***\n\n  ${describe(verdict)}`;
}

/** What the plain enumerator says of all schedules. */
function outcome(scenario: Scenario, stepsMax: number | undefined): string {
  const { finding, runs, failures, exhausted } = enumerate(programOf(scenario), { stepsMax });
  const schedules = `${String(runs)} schedule${runs === 1 ? '' : 's'}`;
  const run = exhausted ? schedules : `${schedules}, not all`;
  if (finding === undefined) return `${run}, none fails`;
  const what =
    failures === runs
      ? 'all fail'
      : `${String(failures)} of them ${failures === 1 ? 'fails' : 'fail'}`;
  return `${run}, ${what}: ${describe(finding.verdict)}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
