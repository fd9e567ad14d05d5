import { describe, expect, test } from 'vitest';
import { always, broken, MachineEvent, onEvent, monitor } from '../../src/machine/index.js';
import { deadlockText } from '../../src/trace/deadlock.js';
import { relevantSteps } from '../../src/trace/relevance.js';
import { stepsOf, type Trace } from '../../src/trace/trace.js';
import {
  counter,
  crossedMutexes,
  deadlock,
  lostUpdate,
  nestedCalls,
  overtaking,
  queuedWriter,
  record,
  useAfterFree,
} from './runs.js';

const texts = (trace: Trace): string[] => stepsOf(trace).map(({ text }) => text);
const kinds = (trace: Trace): string[] => trace.entries.map(({ kind }) => kind);

describe('a trace', () => {
  test('is plain data: JSON brings it back as it was', () => {
    const { trace } = record(nestedCalls, overtaking, { cpus: 2, rung: 'base' });
    expect(JSON.parse(JSON.stringify(trace))).toEqual(trace);
  });

  test('is the same whenever the same schedule runs on the same machine', () => {
    const { trace, again } = record(nestedCalls, overtaking, { cpus: 2 });
    expect(again()).toEqual(trace);
    expect(again()).toEqual(trace);
  });

  test('tells calls, notes, events and steps in their order', () => {
    const { trace } = record(nestedCalls, {}, { cpus: 3 });
    const fork = trace.entries.filter((entry) => !('thread' in entry) || entry.thread === 0);
    expect(fork.map((entry) => ('name' in entry ? `${entry.kind} ${entry.name}` : entry.kind)))
      .toMatchInlineSnapshot(`
      [
        "enter copy_process",
        "enter cgroup_attach_task_to_the_default_hierarchy",
        "enter list_it",
        "note",
        "step",
        "event seen",
        "leave list_it",
        "step",
        "leave cgroup_attach_task_to_the_default_hierarchy",
        "leave copy_process",
      ]
    `);
  });

  test('shows arguments, results, values and payloads as people read them', () => {
    const { trace } = record(nestedCalls, overtaking, { cpus: 2 });
    expect(trace.entries.find((entry) => entry.kind === 'event')).toEqual({
      kind: 'event',
      name: 'seen',
      payload: 'task: child, n: 1',
    });
    const left = trace.entries.filter((entry) => entry.kind === 'leave').map((e) => e.result);
    expect(left).toEqual(['nothing', 'nothing', '7', 'nothing', 'nothing']);
    expect(trace.entries.find((entry) => entry.kind === 'enter' && entry.name === 'add_one')).toBe(
      undefined,
    );
    expect(stepsOf(trace)[1]).toMatchObject({ text: 'read child->flags: 0x10', result: '0x10' });
  });

  test('says which cells a step changed and what they hold then', () => {
    const { trace } = record(counter, lostUpdate);
    const steps = stepsOf(trace);
    expect(steps.map(({ writes, values }) => writes.map((cell, i) => [cell, values[i]]))).toEqual([
      [],
      [['mine', '1']],
      [],
      [['mine', '1']],
      [],
      [['x', '1']],
      [['x', '1']],
    ]);
    expect(trace.cells).toEqual([
      { name: 'mine', label: 'mine', initial: '0' },
      { name: 'x', label: 'x', initial: '0' },
    ]);
  });

  test('leaves out what properties remember and what a CPU keeps count of', () => {
    const seen = new MachineEvent<number>('seen');
    const { trace } = record((machine) => {
      const lock = machine.spinlock('lock');
      const x = machine.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            yield* cpu.read(x);
            yield* cpu.emit(seen, 1);
            yield* cpu.preempt_disable();
            yield* cpu.preempt_enable();
            yield* cpu.spin_lock(lock);
            yield* cpu.spin_unlock(lock);
            yield* cpu.write(x, 1);
            yield* cpu.write(x, 2);
          },
        },
        properties: [
          monitor(
            'counts',
            0,
            onEvent(seen, (state, n) => state + n),
          ),
          always('x is small', () => x.peek() < 9),
        ],
      };
    });
    expect(trace.cells.map(({ name }) => name)).toEqual(['lock.holder', 'x']);
    const values = stepsOf(trace).map((step) => step.values);
    expect(values).toEqual([[], ['a'], ['nobody'], ['1'], ['2']]);
  });

  test('knows the open functions and the held locks of each step', () => {
    const { trace } = record(queuedWriter);
    expect(stepsOf(trace).map(({ text, frames, locks }) => [text, frames.length, locks])).toEqual([
      ['down_read(css_set_rwsem)', 1, ['css_set_rwsem']],
      ['down_read(css_set_rwsem)', 2, ['css_set_rwsem']],
      ['up_read(css_set_rwsem)', 2, ['css_set_rwsem']],
      ['up_read(css_set_rwsem)', 1, []],
      ['down_write(css_set_rwsem)', 1, ['css_set_rwsem']],
      ['up_write(css_set_rwsem)', 1, []],
    ]);
  });

  test('tells a step that joins a queue from the one that is granted', () => {
    const { trace } = record(queuedWriter, { 1: 1, 2: 0 }, { all: true });
    expect(stepsOf(trace).map(({ waits }) => waits)).toEqual([false, true, true]);
  });

  test('names objects, threads and allocations', () => {
    const { trace } = record(useAfterFree, {}, { faults: 1 });
    expect(texts(trace)).toEqual([
      'thing = kmalloc()',
      'spawn main/child',
      'atomic_inc(thing->count)',
      'join main/child',
      'fetch_add(thing->count, 2): 2',
      'kfree(thing)',
      'read thing->count',
    ]);
    expect(stepsOf(trace).map(({ subject }) => subject)).toContain('Thing:main/1.count');
    expect(trace.threads).toEqual([
      { name: 'main', cpu: 0 },
      { name: 'main/child', cpu: 1 },
    ]);
  });

  test('counts the steps that the scheduler counts: a BUG is none', () => {
    const runs = [
      record(useAfterFree),
      record(crossedMutexes, deadlock),
      record(queuedWriter, { 1: 1 }),
      record((machine) => {
        const x = machine.cell('x', 0);
        return {
          actors: {
            *a(cpu) {
              yield* cpu.write(x, 1);
              yield* cpu.BUG_ON(true, 'no');
            },
          },
        };
      }),
    ];
    for (const { trace, steps } of runs) {
      expect([trace.steps, stepsOf(trace).length]).toEqual([steps, steps]);
      expect(trace.entries.at(-1)).toEqual({ kind: 'verdict', verdict: trace.verdict });
    }
  });

  test('counts questions as schedules do: an allocation that may fail asks twice', () => {
    const { trace } = record(useAfterFree, {}, { faults: 1 });
    expect(stepsOf(trace).map(({ at }) => at)).toEqual([0, 2, 3, 4, 5, 6, 7]);
    const failed = record(useAfterFree, { 1: 1 }, { faults: 1 }).trace;
    expect(texts(failed)).toEqual(['kmalloc(Thing) fails']);
  });
});

