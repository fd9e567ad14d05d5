// Tells an error to the user, and which exit code it means.
import { describe, UsageError } from '../machine/index.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { WorkerEnded } from './supervise.js';

/** Writes the error to stderr. */
export function reportError(error: unknown): ExitCode {
  if (error instanceof WorkerEnded) return reportEnded(error);
  if (error instanceof UsageError) {
    say(`racewalk: ${error.message}`);
    return exitCodes.usage;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  say(`racewalk: internal error, please report it\n${detail}`);
  return exitCodes.internal;
}

function reportEnded(error: WorkerEnded): ExitCode {
  say(`racewalk: ${error.message}`);
  const runs = `${String(error.runs)} executions`;
  if (error.finding === undefined) say(`nothing had been found in ${runs}`);
  else say(`after ${runs}, this had been found: ${describe(error.finding.verdict)}`);
  if (error.interrupted) return exitCodes.interrupted;
  return error.finding === undefined ? exitCodes.usage : exitCodes.bug;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
