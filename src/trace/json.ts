// The trace as JSON, for programs that want to look at everything.
import type { Trace } from './trace.js';

/** One document; the same trace always gives the same text. */
export function traceToJson(trace: Trace): string {
  return JSON.stringify({ format: 'racewalk-trace', version: 1, ...trace }, undefined, 2);
}
