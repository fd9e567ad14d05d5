import { describe, expect, it } from 'vitest';
import { killIsFinal } from '../../../properties/index.js';
import type { Cell, Cpu, Path, PercpuRef } from '../../../src/machine/index.js';
import { everySchedule, executionOf, fine, type Setup } from '../../support/run.js';

interface World {
  readonly ref: PercpuRef;
  /** How often the release callback ran. */
  readonly released: Cell<number>;
  readonly x: Cell<number>;
}

type Bodies = Readonly<Record<string, (cpu: Cpu, world: World) => Path<unknown>>>;

function setupOf(bodies: Bodies): Setup {
  return (m) => {
    const released = m.cell('released', 0);
    const ref = m.percpuRef('ref', function* (cpu) {
      yield* cpu.fetch_add(released, 1);
    });
    const world = { ref, released, x: m.cell('x', 0) };
    const actors = Object.fromEntries(
      Object.entries(bodies).map(([name, body]) => [name, (cpu: Cpu) => body(cpu, world)]),
    );
    return {
      actors,
      properties: [killIsFinal(ref)],
      look: () => [released.peek(), ref.count.peek(), world.x.peek()],
    };
  };
}

describe('a percpu_ref', () => {
  it('that is killed without users is released once, by the callback', () => {
    const { verdicts, looks } = everySchedule(
      setupOf({
        *owner(cpu, { ref }) {
          yield* cpu.percpu_ref_kill(ref);
        },
      }),
    );
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [[1, 0, 0]] });
  });

  it('is released once whoever puts last, and however gets and puts cross the kill', () => {
    const { verdicts, looks, schedules } = everySchedule(
      setupOf({
        *owner(cpu, { ref }) {
          yield* cpu.percpu_ref_kill(ref);
        },
        *user(cpu, { ref }) {
          if (yield* cpu.percpu_ref_tryget(ref)) yield* cpu.percpu_ref_put(ref);
        },
      }),
    );
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [[1, 0, 0]] });
    expect(schedules).toBeGreaterThan(100);
  });

  it('counts a get and a put on different CPUs', () => {
    const { verdicts, looks } = everySchedule(
      setupOf({
        *owner(cpu, { ref }) {
          yield* cpu.percpu_ref_get(ref);
          const putter = yield* cpu.spawn('putter', function* (own) {
            yield* own.percpu_ref_put(ref);
          });
          yield* cpu.join(putter);
          yield* cpu.percpu_ref_kill(ref);
        },
      }),
    );
    expect({ verdicts, looks }).toEqual({ verdicts: [fine], looks: [[1, 0, 0]] });
  });

  it('does not fall to 0 while a user has a reference', () => {
    const { looks } = everySchedule(
      setupOf({
        *owner(cpu, { ref }) {
          yield* cpu.percpu_ref_get(ref);
          yield* cpu.percpu_ref_kill(ref);
          yield* cpu.rcu_barrier();
          yield* cpu.assert(!(yield* cpu.percpu_ref_is_zero(ref)));
          yield* cpu.percpu_ref_put(ref);
          yield* cpu.assert(yield* cpu.percpu_ref_is_zero(ref));
        },
      }),
    );
    expect(looks).toEqual([[1, 0, 0]]);
  });

  it('is dying as soon as it is killed, and zero only later', () => {
    const { verdicts } = everySchedule(
      setupOf({
        *owner(cpu, { ref }) {
          yield* cpu.assert(!(yield* cpu.percpu_ref_is_dying(ref)));
          yield* cpu.assert(!(yield* cpu.percpu_ref_is_zero(ref)));
          yield* cpu.percpu_ref_kill(ref);
          yield* cpu.assert(yield* cpu.percpu_ref_is_dying(ref));
        },
      }),
    );
    expect(verdicts).toEqual([fine]);
  });

  it('warns of a second kill', () => {
    const { verdicts } = everySchedule(
      setupOf({
        *owner(cpu, { ref }) {
          yield* cpu.percpu_ref_kill(ref);
          yield* cpu.percpu_ref_kill(ref);
        },
      }),
    );
    expect(verdicts).toEqual([
      'WARNING: percpu_ref_kill() of ref called more than once (thread owner)',
    ]);
  });

  it('may not sleep in its release callback', () => {
    const { verdicts } = everySchedule((m) => {
      const lock = m.mutex('lock');
      const ref = m.percpuRef('ref', function* (cpu) {
        yield* cpu.mutex_lock(lock);
      });
      return {
        actors: {
          *owner(cpu) {
            yield* cpu.percpu_ref_kill(ref);
          },
        },
      };
    });
    expect(verdicts).toEqual([
      'owner/percpu_ref_kill_rcu may sleep in mutex_lock() inside an RCU read section (K-11)',
    ]);
  });

  it('does the same in a second execution on the machine', () => {
    const execution = executionOf(
      setupOf({
        *owner(cpu, { ref }) {
          yield* cpu.percpu_ref_kill(ref);
        },
        *user(cpu, { ref }) {
          if (yield* cpu.percpu_ref_tryget_live(ref)) yield* cpu.percpu_ref_put(ref);
        },
      }),
    );
    const runs = [0, 1].map(() => [execution.run(), execution.steps, execution.switches]);
    expect(runs[0]).toEqual(runs[1]);
  });
});

