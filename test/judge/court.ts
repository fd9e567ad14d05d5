// Judges engines by many random programs: a block of programs for each seed, and the smallest program that the block's
// first disagreement shrinks to.
import fc from 'fast-check';
import { programs } from './arbitraries.js';
import type { Engine } from './engine.js';
import { complaints } from './engines.js';
import type { ProgramText } from './language.js';
import { programText } from './print.js';
import type { StageOptions } from './stage.js';
import { type Subject, subjectOf } from './subject.js';

/** Programs of one block. */
export const blockSize = 250;

export interface Disagreement {
  /** Which program of the campaign it was, counted from 0, before it was shrunk. */
  readonly index: number;
  readonly text: ProgramText;
  readonly sentences: readonly string[];
}

export interface Session {
  readonly judged: number;
  /** Programs that were too large for the enumerator. */
  readonly discarded: number;
  /** The first disagreement of each block. */
  readonly disagreements: readonly Disagreement[];
}

export interface SessionOptions {
  readonly seed: number;
  readonly programs: number;
  readonly engines: readonly Engine[];
  readonly arbitrary?: fc.Arbitrary<ProgramText>;
  /** Hears of each program that was judged. */
  readonly onSubject?: (subject: Subject) => void;
  readonly onDisagreement?: (disagreement: Disagreement) => void;
  /** By default: reduce the program of a disagreement. */
  readonly shrinks?: boolean;
  readonly stage?: StageOptions;
  /** End with the first block that has a disagreement. */
  readonly stopAtFirst?: boolean;
}

export function hold(options: SessionOptions): Session {
  const disagreements: Disagreement[] = [];
  let judged = 0;
  let discarded = 0;
  for (let begun = 0; begun < options.programs; begun += blockSize) {
    let inBlock = 0;
    let first: number | undefined;
    let sentences: readonly string[] = [];
    const isFine = (text: ProgramText): boolean => {
      const subject = subjectOf(text, options.stage);
      if (first === undefined) inBlock++;
      if (subject === undefined) {
        if (first === undefined) discarded++;
        return true;
      }
      if (first === undefined) options.onSubject?.(subject);
      const found = heard(subject, options.engines);
      if (found.length === 0) return true;
      first ??= inBlock - 1;
      sentences = found;
      return false;
    };
    const result = fc.check(fc.property(options.arbitrary ?? programs(), isFine), {
      seed: options.seed + begun,
      endOnFailure: options.shrinks === false,
      numRuns: Math.min(blockSize, options.programs - begun),
    });
    judged += inBlock;
    if (result.counterexample === null) continue;
    const [text] = result.counterexample;
    const disagreement = { index: begun + (first ?? 0), text, sentences };
    disagreements.push(disagreement);
    options.onDisagreement?.(disagreement);
    if (options.stopAtFirst === true) break;
  }
  return { judged, discarded, disagreements };
}

/** What is thrown is said as well: a program of the language breaks no rule of models. */
function heard(subject: Subject, engines: readonly Engine[]): readonly string[] {
  try {
    return complaints(subject, engines);
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}

/** A disagreement for people: the program, and what is said about it. */
export function disagreementText({ index, text, sentences }: Disagreement): string {
  const said = sentences.map((sentence) => `- ${sentence}`).join('\n');
  return `program ${String(index)}, reduced:\n${programText(text)}\n${said}`;
}
