import { describe, expect, test } from 'vitest';
import { renderColumns, type ColumnOptions } from '../../src/trace/columns.js';
import type { Trace } from '../../src/trace/trace.js';
import { wrap } from '../../src/trace/wrap.js';
import {
  counter,
  crossedMutexes,
  deadlock,
  lostUpdate,
  manyCpus,
  nestedCalls,
  overtaking,
  queuedWriter,
  record,
} from './runs.js';

const race = record(counter, lostUpdate).trace;

describe('the picture', () => {
  test('shows writes, and reads of what another thread writes', () => {
    expect(renderColumns(race)).toMatchInlineSnapshot(`
      "       CPU0                    CPU1
             ----                    ----
        add_one()
          mine = 1
          read x: 0
                                     add_one()
                                       mine = 1
                                       read x: 0
                                       x = 1
          x = 1

       *** VIOLATION ***

        both count: x is 1

      6 of 7 steps shown; --full shows all"
    `);
  });

  test('shows every step, its notes and the arguments of calls when full', () => {
    const { trace } = record(nestedCalls, overtaking, { cpus: 2 });
    expect(renderColumns(trace, { full: true })).toMatchInlineSnapshot(`
      "       CPU0                    CPU1
             ----                    ----
        fork:
          copy_process()
            cgroup_attach_task_to_the_default_hierarchy()
              list_it()
                child->flags = 0x10
                list_add(child, F->tasks)
        idle:
          css_task_iter_next()
            read child->flags: 0x10
                                     css_task_iter_next()
                                       read child->flags: 0x10
        fork:
            cgroup_attach_task_to_the_default_hierarchy() ...
              child->flags = 0x40
                                       list_empty(F->tasks): no
                                       list_del_init(child)
        idle:
          css_task_iter_next() ...
            list_empty(F->tasks): yes

      No failure: nothing was found."
    `);
  });

  test('names the threads that share a CPU whenever the CPU changes hands', () => {
    expect(renderColumns(record(nestedCalls, overtaking, { cpus: 2 }).trace))
      .toMatchInlineSnapshot(`
      "       CPU0                    CPU1
             ----                    ----
        fork:
          copy_process()
            cgroup_attach_task_to_the_default_hierarchy()
              list_it()
                list_add(child, F->tasks)
        idle:
          css_task_iter_next()
            read child->flags: 0x10
                                     css_task_iter_next()
                                       read child->flags: 0x10
        fork:
            cgroup_attach_task_to_the_default_hierarchy() ...
              child->flags = 0x40
                                       list_empty(F->tasks): no
                                       list_del_init(child)
        idle:
          css_task_iter_next() ...
            list_empty(F->tasks): yes

      No failure: nothing was found."
    `);
  });

  test('draws the waits of a deadlock, the closing one last', () => {
    expect(renderColumns(record(crossedMutexes, deadlock).trace)).toMatchInlineSnapshot(`
      "       CPU0                    CPU1
             ----                    ----
        ab:
          mutex_lock(A)
                                     take_both()
                                       mutex_lock(B)
          mutex_lock(B)        <-- waits for ba
                                       mutex_lock(A)        <-- waits for ab

       *** DEADLOCK ***

        circular wait: ba -> ab -> ba
          ba (CPU1) waits for A in mutex_lock(), held by ab since step 0
          ab (CPU0) waits for B in mutex_lock(), held by ba since step 1, taken
              in take_both()"
    `);
  });

  test('draws a queue as the steps that joined it', () => {
    expect(renderColumns(record(queuedWriter, { 1: 1 }).trace)).toMatchInlineSnapshot(`
      "       CPU0                    CPU1
             ----                    ----
        cgroup_is_populated()
          down_read(css_set_rwsem)
                                     cgroup_post_fork()
                                       down_write(css_set_rwsem): queues
          css_next_child_of_a_function_with_a_long_name()
            down_read(css_set_rwsem): queues

       *** DEADLOCK ***

        circular wait: reader -> writer -> reader
          reader (CPU0) waits for css_set_rwsem in down_read(), behind writer,
              which queued first
          writer (CPU1) waits for css_set_rwsem in down_write(), held by reader
              since step 0, taken in cgroup_is_populated()"
    `);
  });

  test('says which wait is for a CPU, for the end of a thread, or for nobody', () => {
    const wait = { operation: 'spin_lock', heldBy: 'second' };
    const cycle = [
      { ...wait, thread: 'first', waitsFor: 'CPU0' },
      { ...wait, thread: 'second', operation: 'join', waitsFor: 'the end of x', heldBy: 'x' },
      { ...wait, thread: 'second', waitsFor: 'gone', heldBy: undefined },
      { ...wait, thread: 'second', waitsFor: 'somewhere' },
    ];
    const verdict = { kind: 'deadlock', cycle, message: '' } as const;
    const entries = race.entries.slice(0, 6);
    expect(renderColumns({ ...race, entries, verdict, steps: 3 })).toMatchInlineSnapshot(`
      "       CPU0                    CPU1
             ----                    ----
        add_one()
          mine = 1
                                     add_one()
                                       join(x)        <-- waits for x
                                       spin_lock(gone)        <-- never granted
                                       spin_lock(somewhere)  <-- waits for second
          spin_lock()        <-- waits for second

       *** DEADLOCK ***

        no thread can go on
          first (CPU0) waits for CPU0 in spin_lock(), where second cannot be
              preempted
          second (CPU1) waits for the end of x in join(), which cannot go on
          second (CPU1) waits for gone in spin_lock(), which nobody will give up
          second (CPU1) waits for somewhere in spin_lock(), held by second

      1 of 3 steps shown; --full shows all"
    `);
  });

  test('says again which function goes on after many lines of others', () => {
    const { trace } = record(counter, lostUpdate);
    const enter = { kind: 'enter', thread: 1, name: 'busy', args: [] } as const;
    const note = { kind: 'note', thread: 1, text: 'busy', writes: [], values: [] } as const;
    const last = trace.entries.findLastIndex((entry) => entry.kind === 'step');
    const entries = trace.entries.toSpliced(
      last,
      0,
      enter,
      ...Array.from({ length: 13 }, () => note),
    );
    expect(renderColumns({ ...trace, entries }, { full: true })).toContain(
      '\n  add_one() ...\n    x = 1',
    );
  });

  test('puts an arrow beside a marked step, or below it where there is no room', () => {
    const marks = [
      { step: 1, text: 'here' },
      { step: 5, text: 'both have read 0, so that one of the two updates is about to be lost' },
      { step: 99, text: 'nowhere' },
    ];
    expect(renderColumns(race, { marks })).toMatchInlineSnapshot(`
      "       CPU0                    CPU1
             ----                    ----
        add_one()
          mine = 1        <-- here
          read x: 0
                                     add_one()
                                       mine = 1
                                       read x: 0
                                       x = 1
                                           <-- both have read 0, so that one of
                                               the two updates is about to be
                                               lost
          x = 1

       *** VIOLATION ***

        both count: x is 1

      6 of 7 steps shown; --full shows all"
    `);
  });

  test('shows a marked step that would have been left out', () => {
    expect(renderColumns(race, { marks: [{ step: 0, text: 'look' }] })).toContain(
      'read quiet: 1        <-- look',
    );
  });

  test('says that nothing was found where nothing was', () => {
    expect(renderColumns(record(counter).trace)).toMatch(/No failure: nothing was found\.$/m);
  });
});

