// What must not happen. A Verdict is for what may happen; these are thrown, and shown without a stack trace.

/** The caller asked for something impossible. The message says what to do next. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A model breaks the rules of the machine (a step without yield*, a write outside setup). */
export class ModelError extends Error {
  override readonly name = 'ModelError';
}

/** A path has yielded something that is no operation. */
export function foreignYield(thread: string): ModelError {
  return new ModelError(
    `thread ${thread} yielded something that is no operation: use yield* on a call of cpu`,
  );
}
