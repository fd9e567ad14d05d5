// How an error crosses threads: it would arrive without its class, so it is sent as data and made anew.
import { ModelError, UsageError } from '../machine/errors.js';
import { InternalError } from './unfinished.js';

/** An error that the user can do something about, or one of racewalk's own. */
export interface Failed {
  readonly kind: 'failed';
  readonly fault: 'usage' | 'model' | 'internal';
  readonly message: string;
}

export function failed(error: unknown): Failed {
  if (error instanceof UsageError)
    return { kind: 'failed', fault: 'usage', message: error.message };
  if (error instanceof ModelError)
    return { kind: 'failed', fault: 'model', message: error.message };
  if (error instanceof InternalError) {
    return { kind: 'failed', fault: 'internal', message: error.message };
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'failed', fault: 'internal', message: detail };
}

/** The error that has crossed. */
export function errorOf({ fault, message }: Failed): Error {
  switch (fault) {
    case 'usage':
      return new UsageError(message);
    case 'model':
      return new ModelError(message);
    case 'internal':
      return new InternalError(message);
  }
}

/** A worker died of something that it could not catch: what a module did outside of its scenarios. */
export function deathOf(error: unknown): unknown {
  if (error instanceof UsageError || error instanceof InternalError) return error;
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const what =
    code === 'ERR_WORKER_OUT_OF_MEMORY'
      ? 'it used up all memory; make the model smaller, or --steps-max'
      : /^worker exited/i.test(String(message))
        ? 'it ended its process, which a scenario must not'
        : `it threw outside of a scenario, where nothing can catch it: ${String(message ?? error)}`;
  return new UsageError(`the scenario's module did not survive: ${what}`, { cause: error });
}
