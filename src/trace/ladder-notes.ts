// What a ladder says in sentences: which rungs change something, which depend on which, and which elisions decide.
import type { LadderDependency, LadderOutcome, LadderTable } from './ladder.js';
import { wrap } from './wrap.js';

/** A title, and its lines; each goes on with deeper indentation. */
export interface Note {
  readonly title: string;
  readonly lines: readonly string[];
}

export function paragraph({ title, lines }: Note, width: number): string[] {
  return [title, ...lines.flatMap((line) => wrap(line, width - 2, 2)).map((line) => `  ${line}`)];
}

export function ladderNotes(table: LadderTable): readonly Note[] {
  const notes = [
    changeNote(table),
    ...(table.looksAt.dependencies ? [needNote(table), carriedNote(table)] : []),
    ...(table.looksAt.elisions ? [elisionNote(table)] : []),
    replayNote(table),
    boundsNote(table),
  ];
  return notes.filter(({ lines }) => lines.length > 0);
}

type Shorts = (property: string) => string;

function shortsOf({ properties }: LadderTable): Shorts {
  const shorts = new Map(properties.map(({ name, short }) => [name, short]));
  return (property) => shorts.get(property) ?? property;
}

/** What each rung does to what the one below has shown; those that do nothing are named, too. */
function changeNote(table: LadderTable): Note {
  const short = shortsOf(table);
  const lines = table.rungs.slice(1).flatMap((rung) => {
    const own = table.changes.filter((change) => change.rung === rung.name);
    const groups = [
      ['breaks what was proved', own.filter((one) => one.from === 'proved' && one.to === 'broken')],
      [
        'breaks what was not found',
        own.filter((one) => one.from === 'not found' && one.to === 'broken'),
      ],
      ['closes', own.filter((one) => one.from === 'broken' && one.to === 'proved')],
      [
        'is not seen to break',
        own.filter((one) => one.from === 'broken' && one.to === 'not found'),
      ],
      [
        'is not proved any more',
        own.filter((one) => one.from === 'proved' && one.to === 'not found'),
      ],
      ['is proved now', own.filter((one) => one.from === 'not found' && one.to === 'proved')],
    ] as const;
    return groups
      .filter(([, some]) => some.length > 0)
      .map(([verb, some]) => `${rung.name} ${verb}: ${byScenario(some, short)}`);
  });
  const idle = table.rungs
    .slice(1)
    .filter(({ name }) => table.changes.every((change) => change.rung !== name));
  const unseen = idle.filter(({ untouched }) => untouched.length === table.scenarios.length);
  const quiet =
    idle.length === 0 ? [] : [`${idle.map(({ name }) => name).join(', ')}: no cell changes`];
  const reach =
    unseen.length === 0
      ? []
      : [
          `${unseen.map(({ name }) => name).join(', ')}: nothing that it changes is reached by any scenario`,
        ];
  return { title: 'what each rung changes', lines: [...lines, ...quiet, ...reach] };
}

interface Of {
  readonly scenario: string;
  readonly property: string;
}

/** `I-10, I-11 (fork-vs-transfer); I-10 (fork-vs-attach)` */
function byScenario(some: readonly Of[], short: Shorts): string {
  const grouped = new Map<string, string[]>();
  for (const { scenario, property } of some) {
    grouped.set(scenario, [...(grouped.get(scenario) ?? []), short(property)]);
  }
  return [...grouped].map(([scenario, shorts]) => `${shorts.join(', ')} (${scenario})`).join('; ');
}

/** Patches that do harm, or do nothing, without an earlier one. */
function needNote(table: LadderTable): Note {
  const short = shortsOf(table);
  const pairs = groupBy(
    table.dependencies.filter(({ kind }) => kind !== 'carried'),
    ({ rung, without, kind }) => `${rung}\n${without}\n${kind}`,
  );
  const lines = pairs.map((some) => {
    const [{ rung, without, kind }] = some;
    const what = byScenario(some, short);
    const [one] = [...some].sort((a, b) => a.preemptions - b.preemptions || a.steps - b.steps);
    const least = `from ${String(one?.preemptions)} preemption${one?.preemptions === 1 ? '' : 's'} and ${String(one?.steps)} steps`;
    return kind === 'needs'
      ? `${rung} needs ${without}: ${rung} without ${without} breaks ${what}, ${least}`
      : `${rung} closes only together with ${without}: ${what}`;
  });
  const fixed = table.fixed.map(
    ({ patch, why }) => `${patch} cannot be left out: ${firstClause(why)}`,
  );
  return {
    title: 'which rungs depend on one another (each patch left out below every later rung)',
    lines: [...(lines.length === 0 ? ['none'] : lines), ...fixed],
  };
}

