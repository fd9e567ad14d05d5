// The course that a schedule takes.
import type { Schedule } from '../schedule.js';
import { Follow } from '../strategies/follow.js';
import type { Course } from './course.js';
import type { Driver, Tail } from './drive.js';

/** Runs a schedule, and tells the course that it takes. */
export function courseOf(driver: Driver, schedule: Schedule): Course {
  const follow = new Follow(schedule, () => driver.execution.asked, true);
  let isBegun = false;
  const following: Tail = {
    choose: (current, view) => {
      if (!isBegun) follow.begin(view);
      isBegun = true;
      return follow.choose(current);
    },
    draw: (ways) => follow.draw(ways),
  };
  driver.drive([], following);
  return driver.taken();
}