describe('the verdict of a trace', () => {
  test('stands behind the step in whose middle it was reached', () => {
    expect(kinds(record(useAfterFree).trace).slice(-2)).toEqual(['step', 'verdict']);
    expect(kinds(record(queuedWriter, { 1: 1 }).trace).slice(-2)).toEqual(['step', 'verdict']);
  });

  test('stands behind the atomic block that broke a property, and ends the trace', () => {
    const inMiddle = (all: boolean): string[] =>
      kinds(
        record(
          (machine) => {
            const x = machine.cell('x', 0);
            return {
              actors: {
                *a(cpu) {
                  yield* cpu.write(x, 1);
                  yield* cpu.emit(new MachineEvent('after'), undefined);
                  yield* cpu.write(x, 2);
                },
              },
              properties: [always('x stays 0', () => x.peek() === 0)],
            };
          },
          {},
          { all },
        ).trace,
      );
    expect(inMiddle(false)).toEqual(['step', 'event', 'verdict']);
    expect(inMiddle(true)).toEqual(['step', 'event', 'verdict', 'step']);
  });

  test('stands where it was reached when the others go on', () => {
    const { trace } = record(
      (machine) => {
        const x = machine.cell('x', 0);
        const gone = new MachineEvent<number>('gone');
        return {
          actors: {
            *a(cpu) {
              yield* cpu.write(x, 1);
              yield* cpu.WARN_ON(true, 'odd');
              yield* cpu.emit(gone, 3);
            },
            *b(cpu) {
              yield* cpu.write(x, 2);
            },
          },
          properties: [
            monitor(
              'nothing goes',
              0,
              onEvent(gone, (state: number, n) => (n > 0 ? broken('it went') : state)),
            ),
          ],
        };
      },
      {},
      { all: true },
    );
    expect(kinds(trace)).toEqual(['step', 'verdict', 'event', 'step']);
    expect(trace.verdict.kind).toBe('warning');
  });
});

describe('acquisitions', () => {
  test('say who took what, when and where', () => {
    const { trace, recorder } = record(crossedMutexes, deadlock);
    expect(recorder.acquisitions).toEqual([
      { lock: 'A', label: 'A', thread: 0, step: 0, operation: 'mutex_lock', takenIn: undefined },
      { lock: 'B', label: 'B', thread: 1, step: 1, operation: 'mutex_lock', takenIn: 'take_both' },
    ]);
    expect(trace.held).toEqual(recorder.acquisitions);
  });

  test('are forgotten at the release', () => {
    expect(record(crossedMutexes).recorder.acquisitions).toEqual([]);
  });

  test('make the words of a deadlock', () => {
    const { trace } = record(crossedMutexes, deadlock);
    if (trace.verdict.kind !== 'deadlock') throw new Error(trace.verdict.kind);
    expect(deadlockText(trace.verdict, trace)).toMatchInlineSnapshot(`
      "circular wait: ba -> ab -> ba
        ba (CPU1) waits for A in mutex_lock(), held by ab since step 0
        ab (CPU0) waits for B in mutex_lock(), held by ba since step 1, taken in take_both()"
    `);
  });
});

