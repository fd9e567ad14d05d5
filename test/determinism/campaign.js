// One campaign as text: everything that racewalk says of it. Plain JavaScript, because it is run twice: on the source
// in the test's process, and on the built package in another one.

/**
 * @typedef {object} Racewalk
 * @property {typeof import('../../scheduler/index.js')} scheduler
 * @property {typeof import('../../scenarios/index.js')} scenarios
 * @property {typeof import('../../src/trace/replay-file.js')} replayFile
 */

const seed = '20140213';
/** Schedules of a campaign on the scenarios that are looked at from all sides, and on all others. */
const [runs, runsOfOthers] = [200, 40];
const closely = [
  'lost-update',
  'fork-vs-transfer',
  'fork-vs-attach',
  'enable-vs-exit',
  'enable-vs-lone-exit',
];
const stepsMax = 5_000;

/**
 * Every strategy for itself, and the default portfolio; of most scenarios that one alone.
 * @param {Racewalk} racewalk
 * @param {import('../../scenarios/index.js').Scenario} scenario
 */
function portfolios({ scheduler }, { name }) {
  if (!closely.includes(name)) return [[...scheduler.defaultPortfolio]];
  const alone = ['random', 'pct:1', 'pct:2', 'pct:3', 'go-on'].map((name) => [name]);
  return [...alone, [...scheduler.defaultPortfolio]];
}

/** A rung where the race is, and the last one. @param {import('../../scenarios/index.js').Scenario} scenario */
function compositions({ name, series }) {
  if (series === undefined) return [undefined];
  const elide = series.elisions
    .filter(({ decides }) => decides?.byDefault === 'modelled')
    .map(({ id }) => id);
  return closely.includes(name)
    ? [{ upTo: series.ladder[0], elide }, {}]
    : [{ upTo: series.ladder[0] }];
}

/**
 * What there is to compare: a label for people, and what makes the text.
 * @param {Racewalk} racewalk
 * @returns {{ label: string, run: () => string }[]}
 */
export function campaigns(racewalk) {
  const { lostUpdate, migrationScenarios } = racewalk.scenarios;
  // What those of the gallery come to is compared, to the letter, with docs/gallery.md.
  return [lostUpdate, ...migrationScenarios].flatMap((scenario) =>
    compositions(scenario).flatMap((composition) =>
      portfolios(racewalk, scenario).map((strategies) => ({
        label: [scenario.name, composition?.upTo ?? 'whole', ...strategies].join(' '),
        run: () => campaign(racewalk, scenario, composition, strategies),
      })),
    ),
  );
}

/**
 * @param {Racewalk} racewalk
 * @param {import('../../scenarios/index.js').Scenario} scenario
 * @param {import('../../src/kernel/series.js').Composition<object> | undefined} composition
 * @param {readonly string[]} strategies
 */
function campaign({ scheduler, scenarios, replayFile }, scenario, composition, strategies) {
  const program = scenarios.programOf(scenario, composition);
  const exploration = scheduler.explore(program, {
    seed,
    runs: closely.includes(scenario.name) ? runs : runsOfOthers,
    stepsMax,
    strategies,
  });
  if (exploration.finding === undefined) return JSON.stringify({ exploration });
  const { finding, ...reduced } = scheduler.reduce(program, exploration.finding, {
    stepsMax,
  });
  const { trace, choices, digests, mismatch } = scheduler.replay(program, finding.schedule);
  const { verdict, signature, steps } = finding;
  const file = replayFile.formatReplayFile({
    scenario: { name: scenario.name },
    options: { cpus: scenario.cpus, faults: scenario.faults, stepsMax, all: false },
    seed,
    strategy: exploration.strategy,
    verdict: { kind: verdict.kind, signature, message: JSON.stringify(verdict) },
    steps,
    choices,
    digests,
  });
  return JSON.stringify({
    exploration,
    finding,
    reduced,
    trace,
    mismatch: mismatch?.message,
    file,
  });
}
