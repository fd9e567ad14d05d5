// docs/gallery.md: every historic race with its smallest interleaving, and how far the form without it is proved. What is
// written is what the searches came to.
import { type GalleryEntry, gallery, type RaceEntry } from '../../../scenarios/index.js';
import type { Proof } from '../../../scheduler/index.js';
import type { Composition } from '../../kernel/series.js';
import { describe } from '../../machine/index.js';
import { renderColumns } from '../../trace/columns.js';
import { clearForm, type Found, findRace, proveClear } from './verdicts.js';

const introduction = `# The gallery

<!-- Made by npm run gallery from scenarios/gallery. Do not edit: a test compares the races with this page. -->

Races that were in the kernel's cgroup code, each as a scenario with the form that has it and the form that does not. The broken form is
found by the default portfolio, seed \`gallery\`, and then made as small as it goes: fewest preemptions, and without the
threads that the race does not need. The other form is proved with all of its threads, three at the least, and with one
allocation, veto or step that fails wherever the search likes. Where a real lock forbids what the catalogue of historic races
says, the entry says which, and the form that was suspected is proved.`;

/** What an entry came to. */
export interface Judged {
  readonly entry: GalleryEntry;
  readonly proof: Proof;
  /** Undefined where a lock forbids the race. */
  readonly found: Found | undefined;
}

export function judge(entry: GalleryEntry): Judged {
  const found = entry.kind === 'race' ? findRace(entry) : undefined;
  return { entry, found, proof: proveClear(entry) };
}

/** The whole page, with a line feed at its end. */
export function galleryPage(judged: readonly Judged[] = gallery.map(judge)): string {
  const sections = judged.map(({ entry, found, proof }) =>
    [
      ...head(entry),
      ...(found === undefined ? [] : raceParts(found)),
      clearPart(entry, proof),
    ].join('\n\n'),
  );
  return [introduction, contents(judged), ...sections].join('\n\n') + '\n';
}

function contents(judged: readonly Judged[]): string {
  const rows = judged.map(({ entry, found, proof }) => {
    const race =
      found === undefined
        ? 'forbidden by a lock'
        : `${found.signature}; ${counted(found.trace.preemptions, 'preemption')}, ${counted(found.threads, 'thread')}`;
    return `| ${entry.id} | ${entry.title} | ${race} | ${answer(proof)} |`;
  });
  return [
    '| race | what went wrong | broken form | other form |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function head(entry: GalleryEntry): string[] {
  const { id, title, source, scenario } = entry;
  return [`## ${id}: ${title}`, `Source: ${source}. ${scenario.about}`, ...commands(entry)];
}

function commands(entry: GalleryEntry): string[] {
  const { name } = entry.scenario;
  const lines = [
    ...(entry.kind === 'race' ? [`npx racewalk explore ${name}${flagsOf(entry.broken)}`] : []),
    `npx racewalk prove ${name}${flagsOf(clearForm(entry))}`,
  ];
  return [['```sh', ...lines, '```'].join('\n')];
}

/** The part of a section that a quick test can make again. */
export function raceParts({ runs, strategy, minimal, threads, trace }: Found): string[] {
  const least = minimal ? 'no schedule with fewer preemptions shows it' : 'not proved minimal';
  return [
    ['```', renderColumns(trace, { full: false }), '```'].join('\n'),
    `Found in schedule ${String(runs)}, by ${strategy}. The smallest: ${counted(trace.steps, 'step')} of ` +
      `${counted(threads, 'thread')}, ${counted(trace.preemptions, 'preemption')}; ${least}. ${describe(trace.verdict)}.`,
  ];
}

function clearPart(entry: GalleryEntry, proof: Proof): string {
  const why = entry.kind === 'race' ? '' : `${entry.forbiddenBy} `;
  return `${why}With ${labelOf(clearForm(entry))}: ${answer(proof)}.`;
}

function answer({
  outcome,
  complete,
  exhaustedTo,
  states,
  schedules,
  limited,
  finding,
}: Proof): string {
  const size =
    states === undefined ? counted(schedules ?? 0, 'schedule') : counted(states, 'state');
  if (finding !== undefined) return `BROKEN: ${finding.signature}`;
  if (outcome === 'limit' || limited > 0) return `LIMIT after ${size}`;
  return complete
    ? `PROVED without a bound, ${size}`
    : `PROVED for at most ${counted(exhaustedTo, 'preemption')}, ${size}`;
}

function labelOf({ upTo, with: extra = [], without = [] }: Composition<object>): string {
  const parts = [
    ...(upTo === undefined ? [] : [`rung ${upTo}`]),
    ...extra.map((name) => `patch ${name}`),
    ...without.map((name) => `all but ${name}`),
  ];
  return parts.length === 0 ? 'the whole series' : parts.join(' and ');
}

function flagsOf(composition: RaceEntry['broken']): string {
  const { upTo, with: extra = [], without = [], elide = [], fill = [] } = composition;
  const flags = [
    upTo === undefined ? '' : `--rung ${upTo}`,
    ...(
      [
        ['with', extra],
        ['without', without],
        ['elide', elide],
        ['fill', fill],
      ] as const
    ).map(([flag, names]) => (names.length === 0 ? '' : `--${flag} ${names.join(',')}`)),
  ];
  return flags.map((flag) => (flag === '' ? '' : ` ${flag}`)).join('');
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
