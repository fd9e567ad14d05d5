// What was judged already. A search meets the kernel only through the functions that it calls. Where all of these are the
// same ones on another set of patches, the search would make the same steps there and come to the same end, so its
// answer is taken over. A function is the same one if the same patches have overridden it, in the same order.
import { judge, type Judged, type JudgeOptions } from './judge.js';
import type { Climber, LadderSubject, Subset } from './subject.js';

/** The answer of one search, and the kernels that it holds for. */
export interface Answer {
  readonly judged: readonly Judged[];
  readonly called: ReadonlySet<string>;
  readonly origins: string;
}

/** Judges one scenario on many subsets. */
export class Known {
  run = 0;
  known = 0;
  readonly #subject: LadderSubject;
  readonly #options: JudgeOptions;
  readonly #answers: Answer[] = [];
  readonly #bySubset = new Map<string, Answer>();

  constructor(subject: LadderSubject, options: JudgeOptions) {
    this.#subject = subject;
    this.#options = options;
  }

  /** The same object for subsets between which the scenario cannot tell; undefined where the user wants an end. */
  answer(subset: Subset): Answer | undefined {
    const key = JSON.stringify([subset.patches, subset.elide, subset.fill]);
    const answer = this.#bySubset.get(key) ?? this.#answerAnew(subset);
    if (answer !== undefined) this.#bySubset.set(key, answer);
    return answer;
  }

  #answerAnew(subset: Subset): Answer | undefined {
    const climber = this.#subject.on(subset);
    const known = this.#answers.find(
      ({ called, origins }) => climber.originsOf(called) === origins,
    );
    if (known !== undefined) {
      this.known++;
      return known;
    }
    const judged = judge(climber, this.#options);
    if (judged === undefined) return undefined;
    this.run++;
    const answer = { judged, ...stamp(climber) };
    this.#answers.push(answer);
    return answer;
  }
}

function stamp({ called, originsOf }: Climber): Pick<Answer, 'called' | 'origins'> {
  const names = new Set(called);
  return { called: names, origins: originsOf(names) };
}
