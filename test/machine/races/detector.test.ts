// Which pairs of accesses are data races: small programs, each in every schedule.
import { describe, expect, it } from 'vitest';
import { enumerate } from '../../../scheduler/index.js';
import {
  type Allocated,
  type Cpu,
  type Machine,
  type Memory,
  type Path,
  signature,
} from '../../../src/machine/index.js';
import { armed, type Body, type Cast } from '../../support/program.js';
import { everySchedule, fine, type Options } from '../../support/run.js';

type Steps = (cpu: Cpu) => Path<unknown>;
type Pair = (m: Machine) => readonly [Body, Body];

/** The verdicts of all schedules of two threads a and b. */
function verdicts(pair: Pair, options: Options = {}): readonly string[] {
  return everySchedule(cast(pair), { dataRaces: true, ...options }).verdicts;
}

function cast(pair: Pair): (m: Machine) => Cast {
  return (m) => {
    const [a, b] = pair(m);
    return { actors: { a, b } };
  };
}

class thing implements Allocated {
  readonly memory: Memory;
  readonly refcount;
  readonly value;
  constructor(memory: Memory) {
    this.memory = memory;
    this.refcount = memory.refcount('refcount', 2);
    this.value = memory.cell('value', 0);
  }
}

/** Both do the same. */
const both = (steps: Steps): readonly [Steps, Steps] => [steps, steps];

const silent: Readonly<Record<string, Pair>> = {
  'a mutex': (m) => {
    const [x, l] = [m.cell('x', 0), m.mutex('l')];
    return both(function* (cpu) {
      yield* cpu.mutex_lock(l);
      yield* cpu.write(x, (yield* cpu.read(x)) + 1);
      yield* cpu.mutex_unlock(l);
    });
  },
  'an rwsem, held for reading by who reads': (m) => {
    const [x, l] = [m.cell('x', 0), m.rwsem('l')];
    return [
      function* (cpu) {
        yield* cpu.down_write(l);
        yield* cpu.write(x, 1);
        yield* cpu.up_write(l);
      },
      function* (cpu) {
        yield* cpu.down_read(l);
        yield* cpu.read(x);
        yield* cpu.up_read(l);
      },
    ];
  },
  'a trylock that took the lock': (m) => {
    const [x, l] = [m.cell('x', 0), m.spinlock('l')];
    return both(function* (cpu) {
      if (!(yield* cpu.spin_trylock(l))) return;
      yield* cpu.write(x, 1);
      yield* cpu.spin_unlock(l);
    });
  },
  'spawn and join': (m) => {
    const x = m.cell('x', 0);
    return [
      function* (cpu) {
        yield* cpu.write(x, 1);
        const child = yield* cpu.spawn('child', function* (own) {
          yield* own.write(x, 2);
        });
        yield* cpu.join(child);
        yield* cpu.write(x, 3);
      },
      function* () {},
    ];
  },
  'a completion': (m) => {
    const [x, done] = [m.cell('x', 0), m.completion('done')];
    return [
      function* (cpu) {
        yield* cpu.write(x, 1);
        yield* cpu.complete(done);
      },
      function* (cpu) {
        yield* cpu.wait_for_completion(done);
        yield* cpu.read(x);
      },
    ];
  },
  'full barriers around marked accesses': (m) => {
    const [x, flag] = [m.cell('x', 0), m.cell('flag', 0)];
    return [
      function* (cpu) {
        yield* cpu.write(x, 1);
        yield* cpu.smp_wmb();
        yield* cpu.WRITE_ONCE(flag, 1);
      },
      function* (cpu) {
        if ((yield* cpu.READ_ONCE(flag)) === 0) return;
        yield* cpu.smp_rmb();
        yield* cpu.read(x);
      },
    ];
  },
  'the last reference': (m) => {
    const shared = m.object(thing, 'shared');
    return both(function* (cpu) {
      yield* cpu.read(shared.value);
      if (yield* cpu.atomic_dec_and_test(shared.refcount)) yield* cpu.kfree(shared);
    });
  },
  'readers of an RCU pointer, and a grace period before the object is freed': (m) => {
    const shared = m.object(thing, 'shared');
    const pointer = m.rcuPointer<thing | null>('pointer', shared);
    return [
      function* (cpu) {
        yield* cpu.rcu_assign_pointer(pointer, null);
        yield* cpu.synchronize_rcu();
        yield* cpu.kfree(shared);
      },
      function* (cpu) {
        yield* cpu.rcu_read_lock();
        const found = yield* cpu.rcu_dereference(pointer);
        if (found !== null) yield* cpu.read(found.value);
        yield* cpu.rcu_read_unlock();
      },
    ];
  },
  'preemption off on the same CPU': (m) => {
    const x = m.cell('x', 0);
    function* path(cpu: Cpu): Path {
      yield* cpu.preempt_disable();
      yield* cpu.write(x, 1);
      yield* cpu.preempt_enable();
    }
    return [
      { path, cpu: 0 },
      { path, cpu: 0 },
    ];
  },
  'two reads': (m) => {
    const x = m.cell('x', 0);
    return both(function* (cpu) {
      yield* cpu.read(x);
    });
  },
};

