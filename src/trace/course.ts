// The course of an execution as people would tell it: who ran until it came to which operation, and who went on then.
// A schedule counts questions, so one step more or less anywhere makes it another schedule; a course names places, so
// it can be followed on a model that was edited since. Only plain data: replay files hold it.

export interface Course {
  /** The threads that took steps, in the order of their first one. */
  readonly threads: readonly CourseThread[];
  /** Who ran from when to when. The last turn lasts as long as the execution. */
  readonly turns: readonly Turn[];
  /** Where a choice of data was not the normal one. */
  readonly draws: readonly Draw[];
}

export interface CourseThread {
  readonly name: string;
  /** Its operations with what they act on, each once, in the order of their first time: `read parent.cgroups`. */
  readonly uses: readonly string[];
}

/** A thread runs until it gives way, or cannot go on. */
export interface Turn {
  readonly thread: string;
  /** What it was about to do then, whether or not it could; left out where it had ended, and for the last turn. */
  readonly before?: Place | undefined;
  /** What it had done last; left out where that had only joined a queue, and for the last turn. */
  readonly after?: Place | undefined;
  /** How many steps it had taken by then, in all of its turns. */
  readonly steps: number;
}

/** A place in the course of one thread. */
export interface Place {
  /** The innermost function; left out outside of any. */
  readonly in?: string | undefined;
  /** The primitive: `down_read`. */
  readonly does: string;
  /** What it acts on, by its stable name; empty where there is nothing. */
  readonly to: string;
  /** Which time it is, counted from 1: of this in this function, of this anywhere, of anything done to that. */
  readonly time: readonly [number, number, number];
  /** It has joined a queue and is not done; more than 1 for what takes several events. */
  readonly queued?: number | undefined;
}

/** A value drawn within a step. */
export interface Draw {
  readonly thread: string;
  readonly during: Place;
  /** Which draw of that step it is, counted from 0. */
  readonly nth: number;
  readonly pick: number;
}

/** `fork cgroup_post_fork down_write(css_set_rwsem)#2` */
export function placeLabel(thread: string, place: Place): string {
  const { does, to, time } = place;
  const words = [thread, ...(place.in === undefined ? [] : [place.in]), `${does}(${to})`];
  return `${words.join(' ')}#${String(time[0])}`;
}
