// An explanation as text, for a screen: in full, or as the few lines that a search ends with; and as arrows in the
// columns of its trace.
import type {
  CriticalStep,
  DecidingPair,
  Explanation,
  Place,
  RaceWindow,
  StepRef,
} from './explanation.js';
import type { Mark } from './statements.js';
import { wrap } from './wrap.js';

/** Each paragraph begins with a label and a colon. */
export function explanationParagraphs(explanation: Explanation): string[] {
  const { critical, pair, window, steps } = explanation;
  return [
    criticalParagraph(critical, steps),
    ...(pair === undefined ? [] : [pairParagraph(pair)]),
    ...(window === undefined ? [] : [windowParagraph(window)]),
  ];
}

/** One paragraph, for the end of a search. */
export function briefParagraph({ critical, pair, steps }: Explanation): string {
  if (pair?.kind !== 'pair') return criticalParagraph(critical, steps);
  const { taken, other } = pair;
  return (
    `why: ${named(taken)}, step ${String(taken.step + 1)}, came before ${named(other)}; ` +
    'the other way round it ends well'
  );
}

/** Everything, without a line feed at the end. */
export function renderExplanation(explanation: Explanation, width: number): string {
  const { window, executions } = explanation;
  const [critical = '', ...others] = explanationParagraphs(explanation);
  const run = `${executions.toLocaleString('en')} executions were run to find this out`;
  return [
    ...hanging(critical, width),
    ...others.flatMap((paragraph) => hanging(paragraph, width)),
    ...(window === undefined ? [] : ['', ...windowLines(window, width)]),
    '',
    ...wrap(run, width),
  ].join('\n');
}

/** Arrows for the picture of the failing execution. */
export function explanationMarks({ critical, pair }: Explanation): Mark[] {
  if (critical.kind !== 'step') return [];
  const other = pair?.kind === 'pair' ? pair.otherInFailure : undefined;
  return [
    { step: critical.step.step, text: 'critical' },
    ...(other === undefined ? [] : [{ step: other.step, text: 'comes too late' }]),
  ];
}

/** Where the lines of a paragraph stand that begins with a label. */
const hang = 10;

function hanging(paragraph: string, width: number): string[] {
  return wrap(paragraph, width, hang);
}

/** `list_add(child, F->tasks) of fork in cgroup_post_fork()` */
function named({ thread, text, function: inside }: StepRef): string {
  return `${text} of ${thread}${inside === undefined ? '' : ` in ${inside}()`}`;
}

function place({ step }: StepRef, steps: number): string {
  return `step ${String(step + 1)} of ${String(steps)}`;
}

function criticalParagraph(critical: CriticalStep, steps: number): string {
  switch (critical.kind) {
    case 'step': {
      const where = `critical: ${place(critical.step, steps)}, ${named(critical.step)}`;
      return critical.isFault
        ? `${where}: what fails there; had it not failed, it could still have ended well`
        : `${where}; before it some way to go on ends well, after it none does`;
    }
    case 'between': {
      const { first, last } = critical;
      return (
        `critical: not before ${place(first, steps)}, ${named(first)}, and at the latest ` +
        `${place(last, steps)}, ${named(last)}; the search was cut off before it was clear which`
      );
    }
    case 'always':
      return 'critical: none; no execution at all ends well, whoever goes first';
    case 'undecided':
      return critical.last === undefined
        ? 'critical: not decided; the search was cut off before any execution ended well'
        : `critical: at the latest ${place(critical.last, steps)}, ${named(critical.last)}; whether any execution ends well is not decided`;
  }
}

function pairParagraph(pair: DecidingPair): string {
  switch (pair.kind) {
    case 'pair': {
      const { other, about, guarded, isSameOrder } = pair;
      const under = guarded.length === 0 ? '' : `, and under it ${someOf(guarded)}`;
      const both = about.length === 0 ? '' : `; both concern ${someOf(about)}${under}`;
      const tried = isSameOrder
        ? 'it was run with nothing but this order changed'
        : 'it was run, with some more of the order changed';
      return `order: had ${named(other)} come before it, it could have ended well: ${tried}${both}`;
    }
    case 'none':
      return 'order: no single step of another thread, had it come first, makes this one harmless';
    case 'undecided':
      return 'order: which other step would have had to come first is not decided; the search was cut off';
  }
}

/** As many labels as one line takes. */
const labelsMax = 3;

function someOf(labels: readonly string[]): string {
  const more = labels.length - labelsMax;
  return labels.slice(0, labelsMax).join(', ') + (more > 0 ? ` and ${String(more)} more` : '');
}

function countOf(places: readonly Place[], place: Place): number {
  return places.filter((one) => one === place).length;
}

function windowParagraph(window: RaceWindow): string {
  const { places, opens, closes, fixed, moved } = window;
  const failing = countOf(places, 'fails');
  const possible = places.length - countOf(places, 'impossible');
  const share = possible === 0 ? 0 : Math.round((100 * failing) / possible);
  const from = opens === undefined ? 'from its start' : `from after ${where(opens)}`;
  const to = closes === undefined ? 'to its end' : `to before ${where(closes)}`;
  return (
    `window: ${from} ${to}, in ${fixed}: there ${String(failing)} of ${String(possible)} places ` +
    `for the steps of ${moved} fail (${String(share)} %)`
  );
}

function where({ text, function: inside }: StepRef): string {
  return inside === undefined ? text : `${text} in ${inside}()`;
}

const letters: Readonly<Record<Place, string>> = {
  fails: 'F',
  'fails otherwise': 'f',
  'ends well': '.',
  impossible: '!',
  unknown: '?',
};

/** One letter for each place, and what these mean. */
function windowLines(window: RaceWindow, width: number): string[] {
  const { fixed, fixedIn, moved, movedSteps, isRest, places } = window;
  const course = fixedIn === undefined ? fixed : `${fixedIn}() of ${fixed}`;
  const steps = `${String(movedSteps)} ${movedSteps === 1 ? 'step' : 'steps'}`;
  const what = isRest ? `${moved} from there to its end (${steps})` : `${steps} of ${moved}`;
  const row = places.map((one) => letters[one]).join('');
  const room = Math.max(10, width - 2);
  const rows = Array.from({ length: Math.ceil(row.length / room) }, (_, n) =>
    row.slice(n * room, (n + 1) * room),
  );
  return [
    ...wrap(`places 0 to ${String(places.length - 1)} in ${course}, for ${what} in a row:`, width),
    ...rows.map((part) => `  ${part}`),
    ...wrap(legend(places), width - 2, 2).map((line) => `  ${line}`),
  ];
}

function legend(places: readonly Place[]): string {
  const meanings: readonly [Place, string][] = [
    ['fails', 'it fails like this'],
    ['fails otherwise', 'it fails in another way'],
    ['ends well', 'it ends well'],
    ['impossible', 'they cannot stand there'],
    ['unknown', 'cut off'],
  ];
  return meanings
    .filter(([one]) => places.includes(one))
    .map(([one, meaning]) => `${letters[one]} ${meaning}`)
    .join('; ');
}
