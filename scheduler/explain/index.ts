// What others may know of explanations.
export type { Continuation, Continuations, Effort } from './continuations.js';
export { SearchedContinuations } from './continuations.js';
export type { Course, Move } from './course.js';
export type { ExplainOptions } from './explain.js';
export { explain } from './explain.js';
export type {
  CriticalStep,
  DecidingPair,
  Explanation,
  Place,
  RaceWindow,
  StepRef,
} from '../../src/trace/explanation.js';
