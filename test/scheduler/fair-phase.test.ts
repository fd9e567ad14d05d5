import { describe, expect, it } from 'vitest';
import { enumerate, Execution, explore, GoOn, prove, replay } from '../../scheduler/index.js';
import { FairPhase } from '../../scheduler/fair-phase.js';
import type { View } from '../../scheduler/strategy.js';
import { type Cpu, Loop, type Path, type Verdict } from '../../src/machine/index.js';
import { ThreadSet } from '../../src/machine/thread-set.js';
import { armed, program } from '../support/program.js';
import { executionOf, goingOn, type Options, type Setup } from '../support/run.js';

/** A loop that changes something in each round and ends after so many. */
const counting =
  (rounds: number, hasHead = true): Setup =>
  (m) => {
    const tries = m.cell('tries', 0);
    return {
      actors: {
        *waiter(cpu) {
          const retry = new Loop('retry');
          for (let n = 0; n < rounds; n++) {
            if (hasHead) yield* cpu.loop(retry, n);
            yield* cpu.fetch_add(tries, 1);
          }
        },
      },
    };
  };
const endless = counting(Number.POSITIVE_INFINITY);

/** Two readers who come back for ever, and count; a writer that tells them to stop. */
const overlapping: Setup = (m) => {
  const [lock, turns, stop] = [
    m.rwlock('tasklist_lock'),
    m.cell('turns', 0),
    m.cell('stop', false),
  ];
  const read = function* (cpu: Cpu): Path {
    const again = new Loop('again');
    for (let n = 0, done = false; !done; n++) {
      yield* cpu.loop(again, n);
      yield* cpu.read_lock(lock);
      yield* cpu.fetch_add(turns, 1);
      done = yield* cpu.read(stop);
      yield* cpu.read_unlock(lock);
    }
  };
  return {
    actors: {
      r: read,
      s: read,
      *writer(cpu) {
        yield* cpu.write_lock(lock);
        yield* cpu.write(stop, true);
        yield* cpu.write_unlock(lock);
      },
    },
  };
};

/** Lets the readers take turns, the second one two steps behind; never the writer, if it can be helped. */
class Readers extends GoOn {
  readonly #steps: () => number;
  #view: View | undefined = undefined;

  constructor(steps: () => number) {
    super();
    this.#steps = steps;
  }

  override begin(view: View): void {
    super.begin(view);
    this.#view = view;
  }

  override choose(current: number): number {
    const steps = this.#steps();
    const due = steps < 2 ? 0 : steps % 2;
    return this.#view?.runnable.has(due) === true ? due : super.choose(current);
  }
}

function readersFirst(options: Options): Verdict {
  const strategy = new Readers(() => execution.steps);
  const execution: Execution = new Execution(armed(overlapping, options), strategy, {
    stepsMax: 2_000,
  });
  return execution.run();
}

describe('fair scheduling', () => {
  it('lets whoever has not run for the longest time go on', () => {
    const fair = new FairPhase();
    const runnable = new ThreadSet();
    for (const thread of [0, 1, 2]) runnable.add(thread);
    const next = () => fair.next(runnable);
    expect([next(), next(), next(), next()]).toEqual([0, 1, 2, 0]);
    runnable.remove(1);
    expect([next(), next(), next(), next()]).toEqual([2, 0, 2, 0]);
    runnable.add(1);
    expect(next()).toBe(1);
  });

  it('lets a thread come in that the strategy would never have let run', () => {
    const execution = executionOf(
      (m) => {
        const [tries, done] = [m.cell('tries', 0), m.cell('done', false)];
        return {
          actors: {
            *waiter(cpu) {
              const retry = new Loop('retry');
              for (let n = 0; ; n++) {
                yield* cpu.loop(retry, n);
                if (yield* cpu.read(done)) break;
                yield* cpu.fetch_add(tries, 1);
              }
            },
            *setter(cpu) {
              yield* cpu.write(done, true);
            },
          },
        };
      },
      { stepsMax: 400 },
    );
    for (let n = 0; n < 2; n++) {
      expect(execution.run().kind).toBe('ok');
      expect(execution.isFair).toBe(true);
      expect([execution.steps > 300, execution.steps < 310]).toEqual([true, true]);
      expect([execution.preemptions, execution.recorder.count]).toEqual([0, 0]);
    }
  });
});

describe('an execution that has not ended under a fair scheduler', () => {
  it('is in an unbounded loop if a thread has gone round in it all the time', () => {
    expect(goingOn(endless, { stepsMax: 10_000 })).toEqual({
      kind: 'livelock',
      form: 'unbounded loop',
      thread: 'waiter',
      message:
        'waiter has gone round 10001 times in retry, the last of them under a fair scheduler: ' +
        'something changes in each round, and it does not end',
    });
  });

  it('starves a writer that readers have passed all the time', () => {
    expect(readersFirst({})).toMatchObject({
      kind: 'livelock',
      form: 'starvation',
      thread: 'writer',
      message: expect.stringMatching(
        /^writer starves: it waits for tasklist_lock in write_lock\(\), while others were granted it \d+ times, the last of them under a fair scheduler$/,
      ) as string,
    });
  });

  it('starves nobody where the lock is queued', () => {
    expect(readersFirst({ rwlock: 'queued' }).kind).toBe('ok');
  });

  it('is merely long if it has not gone round often', () => {
    expect(goingOn(endless, { stepsMax: 4_000 }).kind).toBe('limit');
  });

  it('is merely long without a loop head', () => {
    const execution = executionOf(counting(Number.POSITIVE_INFINITY, false), { stepsMax: 1_000 });
    expect(execution.run().kind).toBe('limit');
    expect(execution.isFair).toBe(false);
  });

  it('is fine if the loop comes to its end', () => {
    expect(goingOn(counting(900), { stepsMax: 1_000 }).kind).toBe('ok');
  });
});

describe('an enumeration', () => {
  it('does not count an execution as known to its end that ended fairly', () => {
    const long = program('long', counting(90));
    expect(enumerate(long, { stepsMax: 100 })).toMatchObject({ exhausted: true, limited: 1 });
    expect(enumerate(long, { stepsMax: 200 })).toMatchObject({ exhausted: true, limited: 0 });
    expect(prove(long, { stepsMax: 100 }).complete).toBe(false);
    expect(prove(long, { stepsMax: 200 }).complete).toBe(true);
  });
});

describe('a failure under a fair scheduler', () => {
  it('is replayed to the same verdict by the same budget', () => {
    const of = program('endless', endless);
    const options = { stepsMax: 10_000 };
    const { finding } = explore(of, { ...options, seed: '1', runs: 5, strategies: ['random'] });
    expect(finding?.signature).toBe('unbounded loop waiter');
    const again = replay(of, finding?.schedule ?? [], options);
    expect(again.mismatch).toBeUndefined();
    expect(again.finding.verdict).toEqual(finding?.verdict);
  });
});