describe('what matters', () => {
  test('is everything but reads that nobody else writes', () => {
    const { trace } = record(counter, lostUpdate);
    expect([...relevantSteps(trace)]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('includes reads of a list that another thread changes', () => {
    const { trace } = record(nestedCalls, overtaking, { cpus: 2 });
    const shown = relevantSteps(trace);
    const reads = stepsOf(trace).filter(({ operation }) => operation === 'list_empty');
    expect(reads.map(({ n }) => shown.has(n))).toEqual([true, true]);
  });

  const busy = (rounds: number): Trace =>
    record(
      (machine) => {
        const own = machine.cell('own', 0);
        const shared = machine.cell('shared', 0);
        const lock = machine.mutex('lock');
        const inner = machine.spinlock('inner');
        const sem = machine.rwsem('sem');
        return {
          actors: {
            *a(cpu) {
              for (let i = 0; i < rounds; i++) {
                yield* cpu.mutex_lock(lock);
                yield* cpu.spin_lock(inner);
                yield* cpu.write(own, i);
                yield* cpu.spin_unlock(inner);
                yield* cpu.mutex_unlock(lock);
              }
              yield* cpu.mutex_lock(lock);
              yield* cpu.spin_lock(inner);
              yield* cpu.write(shared, 1);
              yield* cpu.spin_unlock(inner);
              yield* cpu.mutex_unlock(lock);
              yield* cpu.down_read(sem);
              yield* cpu.up_read(sem);
            },
            *b(cpu) {
              yield* cpu.down_write(sem);
              yield* cpu.up_write(sem);
              const child = yield* cpu.spawn('c', function* (other) {
                yield* other.down_read(sem);
                yield* other.down_read(sem);
                yield* other.up_read(sem);
                yield* other.up_read(sem);
                yield* other.mutex_lock(lock);
                yield* other.read(shared);
                yield* other.mutex_unlock(lock);
              });
              yield* cpu.join(child);
              yield* cpu.read(shared);
            },
          },
        };
      },
      { [5 * rounds + 6]: 1, [5 * rounds + 7]: 0 },
    ).trace;

  test('is, of more than a screenful, only what two threads touch, and the locks around that', () => {
    const trace = busy(0);
    expect(relevantSteps(trace).size).toBe(trace.steps - 1);
    const long = busy(9);
    const shown = relevantSteps(long);
    expect(
      stepsOf(long)
        .filter(({ n }) => shown.has(n))
        .map(({ text }) => text),
    ).toMatchInlineSnapshot(`
      [
        "mutex_lock(lock)",
        "spin_lock(inner)",
        "shared = 1",
        "spin_unlock(inner)",
        "mutex_unlock(lock)",
        "down_write(sem): queues",
        "down_write(sem)",
        "up_write(sem)",
        "spawn b/c",
        "down_read(sem)",
        "down_read(sem)",
        "up_read(sem)",
        "up_read(sem)",
        "mutex_lock(lock)",
        "read shared: 1",
        "mutex_unlock(lock)",
        "read shared: 1",
      ]
    `);
  });
});

describe('digests', () => {
  const long = (steps: number): ReturnType<typeof record> =>
    record((machine) => {
      const x = machine.cell('x', 0);
      return {
        actors: {
          *a(cpu) {
            for (let i = 1; i <= steps; i++) yield* cpu.write(x, i);
          },
        },
      };
    });

  test('come every 16 steps, and at the end', () => {
    const { recorder } = long(40);
    expect(recorder.digests().map(({ step }) => step)).toEqual([16, 32, 40]);
    for (const { digest } of recorder.digests()) expect(digest).toMatch(/^[0-9a-f]{16}$/);
  });

  test('are spaced wider in a long execution', () => {
    const steps = long(5000)
      .recorder.digests()
      .map(({ step }) => step);
    expect(steps.length).toBeLessThanOrEqual(65);
    expect(steps.slice(0, 2)).toEqual([128, 256]);
    expect(steps.at(-1)).toBe(5000);
  });

  test('are equal for equal states', () => {
    const ends = [record(counter), record(counter, { 3: 1 }), record(counter)].map(
      ({ recorder }) => recorder.digests().at(-1)?.digest,
    );
    expect(ends[0]).toBe(ends[2]);
    expect(ends[0]).not.toBe(ends[1]);
  });
});
