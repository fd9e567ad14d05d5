// How a course stands in a replay file: three lists with one line for each element.
import { z } from 'zod';
import type { Course, Draw, Place, Turn } from './course.js';

const count = z.int().nonnegative();

const place = z.strictObject({
  in: z.string().optional(),
  does: z.string(),
  to: z.string(),
  time: z.tuple([count, count, count]),
  queued: count.optional(),
});

/** The lists of a course; files from before there were any have none. */
export const courseLists = {
  threads: z.array(z.strictObject({ name: z.string(), uses: z.array(z.string()) })).optional(),
  turns: z
    .array(
      z.strictObject({
        thread: z.string(),
        before: place.optional(),
        after: place.optional(),
        steps: count,
      }),
    )
    .optional(),
  draws: z
    .array(z.strictObject({ thread: z.string(), during: place, nth: count, pick: count }))
    .optional(),
} as const;

/** The lists of a file as a course; undefined where it has none. */
export function courseOf({
  threads,
  turns,
  draws,
}: {
  readonly threads?: Course['threads'] | undefined;
  readonly turns?: Course['turns'] | undefined;
  readonly draws?: Course['draws'] | undefined;
}): Course | undefined {
  if (threads === undefined || turns === undefined) return undefined;
  return { threads, turns, draws: draws ?? [] };
}

/** The course as lists, with its keys in the one order that is written and hashed. */
export function listsOf(course: Course | undefined): {
  readonly threads?: unknown;
  readonly turns?: unknown;
  readonly draws?: unknown;
} {
  if (course === undefined) return {};
  return {
    threads: course.threads.map(({ name, uses }) => ({ name, uses })),
    turns: course.turns.map(orderedTurn),
    draws: course.draws.length === 0 ? undefined : course.draws.map(orderedDraw),
  };
}

function orderedTurn({ thread, before, after, steps }: Turn): unknown {
  return { thread, before: before && ordered(before), after: after && ordered(after), steps };
}

function orderedDraw({ thread, during, nth, pick }: Draw): unknown {
  return { thread, during: ordered(during), nth, pick };
}

function ordered({ in: where, does, to, time, queued }: Place): unknown {
  return { in: where, does, to, time, queued };
}