describe('the width', () => {
  test('widens the columns to the longest statement where there is room', () => {
    const { trace } = record(queuedWriter, { 1: 1 });
    expect(renderColumns(trace, { width: 120 })).toMatchInlineSnapshot(`
      "       CPU0                                          CPU1
             ----                                          ----
        cgroup_is_populated()
          down_read(css_set_rwsem)
                                                           cgroup_post_fork()
                                                             down_write(css_set_rwsem): queues
          css_next_child_of_a_function_with_a_long_name()
            down_read(css_set_rwsem): queues

       *** DEADLOCK ***

        circular wait: reader -> writer -> reader
          reader (CPU0) waits for css_set_rwsem in down_read(), behind writer, which queued first
          writer (CPU1) waits for css_set_rwsem in down_write(), held by reader since step 0, taken in cgroup_is_populated()"
    `);
  });

  test('is kept to 75 columns, with a sentence before, for a commit message', () => {
    const { trace } = record(crossedMutexes, deadlock, { rung: 'for-3.15 + 0001..0004' });
    expect(renderColumns(trace, { git: true, width: 200 })).toMatchInlineSnapshot(`
      "Consider the following race between ab (CPU0) and ba (CPU1) on for-3.15 +
      0001..0004:

             CPU0                    CPU1
             ----                    ----
        ab:
          mutex_lock(A)
                                     take_both()
                                       mutex_lock(B)
          mutex_lock(B)        <-- waits for ba
                                       mutex_lock(A)        <-- waits for ab

       *** DEADLOCK ***

        circular wait: ba -> ab -> ba
          ba (CPU1) waits for A in mutex_lock(), held by ab since step 0
          ab (CPU0) waits for B in mutex_lock(), held by ba since step 1, taken
              in take_both()"
    `);
  });

  const traces: Record<string, Trace> = {
    race,
    deadlock: record(crossedMutexes, deadlock).trace,
    queue: record(queuedWriter, { 1: 1 }).trace,
    'nested calls': record(nestedCalls, overtaking, { cpus: 2 }).trace,
    'three CPUs': record(manyCpus(3)).trace,
    'ten CPUs': record(manyCpus(10)).trace,
  };
  const views: ColumnOptions[] = [75, 80, 100, 120].flatMap((width) => [
    { width },
    { width, full: true },
    { width, git: true },
    { width, marks: [{ step: 1, text: 'a'.repeat(90) }] },
  ]);
  test.each(Object.entries(traces))('is never passed: %s', (_name, trace) => {
    for (const view of views) {
      for (const line of renderColumns(trace, view).split('\n')) {
        expect(line.length, line).toBeLessThanOrEqual(view.git === true ? 75 : (view.width ?? 75));
        expect(line).toBe(line.trimEnd());
      }
    }
  });

  test('narrows the columns of three CPUs rather than to break statements', () => {
    expect(renderColumns(record(manyCpus(3)).trace)).toMatchInlineSnapshot(`
      "       CPU0         CPU1         CPU2
             ----         ----         ----
        cgroup_apply_control_enable()
          read subsys_mask->total_of_everything: 0
          subsys_mask->total_of_everything = 1
                          cgroup_apply_control_enable()
                            read subsys_mask->total_of_everything: 1
                            subsys_mask->total_of_everything = 2
                                       cgroup_apply_control_enable()
                                         read subsys_mask->total_of_everything: 2
                                         subsys_mask->total_of_everything = 3

      No failure: nothing was found."
    `);
  });

  test('grows for more CPUs than fit', () => {
    const heads = renderColumns(record(manyCpus(12)).trace).split('\n')[0];
    expect(heads).toMatch(/CPU0 .*CPU11$/);
  });

  test('fills only one column in each line', () => {
    const lines = renderColumns(race, { full: true }).split('\n').slice(2, -4);
    for (const line of lines) expect(line).toMatch(/^ {2}( {2})?\S|^ {31}( {2})?\S/);
  });
});

describe('wrap', () => {
  test('breaks at spaces and hangs the rest', () => {
    expect(wrap('list_add(child, F->tasks)', 16, 4)).toEqual(['list_add(child,', '    F->tasks)']);
  });

  test('breaks a word that does not fit', () => {
    expect(wrap('abcdefgh', 3, 1)).toEqual(['abc', ' de', ' fg', ' h']);
  });

  test('breaks a call behind its parenthesis where it has no space', () => {
    expect(wrap('atomic_dec_and_test(F->refcount): not 0', 28, 4)).toEqual([
      'atomic_dec_and_test(',
      '    F->refcount): not 0',
    ]);
  });

  test('keeps an empty text as one line', () => {
    expect(wrap('', 10)).toEqual(['']);
  });
});