/** A lookup during the kill: [what the kill had come to before it, whether it succeeded]. */
function lookups(take: (cpu: Cpu, ref: PercpuRef) => Path<boolean>): readonly unknown[] {
  const { verdicts, looks } = everySchedule((m) => {
    // 1 when percpu_ref_kill_and_confirm() has returned, 2 when the kill is confirmed.
    const [stage, seen] = [m.cell('stage', 0), m.cell('seen', '')];
    const ref = m.percpuRef('ref', function* () {
      // Nothing is freed here.
    });
    return {
      actors: {
        *owner(cpu) {
          yield* cpu.percpu_ref_kill_and_confirm(ref, function* (own) {
            yield* own.write(stage, 2);
          });
          yield* cpu.cmpxchg(stage, 0, 1);
        },
        *lookup(cpu) {
          const before = yield* cpu.read(stage);
          const taken = yield* take(cpu, ref);
          yield* cpu.write(seen, `${String(before)} ${String(taken)}`);
          if (taken) yield* cpu.percpu_ref_put(ref);
        },
      },
      properties: [killIsFinal(ref)],
      look: () => seen.peek(),
    };
  });
  expect(verdicts).toEqual([fine]);
  return looks;
}

describe('after percpu_ref_kill()', () => {
  it('percpu_ref_tryget() still succeeds, even after the confirmation, until nothing is left', () => {
    const looks = lookups((cpu, ref) => cpu.percpu_ref_tryget(ref));
    expect(looks).toEqual(['0 false', '0 true', '1 false', '1 true', '2 false', '2 true']);
  });

  it('percpu_ref_tryget_live() fails once it sees the kill', () => {
    const looks = lookups((cpu, ref) => cpu.percpu_ref_tryget_live(ref));
    expect(looks).toEqual(['0 false', '0 true', '1 false', '2 false']);
  });

  it('one that looked before may succeed after the kill has returned, but not after the confirmation', () => {
    const outcomes = (confirmed: boolean): readonly unknown[] =>
      everySchedule((m) => {
        const [over, seen] = [m.cell('over', false), m.cell('seen', '')];
        const ref = m.percpuRef('ref', function* () {
          // Nothing is freed here.
        });
        function* finish(cpu: Cpu): Path {
          yield* cpu.write(over, true);
        }
        return {
          actors: {
            *owner(cpu) {
              if (confirmed) {
                yield* cpu.percpu_ref_kill_and_confirm(ref, finish);
              } else {
                yield* cpu.percpu_ref_kill(ref);
                yield* finish(cpu);
              }
            },
            *lookup(cpu) {
              yield* cpu.rcu_read_lock();
              const taken = yield* cpu.percpu_ref_tryget_live(ref);
              const wasOver = yield* cpu.read(over);
              yield* cpu.rcu_read_unlock();
              yield* cpu.write(seen, `taken: ${String(taken)}, over: ${String(wasOver)}`);
            },
          },
          look: () => seen.peek(),
        };
      }).looks;
    expect(outcomes(false)).toContain('taken: true, over: true');
    expect(outcomes(true)).not.toContain('taken: true, over: true');
    expect(outcomes(true)).toContain('taken: false, over: true');
  });
});

describe('I-33', () => {
  it('is broken by a tryget_live whose check and increment are in no section', () => {
    const { verdicts } = everySchedule((m) => {
      const ref = m.percpuRef('ref', function* () {
        // Nothing is freed here.
      });
      return {
        actors: {
          *owner(cpu) {
            yield* cpu.percpu_ref_kill(ref);
          },
          *lookup(cpu) {
            if (yield* cpu.read(ref.dead)) return;
            yield* cpu.this_cpu_inc(ref.counters);
            yield* cpu.emit(ref.takenAlive, undefined);
          },
        },
        properties: [killIsFinal(ref)],
      };
    });
    expect(verdicts).toContain(
      'I-33 ref is dead once its kill is confirmed, and released once: ' +
        'a live reference was taken after the confirmation',
    );
  });

  it('is broken by a put too many', () => {
    const { verdicts } = everySchedule(
      setupOf({
        *owner(cpu, { ref }) {
          yield* cpu.percpu_ref_kill(ref);
          yield* cpu.rcu_barrier();
          yield* cpu.percpu_ref_get(ref);
          yield* cpu.percpu_ref_put(ref);
        },
      }),
    );
    expect(verdicts).toEqual([
      'I-33 ref is dead once its kill is confirmed, and released once: it is released twice',
    ]);
  });
});
