// Programs with timers leave things behind if anything does: each is enumerated twice on one machine.
import { expect } from 'vitest';
import { enumerate } from '../../../scheduler/index.js';
import { describe, type Machine } from '../../../src/machine/index.js';
import type { Cast } from '../../support/program.js';
import { everySchedule, type Options, type Outcomes, type Setup } from '../../support/run.js';

/** Every schedule, which must come to the same when it is all done again. */
export function twice(setup: Setup, options: Options = {}): Outcomes {
  const made: { machine: Machine; look: Cast['look'] }[] = [];
  const first = everySchedule((machine) => {
    const cast = setup(machine);
    made.push({ machine, look: cast.look });
    return cast;
  }, options);
  for (const { machine, look } of made) {
    const verdicts = new Set<string>();
    const looks = new Set<string>();
    const { runs } = enumerate(
      { name: 'again', build: () => machine },
      {
        ...options,
        onRun: () => {
          verdicts.add(describe(machine.verdict));
          if (look !== undefined) looks.add(JSON.stringify(look()));
        },
      },
    );
    expect([...verdicts].sort()).toEqual(first.verdicts);
    expect(looks.size).toBe(first.looks.length);
    expect(runs).toBe(first.schedules);
  }
  return first;
}
