// The plain enumerator judges every row of the table of rules.
import { describe as suite, expect, it } from 'vitest';
import { programOf } from '../../scenarios/index.js';
import { type RuleExample, ruleThemes } from '../../scenarios/rules/index.js';
import { defaultPortfolio, enumerate, explore, prove } from '../../scheduler/index.js';
import { fromSchedules, fromStates } from '../support/agreement.js';
import { unfitForStates } from '../../scheduler/stateful/unfit.js';
import { cycleText } from '../../src/trace/lock-report.js';
import { describe } from '../../src/machine/index.js';

function enumerated(example: RuleExample, which: 'broken' | 'neighbour') {
  const verdicts = new Set<string>();
  let sentences = '';
  const { exhausted, runs, failures } = enumerate(programOf(example[which]), {
    stepsMax: example.stepsMax,
    onRun: ({ machine }) => {
      verdicts.add(machine.verdict.kind);
      sentences += `${describe(machine.verdict)}\n`;
    },
  });
  return { verdicts: [...verdicts].sort(), sentences, exhausted, runs, failures };
}

/** What a short campaign of the default portfolio comes to. */
function sampled(scenario: RuleExample['broken'], stepsMax: number | undefined) {
  const { outcome, finding } = explore(programOf(scenario), {
    seed: 'rules',
    runs: 1_000,
    stepsMax,
    strategies: defaultPortfolio,
  });
  return { outcome, kind: finding?.verdict.kind };
}

const notFound = { outcome: 'not found', kind: undefined };

/** What lockdep says of a program, the first report only. */
function reported(scenario: RuleExample['broken']) {
  const [report] = prove(programOf(scenario)).lockdep;
  return report && { ...report, cycle: cycleText(report) };
}

for (const { title, rules } of ruleThemes.filter(({ rules: rows }) => rows.length > 0)) {
  suite(`rules: ${title}`, () => {
    it.each(rules.map((row) => [`${row.id}: ${row.rule}`, row] as const))('%s', (_, row) => {
      const broken = enumerated(row, 'broken');
      expect(broken.exhausted).toBe(true);
      expect(broken.verdicts).toEqual(
        row.fails === 'always' ? [row.verdict] : [row.verdict, 'ok'].sort(),
      );
      expect(broken.sentences).toContain(row.says);
      if (row.report !== undefined) {
        const { because = '', ...report } = row.report;
        expect(reported(row.broken)).toMatchObject(report);
        expect(reported(row.broken)?.because).toContain(because);
        expect(reported(row.neighbour)).toBeUndefined();
      }
      const neighbour = enumerated(row, 'neighbour');
      expect({ exhausted: neighbour.exhausted, verdicts: neighbour.verdicts }).toEqual({
        exhausted: true,
        verdicts: ['ok'],
      });
      for (const program of [programOf(row.broken), programOf(row.neighbour)]) {
        if (unfitForStates(program.build('search'), false) !== undefined) continue;
        const { stepsMax } = row;
        expect(fromStates(program, { stepsMax })).toEqual(fromSchedules(program, { stepsMax }));
      }
      expect(sampled(row.broken, row.stepsMax)).toEqual(
        row.verdict === 'ok' ? notFound : { outcome: 'broken', kind: row.verdict },
      );
      expect(sampled(row.neighbour, row.stepsMax)).toEqual(notFound);
    });
  });
}