function firstClause(text: string): string {
  return text.split(/[,:;]/)[0] ?? text;
}

/** On the highest rung: what breaks where a single patch is missing. */
function carriedNote(table: LadderTable): Note {
  const short = shortsOf(table);
  const top = table.rungs.at(-1)?.name;
  const pairs = groupBy(
    table.dependencies.filter(({ rung }) => rung === top),
    ({ without }) => without,
  );
  const lines = pairs.map((some) => `without ${some[0].without}: ${byScenario(some, short)}`);
  return { title: `what breaks on ${top ?? ''} where one patch is left out`, lines };
}

function groupBy(
  some: readonly LadderDependency[],
  keyOf: (one: LadderDependency) => string,
): [LadderDependency, ...LadderDependency[]][] {
  const groups = new Map<string, [LadderDependency, ...LadderDependency[]]>();
  for (const one of some) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/** One line for all rungs on which the same flip turns the same cells. */
function elisionNote(table: LadderTable): Note {
  const short = shortsOf(table);
  const effects = new Map<string, { readonly cells: Of[]; readonly rung: string }>();
  for (const { rung, ids, elidedNow, to, scenario, property } of table.decisions) {
    const which = `${ids.length > 1 ? 'all of ' : ''}${ids.join(', ')} ${elidedNow ? 'left out' : 'modelled'}`;
    const key = `${which}\n${to === 'broken' ? 'breaks' : closing(to)}\n${rung}`;
    const effect = effects.get(key) ?? { cells: [], rung };
    effect.cells.push({ scenario, property });
    effects.set(key, effect);
  }
  const rungs = new Map<string, string[]>();
  for (const [key, { cells, rung }] of effects) {
    const [which = '', does = ''] = key.split('\n');
    const text = `${which} ${does} ${byScenario(cells, short)}`;
    rungs.set(text, [...(rungs.get(text) ?? []), rung]);
  }
  const lines = [...rungs].map(([text, on]) => `${ranges(on, table)}: with ${text}`);
  return {
    title: 'elisions that decide a cell',
    lines: lines.length === 0 ? ['none'] : lines,
  };
}

function closing(to: LadderOutcome['kind']): string {
  return to === 'proved' ? 'closes' : 'hides';
}

/** `0001..0004, 0006` */
function ranges(names: readonly string[], { rungs }: LadderTable): string {
  const all = rungs.map(({ name }) => name);
  const parts: [string, string][] = [];
  for (const name of all.filter((one) => names.includes(one))) {
    const last = parts.at(-1);
    if (last !== undefined && all.indexOf(last[1]) === all.indexOf(name) - 1) last[1] = name;
    else parts.push([name, name]);
  }
  return parts.map(([from, to]) => (from === to ? from : `${from}..${to}`)).join(', ');
}

/** The smallest failure of each property, where it is still to be had: on the highest rung that breaks it. */
function replayNote(table: LadderTable): Note {
  const short = shortsOf(table);
  const lines = table.properties.flatMap(({ name }) => {
    const broken = [...table.rungs, ...table.subsets].flatMap((rung) =>
      rung.entries.flatMap((entry) =>
        entry.property === name &&
        entry.outcome.kind === 'broken' &&
        entry.outcome.replay !== undefined
          ? [{ rung: rung.name, scenario: entry.scenario, ...entry.outcome }]
          : [],
      ),
    );
    const last = broken.at(-1)?.rung;
    const [one] = broken
      .filter(({ rung }) => rung === last)
      .sort((a, b) => a.preemptions - b.preemptions || a.steps - b.steps);
    if (one === undefined) return [];
    return [
      `${short(name)} on ${one.rung}, ${one.scenario}: npx racewalk replay ${one.replay ?? ''}`,
    ];
  });
  return {
    title: 'to see it again, on the highest rung that breaks it (--json names all files)',
    lines,
  };
}

function boundsNote({ bounds, searches }: LadderTable): Note {
  const { preemptions, states, runs } = bounds;
  const n = (value: number): string => value.toLocaleString('en');
  return {
    title: 'bounds',
    lines: [
      `up to ${n(states)} states for each search, told apart by 64-bit fingerprints; at most ${String(preemptions)} preemptions where that is not enough for all, then ${n(runs)} sampled schedules`,
      `${n(searches.run)} searches were run; ${n(searches.known)} more were not, since they would call only functions that are the same on another set of patches`,
    ],
  };
}