/** Pairs that race in some schedule, and what is said of them. */
const racing: Readonly<Record<string, readonly [Pair, string]>> = {
  'different locks': [
    (m) => {
      const [x, l, n] = [m.cell('x', 0), m.mutex('l'), m.mutex('n')];
      const under = (lock: typeof l): Steps =>
        function* (cpu) {
          yield* cpu.mutex_lock(lock);
          yield* cpu.write(x, 1);
          yield* cpu.mutex_unlock(lock);
        };
      return [under(l), under(n)];
    },
    'by b, holding n, race on x: no lock is common to both',
  ],
  'writing under a read lock': [
    (m) => {
      const [x, l] = [m.cell('x', 0), m.rwsem('l')];
      return both(function* (cpu) {
        yield* cpu.down_read(l);
        yield* cpu.write(x, 1);
        yield* cpu.up_read(l);
      });
    },
    'both hold l for reading only, and one of them writes',
  ],
  'a trylock that failed': [
    (m) => {
      const [x, l] = [m.cell('x', 0), m.spinlock('l')];
      return both(function* (cpu) {
        const taken = yield* cpu.spin_trylock(l);
        yield* cpu.write(x, 1);
        if (taken) yield* cpu.spin_unlock(l);
      });
    },
    'no lock is common to both',
  ],
  'an atomic operation without a result': [
    (m) => {
      const [x, flag] = [m.cell('x', 0), m.cell('flag', 0)];
      return [
        function* (cpu) {
          yield* cpu.write(x, 1);
          yield* cpu.atomic_inc(flag);
        },
        function* (cpu) {
          if ((yield* cpu.atomic_read(flag)) === 1) yield* cpu.read(x);
        },
      ];
    },
    'b read flag with atomic_read() after a had written it with atomic_inc()',
  ],
  'a private object that is published by WRITE_ONCE() of a number': [
    (m) => {
      const [shared, ready] = [m.object(thing, 'shared'), m.cell('ready', 0)];
      return [
        function* (cpu) {
          yield* cpu.init(shared.value, 7);
          yield* cpu.WRITE_ONCE(ready, 1);
        },
        function* (cpu) {
          if ((yield* cpu.READ_ONCE(ready)) === 1) yield* cpu.read(shared.value);
        },
      ];
    },
    'with init() by a',
  ],
  'a list without its lock': [
    (m) => {
      const [head, node] = [m.list<number>('head'), m.list<number>('node', 1)];
      return [
        function* (cpu) {
          yield* cpu.list_add(node, head);
        },
        function* (cpu) {
          yield* cpu.list_empty(head);
        },
      ];
    },
    'race on head.next',
  ],
  'threads that preempt each other on one CPU': [
    (m) => {
      const x = m.cell('x', 0);
      function* path(cpu: Cpu): Path {
        yield* cpu.write(x, 1);
      }
      return [
        { path, cpu: 0 },
        { path, cpu: 0 },
      ];
    },
    'both run on CPU0, where b may be preempted in the middle of its access',
  ],
  'a free that nothing orders': [
    (m) => {
      const shared = m.object(thing, 'shared');
      return [
        function* (cpu) {
          yield* cpu.READ_ONCE(shared.value);
        },
        function* (cpu) {
          yield* cpu.kfree(shared);
        },
      ];
    },
    'kfree() by b, holding no lock, race on shared.value',
  ],
};

