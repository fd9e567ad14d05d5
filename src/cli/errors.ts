// Tells an error to the user, and which exit code it means.
import { UsageError } from '../machine/errors.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { InternalError, Unfinished } from './unfinished.js';

/** Writes the error to stderr. */
export function reportError(error: unknown): ExitCode {
  if (error instanceof Unfinished) {
    say(`racewalk: ${error.message}`);
    return error.interrupted ? exitCodes.interrupted : exitCodes.usage;
  }
  if (error instanceof UsageError) {
    say(`racewalk: ${error.message}`);
    return exitCodes.usage;
  }
  say(`racewalk: internal error, please report it\n${detailOf(error)}`);
  return exitCodes.internal;
}

/** What helps to find the fault: for an error of the worker, the worker's stack is in its message. */
function detailOf(error: unknown): string {
  if (error instanceof InternalError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
