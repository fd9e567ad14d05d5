import { describe, expect, test } from 'vitest';
import { balancer, hardirq } from '../../scenarios/index.js';
import { type Cpu, type Machine, path } from '../../src/machine/index.js';
import { renderColumns } from '../../src/trace/columns.js';
import type { Cast } from '../support/program.js';
import { record } from './runs.js';

/** A handler takes the lock of whom it has interrupted. */
function interruptedHolder(machine: Machine): Cast {
  const lock = machine.spinlock('css_set_lock');
  const put = path('put_css_set', function* (cpu: Cpu) {
    yield* cpu.spin_lock(lock);
    yield* cpu.spin_unlock(lock);
  });
  return {
    actors: {
      *thread(cpu) {
        yield* put(cpu);
      },
      timer: hardirq(0, function* (cpu: Cpu) {
        yield* put(cpu);
      }),
    },
  };
}

/** A handler that comes twice, between steps of two threads that share its CPU. */
function twoInterrupts(machine: Machine): Cast {
  const x = machine.cell('x', 0);
  const add = (cpu: Cpu) => cpu.atomic_inc(x);
  return {
    actors: {
      *a(cpu) {
        yield* add(cpu);
        yield* add(cpu);
      },
      *b(cpu) {
        yield* add(cpu);
      },
      irq: hardirq(
        0,
        function* (cpu: Cpu) {
          yield* cpu.set_bits(x, 8);
        },
        2,
      ),
    },
  };
}

describe('the picture of an interrupt', () => {
  test('has <Interrupt> alone on its line, and the handler below it on the same CPU', () => {
    const { trace } = record(interruptedHolder, { 1: 1 });
    expect(renderColumns(trace)).toMatchInlineSnapshot(`
      "       CPU0
             ----
        put_css_set()
          spin_lock(css_set_lock)
        <Interrupt>
          put_css_set()
            spin_lock(css_set_lock)        <-- waits for thread

       *** DEADLOCK ***

        circular wait: timer -> thread -> timer
          timer (CPU0) waits for css_set_lock in spin_lock(), held by thread
              since step 0, taken in put_css_set()
          thread (CPU0) waits for CPU0 in spin_unlock(), which timer has
              interrupted"
    `);
  });

  test('says again who goes on where threads share the CPU', () => {
    const { trace } = record(twoInterrupts, { 1: 2, 3: 1, 4: 2 }, { cpus: 1 });
    expect(renderColumns(trace, { full: true })).toMatchInlineSnapshot(`
      "       CPU0
             ----
        a:
          atomic_inc(x)
        <Interrupt>
          x |= 8
        b:
          atomic_inc(x)
        <Interrupt>
          x |= 8
        a:
          atomic_inc(x)

      No failure: nothing was found."
    `);
  });
});

test('the picture of a panic shows the operation that the thread was stopped before', () => {
  const { trace } = record((machine) => {
    const [spin, mutex] = [machine.spinlock('spin'), machine.mutex('mutex')];
    return {
      actors: {
        *thread(cpu) {
          yield* cpu.spin_lock(spin);
          yield* cpu.mutex_lock(mutex);
        },
      },
    };
  });
  expect(renderColumns(trace)).toMatchInlineSnapshot(`
    "       CPU0
           ----
      thread:
        spin_lock(spin)
        mutex_lock(mutex)

     *** PANIC ***

      sleeping function mutex_lock() called from invalid context (thread
          thread)"
  `);
});

describe('the picture of a thread that is moved', () => {
  test('goes on in the column of its new CPU', () => {
    const { trace } = record(
      (machine) => {
        const x = machine.cell('x', 0);
        return {
          actors: {
            *thread(cpu) {
              yield* cpu.atomic_inc(x);
              yield* cpu.atomic_inc(x);
            },
            *other(cpu) {
              yield* cpu.atomic_inc(x);
            },
            balance: balancer('thread', 1),
          },
        };
      },
      { 1: 2 },
    );
    expect(renderColumns(trace, { full: true })).toMatchInlineSnapshot(`
      "       CPU0                    CPU1
             ----                    ----
        thread:
          atomic_inc(x)
                                     balance:
                                       move thread to CPU1
                                     thread:
                                       atomic_inc(x)
                                     other:
                                       atomic_inc(x)

      No failure: nothing was found."
    `);
  });
});
