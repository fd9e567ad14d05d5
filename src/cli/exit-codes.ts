// What the program's exit code says, so that scripts need not read text.
import type { Answer } from './job.js';

export const exitCodes = {
  /** Nothing was found. */
  clear: 0,
  /** A bug was found. */
  bug: 1,
  /** The command line, a file or a scenario is wrong. */
  usage: 2,
  /** A fault of racewalk itself. */
  internal: 3,
  /** LIMIT, NOT VERIFIED, or a replay that no longer applies. */
  unanswered: 4,
  /** Interrupted; what was found until then was reported. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What each answer of a search comes to. */
export const answerCodes: Readonly<Record<Answer, ExitCode>> = {
  BROKEN: exitCodes.bug,
  PROVED: exitCodes.clear,
  'NOT FOUND': exitCodes.clear,
  LIMIT: exitCodes.unanswered,
  'NOT VERIFIED': exitCodes.unanswered,
};