describe('data races', () => {
  it.each(Object.entries(silent))('are none where there is %s', (_, pair) => {
    expect(verdicts(pair)).toEqual([fine]);
  });

  it.each(Object.entries(racing))('are found where there is %s', (_, [pair, says]) => {
    expect(verdicts(pair).join('\n')).toContain(says);
  });

  it('are none after a wake-up, but a wake-up that finds nobody asleep orders nothing', () => {
    const found = verdicts((m) => {
      const [x, flag] = [m.cell('x', 0), m.cell('flag', 0)];
      function* sleeper(cpu: Cpu): Path {
        for (;;) {
          yield* cpu.set_current_state('TASK_UNINTERRUPTIBLE');
          if ((yield* cpu.READ_ONCE(flag)) === 1) break;
          yield* cpu.schedule();
        }
        yield* cpu.set_current_state('TASK_RUNNING');
        yield* cpu.read(x);
      }
      return [
        function* (cpu) {
          const child = yield* cpu.spawn('sleeper', sleeper);
          yield* cpu.write(x, 1);
          yield* cpu.WRITE_ONCE(flag, 1);
          yield* cpu.wake_up_process(child);
        },
        function* () {},
      ];
    });
    expect(found).toContain(fine);
    expect(found.join()).toContain('a/sleeper read flag with READ_ONCE() after a had written it');
    expect(found).toHaveLength(2);
  });

  it('are not looked for unless the machine is asked to', () => {
    for (const [pair] of [racing['different locks'], racing['a list without its lock']].flatMap(
      (one) => (one === undefined ? [] : [one]),
    )) {
      expect(verdicts(pair, { dataRaces: false })).toEqual([fine]);
    }
  });

  it('have one signature, whichever access comes first', () => {
    const machine = armed(
      cast((m) => {
        const x = m.cell('x', 0);
        return [
          function* (cpu) {
            yield* cpu.write(x, 1);
          },
          function* (cpu) {
            yield* cpu.read(x);
          },
        ];
      }),
      { dataRaces: true },
    );
    const signatures = new Set<string>();
    const found = enumerate(
      { name: 'test', build: () => machine },
      { all: true, onRun: () => signatures.add(signature(machine.verdict)) },
    );
    expect([...signatures]).toEqual(['data race x a write, b read']);
    expect({ runs: found.runs, failures: found.failures }).toEqual({ runs: 2, failures: 2 });
  });

  it('are the same when the same machine runs its schedules again', () => {
    const machine = armed(cast((racing['a trylock that failed'] ?? [both])[0] as Pair), {
      dataRaces: true,
    });
    const program = { name: 'test', build: () => machine };
    const [first, second] = [enumerate(program), enumerate(program)];
    expect(second.failures).toBe(first.failures);
    expect(second.finding?.verdict).toEqual(first.finding?.verdict);
    expect(first.failures).toBeGreaterThan(0);
  });

  it('name the threads, what they did, their locks and what is missing as data', () => {
    const machine = armed(cast((racing['different locks'] ?? [both])[0] as Pair), {
      dataRaces: true,
    });
    const { finding } = enumerate({ name: 'test', build: () => machine });
    expect(finding?.verdict).toMatchObject({
      kind: 'data race',
      cell: 'x',
      missing: 'no lock is common to both, and nothing else orders them',
      accesses: [
        { thread: 'a', cpu: 0, does: 'writes', marked: false, value: '1', locks: ['l'], step: 1 },
        { thread: 'b', cpu: 1, does: 'writes', marked: false, value: '1', locks: ['n'], step: 4 },
      ],
    });
  });
});
