// What a search by states and its helpers tell each other.
import type { MessagePort } from 'node:worker_threads';
import type { PartDone, Rest, TrailPart } from '../../scheduler/index.js';
import type { ProveJob } from './job.js';

/** The slots of what the helpers and the search share besides the states. */
export const controlSlots = {
  /** Counts what the helpers have posted. */
  posts: 0,
  /** How many parts are wanted by helpers that have nothing left. */
  wanted: 1,
  length: 2,
} as const;

export interface StateHelperData {
  readonly job: ProveJob;
  readonly signals: Int32Array;
  readonly row: number;
  readonly port: MessagePort;
  readonly states: SharedArrayBuffer;
  readonly control: Int32Array;
  readonly rest: Pick<Rest, 'watches' | 'goesBack'>;
}

/** What a helper posts: a part that it gives away, or what its own part has come to; undefined for an error. */
export type StatePost =
  | { readonly kind: 'part'; readonly part: TrailPart }
  | { readonly kind: 'done'; readonly done: PartDone | undefined };
