// What others may know of the ladder of a series.
export type { JudgeOptions } from './judge.js';
export type { Ladder, LadderFailure, LadderOptions } from './ladder.js';
export { ladder } from './ladder.js';
export type { Climber, LadderSeries, LadderStep, LadderSubject, Subset } from './subject.js';
