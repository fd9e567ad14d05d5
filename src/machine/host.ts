// What the machine asks of whoever drives it. The scheduler implements this; nothing else is known of it here.

/** What a data choice decides, so that a strategy can give each kind its own odds. */
export type DataPurpose = 'allocation failure' | 'veto' | 'failure';

export interface Host {
  /**
   * The running thread stands before its next step. True: it takes it at once, and nothing is suspended.
   * False: its generator suspends, and the host resumes another one.
   */
  goOn(thread: number): boolean;
  /** A choice that is not one of threads: 0 (the normal course) to `ways` - 1. */
  draw(ways: number, purpose: DataPurpose): number;
}
