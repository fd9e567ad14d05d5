// One program that is judged: its text, the program, and what is true of it.
import type { Program } from '../../scheduler/index.js';
import type { ProgramText } from './language.js';
import { type Effort, type Reference, referenceOf } from './reference.js';
import { stage, type StageOptions } from './stage.js';

export interface Subject {
  readonly text: ProgramText;
  readonly program: Program;
  readonly reference: Reference;
}

/** Undefined if the program is too large for the enumerator. */
export function subjectOf(
  text: ProgramText,
  options: StageOptions = {},
  effort?: Effort,
): Subject | undefined {
  const program = stage(text, options);
  const reference = referenceOf(program, effort);
  return reference && { text, program, reference };
}
