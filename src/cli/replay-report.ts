// What replay says of a recorded failure: how it was found again, or what no longer applies and what was tried.
import { describe, isFailure } from '../machine/index.js';
import { renderColumns } from '../trace/columns.js';
import { wrap } from '../trace/wrap.js';
import type { Again, ReplayResult } from './job.js';
import { count, shellWord } from './names.js';
import { memoryOrders } from './scope.js';

/** The whole screen; `renewed` is the path of the new replay file, if one was written. */
export function replayScreen(
  result: ReplayResult,
  { width, full }: { readonly width: number; readonly full: boolean },
  renewed: string | undefined,
): string {
  const indent = '  ';
  const paragraphs = result.again === undefined ? [] : againParagraphs(result, result.again);
  return [
    renderColumns(result.trace, { width, full }),
    '',
    ...wrap(headline(result), width, indent.length),
    ...paragraphs.flatMap((paragraph) =>
      wrap(paragraph, width - indent.length, indent.length).map((line) => indent + line),
    ),
    ...(renewed === undefined ? [] : ['', `  replay:  npx racewalk replay ${shellWord(renewed)}`]),
  ].join('\n');
}

const reproduced = {
  exactly: 'replayed bit for bit',
  'by labels': 'reproduced by labels',
  'by position': 'reproduced by the numbers of its choices',
  'after search': 'reproduced after a search',
} as const;

function headline({ trace, memory, how, drift, interrupted }: ReplayResult): string {
  if (how === 'no longer') {
    const when = interrupted ? ' (interrupted: this is what was found until then)' : '';
    return `this replay no longer applies: ${drift ?? ''}${when}`;
  }
  const steps = count(trace.steps, 'step');
  return `${reproduced[how]}, ${steps}, ${memoryOrders[memory]}: ${describe(trace.verdict)}`;
}

function againParagraphs({ how, drift }: ReplayResult, again: Again): string[] {
  const { renames, other } = again;
  const isGone = how === 'no longer';
  const names = renames.map(({ from, to }) => `${from} is taken for ${to}`);
  return [
    ...(isGone ? [] : [`the model has changed: ${drift ?? ''}`]),
    ...(names.length === 0 ? [] : [`by position: ${names.join(', ')}`]),
    ...goneParagraphs(how, again),
    ...(isGone || how === 'after search' ? [triedParagraph(isGone, again)] : []),
    ...(other === undefined ? [] : [`another failure was met: ${other}`]),
  ];
}

function goneParagraphs(how: ReplayResult['how'], { gone, hasCourse }: Again): string[] {
  if (!hasCourse) {
    return [
      'the file does not say who ran until where: it was followed by the numbers of its choices',
    ];
  }
  if (gone !== undefined) {
    const what = how === 'by labels' ? 'not come to' : 'the first step that no longer applies';
    return [`${what}: ${gone.place}; ${gone.instead}`];
  }
  return how === 'by labels'
    ? []
    : ['every step still applies, but they do not come to that any more'];
}

function triedParagraph(
  isGone: boolean,
  { hasCourse, followed, searched, clearedTo }: Again,
): string {
  const by = hasCourse ? 'by labels and by numbers' : 'by numbers';
  const following = `${count(followed, 'execution')} ${by}`;
  const searching =
    searched === undefined ? 'no search' : `${count(searched, 'execution')} of a search from there`;
  const tried = `tried: ${following}, ${searching}`;
  if (!isGone) return tried;
  if (clearedTo === undefined) return `${tried}; that is no proof that it cannot happen`;
  const bound = Number.isFinite(clearedTo) ? ` with at most ${count(clearedTo, 'preemption')}` : '';
  return `${tried}; every schedule${bound} was run, and none fails as recorded`;
}

/** One document. */
export function replayDocument(result: ReplayResult, renewed: string | undefined): string {
  const { trace, memory, how, drift, again, interrupted } = result;
  const { scenario, rung, verdict, steps, switches, preemptions } = trace;
  const isGone = how === 'no longer';
  const answer = isGone ? 'NOT VERIFIED' : isFailure(verdict) ? 'BROKEN' : 'NOT FOUND';
  const document = {
    scenario,
    rung,
    verdict: answer,
    memory,
    property: verdict.kind === 'violation' ? verdict.property : undefined,
    kind: verdict.kind,
    message: describe(verdict),
    steps,
    switches,
    preemptions,
    faithful: how === 'exactly',
    reproduced: isGone ? undefined : how,
    drift,
    gone: again?.gone,
    renames: again === undefined || again.renames.length === 0 ? undefined : again.renames,
    followed: again?.followed,
    searched: again?.searched,
    preemptionsCleared: cleared(again?.clearedTo),
    otherFailure: again?.other,
    interrupted: interrupted ? true : undefined,
    replay: renewed,
  };
  return JSON.stringify(document, undefined, 2);
}

/** JSON knows no infinity: what every schedule is clear of is said in words. */
function cleared(clearedTo: number | undefined): number | 'all' | undefined {
  return clearedTo === Number.POSITIVE_INFINITY ? 'all' : clearedTo;
}
