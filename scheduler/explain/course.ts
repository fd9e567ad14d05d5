// The course of an execution: which thread took which step, with the data choices inside each. Unlike a schedule it
// is dense, so it can be cut anywhere, and a step can be moved to another place.
import type { Machine } from '../../src/machine/index.js';

/** One step. */
export interface Move {
  /** The thread's index in the execution that the course was taken from. */
  readonly thread: number;
  /** Its name: where others were spawned in between, its index may be another one. */
  readonly name: string;
  /** The data choices inside the step, in order; those that are missing take their normal course, 0. */
  readonly draws: readonly number[];
}

export type Course = readonly Move[];

/** The index that the thread of a move has now, or -1 where there is none of that name. */
export function indexOf(move: Move, machine: Machine): number {
  const { thread, name } = move;
  if (thread < machine.threadCount && machine.threadName(thread) === name) return thread;
  for (let other = 0; other < machine.threadCount; other++) {
    if (machine.threadName(other) === name) return other;
  }
  return -1;
}

/** Which question of the schedule lets each step happen: questions are steps and data choices, counted from 0. */
export function questionsOf(course: Course): number[] {
  let asked = 0;
  return course.map(({ draws }) => {
    const question = asked;
    asked += 1 + draws.length;
    return question;
  });
}
