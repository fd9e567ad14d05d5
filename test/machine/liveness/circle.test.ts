import { describe, expect, it } from 'vitest';
import { type Cpu, Loop, type Path } from '../../../src/machine/index.js';
import { explore } from '../../../scheduler/index.js';
import { type Body, crowd, program } from '../../support/program.js';
import { everySchedule, fine, type Setup } from '../../support/run.js';

/** Looks at a flag under a lock, until it is set. */
const pollers =
  (count: number, isSet: boolean): Setup =>
  (m) => {
    const [x, lock] = [m.cell('x', 0), m.spinlock('lock')];
    function* poll(cpu: Cpu): Path {
      const retry = new Loop('retry');
      for (;;) {
        yield* cpu.loop(retry);
        yield* cpu.spin_lock(lock);
        const seen = yield* cpu.read(x);
        yield* cpu.spin_unlock(lock);
        if (seen === 1) break;
      }
    }
    function* set(cpu: Cpu): Path {
      yield* cpu.write(x, 1);
    }
    return { actors: { ...crowd('p', count, () => poll), ...(isSet ? { set } : {}) } };
  };

describe('a round that changes things and puts them back', () => {
  it('is a finite wait, however many do it', () => {
    const one = everySchedule(pollers(1, true));
    const two = everySchedule(pollers(2, true));
    expect([one.verdicts, two.verdicts]).toEqual([[fine], [fine]]);
    expect([one.schedules, two.schedules]).toEqual([4, 524]);
  });

  it('is a livelock where nobody sets the flag', () => {
    const { verdicts, schedules } = everySchedule(pollers(2, false));
    expect(schedules).toBe(15);
    expect(verdicts[0]).toBe(
      'p0 and p1 go round in retry for ever: after 10 more steps everything is as it was, ' +
        'and nobody else could go on in between',
    );
    expect(verdicts.every((verdict) => verdict.startsWith('p0 and p1 go round'))).toBe(true);
  });
});

/** Takes one lock, tries the other, and gives up and begins anew where that is taken. */
const backoff =
  (order: readonly [number, number]): Setup =>
  (m) => {
    const locks = [m.spinlock('a'), m.spinlock('b')] as const;
    const taker = (first: number): Body =>
      function* (cpu) {
        const again = new Loop('again');
        for (;;) {
          yield* cpu.loop(again);
          const [mine, other] = first === 0 ? locks : [locks[1], locks[0]];
          yield* cpu.spin_lock(mine);
          const both = yield* cpu.spin_trylock(other);
          if (both) yield* cpu.spin_unlock(other);
          yield* cpu.spin_unlock(mine);
          if (both) break;
        }
      };
    return { actors: { p: taker(order[0]), q: taker(order[1]) } };
  };

describe('two that back off from each other', () => {
  it('can do so in step for ever', () => {
    const { verdicts } = everySchedule(backoff([0, 1]));
    expect(verdicts[0]).toBe(fine);
    expect(verdicts).toContain(
      'p and q go round in again for ever: after 6 more steps everything is as it was, ' +
        'and nobody else could go on in between',
    );
  });

  it('cannot where both begin with the same lock', () => {
    expect(everySchedule(backoff([0, 0])).verdicts).toEqual([fine]);
  });
});

describe('a value that a loop shows now and then', () => {
  /** Counts how often another thread sees it. */
  const flicker =
    (rounds: number): Setup =>
    (m) => {
      const [x, stop] = [m.cell('x', 0), m.cell('stop', false)];
      let machine = m;
      machine = m;
      return {
        actors: {
          *shows(cpu) {
            const again = new Loop('again');
            for (let round = 0; round < rounds; round++) {
              if (rounds === Number.POSITIVE_INFINITY) yield* cpu.loop(again);
              if (yield* cpu.read(stop)) break;
              yield* cpu.write(x, 1);
              yield* cpu.write(x, 0);
            }
          },
          *looks(cpu) {
            const seen = [yield* cpu.read(x), yield* cpu.read(x)];
            yield* cpu.write(stop, true);
            return seen.join(' ');
          },
        },
        look: () => machine.thread(1).result,
      };
    };

  it('can be seen as often as without a loop head', () => {
    const bounded = everySchedule(flicker(2));
    const endless = everySchedule(flicker(Number.POSITIVE_INFINITY));
    expect(endless.looks).toEqual(['0 0', '0 1', '1 0', '1 1']);
    expect(endless.looks).toEqual(bounded.looks);
    expect(endless.verdicts).toEqual([fine]);
  });
});

describe('a writer that waits for readers who come and go', () => {
  const readers =
    (kind: 'rwlock' | 'rwsem'): Setup =>
    (m) => {
      const stop = m.cell('stop', false);
      const [rwlock, sem] = [m.rwlock('tasklist_lock'), m.rwsem('css_set_rwsem')];
      function* read(cpu: Cpu): Path {
        const again = new Loop('again');
        for (;;) {
          yield* cpu.loop(again);
          yield* kind === 'rwlock' ? cpu.read_lock(rwlock) : cpu.down_read(sem);
          const done = yield* cpu.read(stop);
          yield* kind === 'rwlock' ? cpu.read_unlock(rwlock) : cpu.up_read(sem);
          if (done) break;
        }
      }
      function* write(cpu: Cpu): Path {
        yield* kind === 'rwlock' ? cpu.write_lock(rwlock) : cpu.down_write(sem);
        yield* cpu.write(stop, true);
        yield* kind === 'rwlock' ? cpu.write_unlock(rwlock) : cpu.up_write(sem);
      }
      return { actors: { r: read, s: read, write } };
    };

  const sampled = (kind: 'rwlock' | 'rwsem') =>
    explore(program(kind, readers(kind)), { seed: '1', runs: 1_500, strategies: ['random'] });

  it('starves if they may overlap for ever, and says how often it was passed', () => {
    expect(sampled('rwlock').finding?.verdict).toMatchObject({
      form: 'starvation',
      thread: 'write',
      message: expect.stringMatching(
        /^write starves: it waits for tasklist_lock in write_lock\(\), while others were granted it \d+ times?, and so on for ever$/,
      ) as string,
    });
  });

  it('does not starve if it has a place in the queue', () => {
    expect(sampled('rwsem')).toMatchObject({ outcome: 'not found', runs: 1_500, limited: 0 });
  });
});
