// Why a worker has no result.

/** The worker was ended from outside. */
export class Unfinished extends Error {
  override readonly name = 'Unfinished';
  /** By Ctrl-C, and not by the watchdog. */
  readonly interrupted: boolean;

  constructor(message: string, interrupted: boolean) {
    super(message);
    this.interrupted = interrupted;
  }
}

/** A fault of racewalk itself. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}
