// docs/rules.md, made from the table of rules: every program is run through all of its schedules, and what is written
// is what came out. A test compares the file with this.
import { programOf, type Scenario } from '../../../scenarios/index.js';
import { type RuleExample, ruleThemes } from '../../../scenarios/rules/index.js';
import { prove, type Proof, replay } from '../../../scheduler/index.js';
import { describe } from '../../machine/index.js';
import { renderColumns } from '../../trace/columns.js';

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
    rules.map(({ id, rule, verdict }) => `| ${id} | ${rule} | ${verdict} |`),
  );
  return ['| rule | says | verdict |', '|---|---|---|', ...rows].join('\n');
}

function section({ id, rule, source, broken, neighbour, difference }: RuleExample): string {
  const proof = prove(programOf(broken), { all: true });
  const other = prove(programOf(neighbour), { all: true });
  return [
    `### ${id}: ${rule}`,
    `Source: ${source}. ${broken.about}`,
    ['```', picture(broken, proof), '```'].join('\n'),
    `\`${broken.name}\`: ${outcome(proof)}.`,
    `\`${neighbour.name}\`: ${difference} ${capitalised(outcome(other))}.`,
  ].join('\n\n');
}

/** The failure with the fewest preemptions, as it is shown everywhere. */
function picture(broken: Scenario, proof: Proof): string {
  if (proof.finding === undefined) return 'nothing fails';
  const program = programOf(broken);
  const minimal = prove(program, { signature: proof.finding.signature }).finding ?? proof.finding;
  const { trace } = replay(program, minimal.schedule);
  return renderColumns(trace, { full: trace.steps <= shortRun });
}

/** Runs of so few steps are shown whole. */
const shortRun = 16;

function outcome({ finding, runs, failures, exhausted }: Proof): string {
  const schedules = `${String(runs)} schedule${runs === 1 ? '' : 's'}`;
  const run = exhausted ? schedules : `${schedules}, not all`;
  if (finding === undefined) return `${run}, none fails`;
  const what = failures === runs ? 'all fail' : `${String(failures)} of them fail`;
  return `${run}, ${what}: ${describe(finding.verdict)}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
