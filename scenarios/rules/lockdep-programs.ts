// The programs behind the rules about the order of locks: each is made twice, once with the mistake in it.
import type { Cpu, Memory, Mutex, Path, Spinlock } from '../../src/machine/index.js';
import { hardirq, type Scenario, scenario } from '../scenario.js';

/** Takes the mutexes in this order, and gives them back in the reverse one. */
function* inside(cpu: Cpu, ...locks: readonly Mutex[]): Path {
  for (const lock of locks) yield* cpu.mutex_lock(lock);
  for (const lock of locks.toReversed()) yield* cpu.mutex_unlock(lock);
}

/** The same for spinlocks. */
function* spinInside(cpu: Cpu, ...locks: readonly Spinlock[]): Path {
  for (const lock of locks) yield* cpu.spin_lock(lock);
  for (const lock of locks.toReversed()) yield* cpu.spin_unlock(lock);
}

/** An object with a lock of its own: all of them are one class. */
class inode {
  readonly memory: Memory;
  readonly i_mutex: Mutex;
  constructor(memory: Memory) {
    this.memory = memory;
    this.i_mutex = memory.mutex('i_mutex');
  }
}

/** Two paths, each under its own order of two mutexes. */
export function twoOrders(name: string, about: string, same: boolean): Scenario {
  return scenario({
    name,
    about,
    setup: (m) => ({ a: m.mutex('a'), b: m.mutex('b') }),
    actors: ({ a, b }) => ({
      *first(cpu) {
        yield* inside(cpu, a, b);
      },
      *second(cpu) {
        if (same) yield* inside(cpu, a, b);
        else yield* inside(cpu, b, a);
      },
    }),
  });
}

/** The same, under a third mutex. */
export function gatedOrders(name: string, about: string, same: boolean): Scenario {
  return scenario({
    name,
    about,
    setup: (m) => ({ gate: m.mutex('gate'), a: m.mutex('a'), b: m.mutex('b') }),
    actors: ({ gate, a, b }) => ({
      *first(cpu) {
        yield* inside(cpu, gate, a, b);
      },
      *second(cpu) {
        if (same) yield* inside(cpu, gate, a, b);
        else yield* inside(cpu, gate, b, a);
      },
    }),
  });
}

/** One thread waits for the end of the first path before it starts the second one. */
export function ordersInTurn(name: string, about: string, same: boolean): Scenario {
  return scenario({
    name,
    about,
    setup: (m) => ({ a: m.mutex('a'), b: m.mutex('b') }),
    actors: ({ a, b }) => ({
      *main(cpu) {
        const first = yield* cpu.spawn('first', (on) => inside(on, a, b));
        yield* cpu.join(first);
        const second = yield* cpu.spawn('second', (on) =>
          same ? inside(on, a, b) : inside(on, b, a),
        );
        yield* cpu.join(second);
      },
    }),
  });
}

/** Two directories are locked, in whatever order, or in one order and at two levels. */
export function twoInodes(name: string, about: string, ordered: boolean): Scenario {
  return scenario({
    name,
    about,
    setup: (m) => ({ x: m.object(inode, 'x'), y: m.object(inode, 'y') }),
    actors: ({ x, y }) => {
      function* both(cpu: Cpu, outer: inode, inner: inode): Path {
        yield* cpu.mutex_lock(outer.i_mutex);
        if (ordered) yield* cpu.mutex_lock_nested(inner.i_mutex, 1);
        else yield* cpu.mutex_lock(inner.i_mutex);
        yield* cpu.mutex_unlock(inner.i_mutex);
        yield* cpu.mutex_unlock(outer.i_mutex);
      }
      return {
        *rename(cpu) {
          yield* both(cpu, x, y);
        },
        *link(cpu) {
          if (ordered) yield* both(cpu, x, y);
          else yield* both(cpu, y, x);
        },
      };
    },
  });
}

/** One thread takes a by trylock and then b; or a, and then b by trylock. */
export function tried(name: string, about: string, tryFirst: boolean): Scenario {
  return scenario({
    name,
    about,
    setup: (m) => ({ a: m.mutex('a'), b: m.mutex('b') }),
    actors: ({ a, b }) => ({
      *trying(cpu) {
        if (tryFirst) {
          if (!(yield* cpu.mutex_trylock(a))) return;
          yield* inside(cpu, b);
        } else {
          yield* cpu.mutex_lock(a);
          if (yield* cpu.mutex_trylock(b)) yield* cpu.mutex_unlock(b);
        }
        yield* cpu.mutex_unlock(a);
      },
      *other(cpu) {
        yield* inside(cpu, b, a);
      },
    }),
  });
}

/** A thread reads, and reads again inside; a writer comes along, or not. */
export function readsTwice(
  name: string,
  about: string,
  nested: boolean,
  writer: boolean,
): Scenario {
  return scenario({
    name,
    about,
    setup: (m) => ({ sem: m.rwsem('sem') }),
    actors: ({ sem }) => ({
      *reader(cpu) {
        yield* cpu.down_read(sem);
        if (!nested) yield* cpu.up_read(sem);
        yield* cpu.down_read(sem);
        yield* cpu.up_read(sem);
        if (nested) yield* cpu.up_read(sem);
      },
      *other(cpu) {
        if (writer) {
          yield* cpu.down_write(sem);
          yield* cpu.up_write(sem);
        } else {
          yield* cpu.down_read(sem);
          yield* cpu.up_read(sem);
        }
      },
    }),
  });
}

/** The same with a rwlock, of the one or the other kind. */
export function readsTwiceSpinning(
  name: string,
  about: string,
  rwlock: 'queued' | 'reader-preferring',
): Scenario {
  return scenario({
    name,
    about,
    machine: { rwlock },
    setup: (m) => ({ lock: m.rwlock('lock') }),
    actors: ({ lock }) => ({
      *reader(cpu) {
        yield* cpu.read_lock(lock);
        yield* cpu.read_lock(lock);
        yield* cpu.read_unlock(lock);
        yield* cpu.read_unlock(lock);
      },
      *writer(cpu) {
        yield* cpu.write_lock(lock);
        yield* cpu.write_unlock(lock);
      },
    }),
  });
}

/** A lock that an interrupt takes is held by a thread that the interrupt can, or cannot, come into. */
export function takenInInterrupt(
  name: string,
  about: string,
  masked: boolean,
  interruptOn: number,
): Scenario {
  return scenario({
    name,
    about,
    setup: (m) => ({ lock: m.spinlock('lock') }),
    actors: ({ lock }) => ({
      *thread(cpu) {
        if (masked) yield* cpu.spin_lock_irq(lock);
        else yield* cpu.spin_lock(lock);
        if (masked) yield* cpu.spin_unlock_irq(lock);
        else yield* cpu.spin_unlock(lock);
      },
      *other() {
        // Another CPU, on which an interrupt may come.
      },
      irq: hardirq(interruptOn, function* (cpu) {
        yield* spinInside(cpu, lock);
      }),
    }),
  });
}

/** An irq-safe lock is held while another one is taken, which a thread holds with interrupts on, or off. */
export function safeToUnsafe(
  name: string,
  about: string,
  locks: { readonly safe: string; readonly unsafe: string },
  masked: boolean,
): Scenario {
  return scenario({
    name,
    about,
    setup: (m) => ({ safe: m.spinlock(locks.safe), unsafe: m.spinlock(locks.unsafe) }),
    actors: ({ safe, unsafe }) => ({
      *thread(cpu) {
        const flags = masked ? yield* cpu.spin_lock_irqsave(unsafe) : undefined;
        if (flags === undefined) yield* cpu.spin_lock(unsafe);
        if (flags === undefined) yield* cpu.spin_unlock(unsafe);
        else yield* cpu.spin_unlock_irqrestore(unsafe, flags);
      },
      *other(cpu) {
        const flags = yield* cpu.spin_lock_irqsave(safe);
        yield* spinInside(cpu, unsafe);
        yield* cpu.spin_unlock_irqrestore(safe, flags);
      },
      irq: hardirq(0, function* (cpu) {
        yield* spinInside(cpu, safe);
      }),
    }),
  });
}

/** R60 (a): css_set_lock is taken with softirqs or interrupts off, and by the last put in a hard interrupt. */
export function cssSetLockInIrq(name: string, about: string, irqsOff: boolean): Scenario {
  return scenario({
    name,
    about,
    setup: (m) => ({ css_set_lock: m.spinlock('css_set_lock') }),
    actors: ({ css_set_lock }) => ({
      *migrate(cpu) {
        if (irqsOff) {
          yield* cpu.spin_lock_irq(css_set_lock);
          yield* cpu.spin_unlock_irq(css_set_lock);
        } else {
          yield* cpu.spin_lock_bh(css_set_lock);
          yield* cpu.spin_unlock_bh(css_set_lock);
        }
      },
      put_css_set: hardirq(0, function* (cpu) {
        const flags = yield* cpu.spin_lock_irqsave(css_set_lock);
        yield* cpu.spin_unlock_irqrestore(css_set_lock, flags);
      }),
    }),
  });
}

/** R60 (b): tasklist_lock inside or outside of css_set_lock, which an interrupt takes; a writer queues in between. */
export function tasklistLock(name: string, about: string, outside: boolean): Scenario {
  return scenario({
    name,
    about,
    machine: { rwlock: 'queued' },
    setup: (m) => ({
      tasklist_lock: m.rwlock('tasklist_lock'),
      css_set_lock: m.spinlock('css_set_lock'),
    }),
    actors: ({ tasklist_lock, css_set_lock }) => ({
      *reader(cpu) {
        yield* cpu.read_lock(tasklist_lock);
        yield* cpu.read_unlock(tasklist_lock);
      },
      *enable(cpu) {
        if (outside) yield* cpu.read_lock(tasklist_lock);
        yield* cpu.spin_lock_irq(css_set_lock);
        if (!outside) yield* cpu.read_lock(tasklist_lock);
        if (!outside) yield* cpu.read_unlock(tasklist_lock);
        yield* cpu.spin_unlock_irq(css_set_lock);
        if (outside) yield* cpu.read_unlock(tasklist_lock);
      },
      *fork(cpu) {
        yield* cpu.write_lock_irq(tasklist_lock);
        yield* cpu.write_unlock_irq(tasklist_lock);
      },
      put_css_set: hardirq(0, function* (cpu) {
        const flags = yield* cpu.spin_lock_irqsave(css_set_lock);
        yield* cpu.spin_unlock_irqrestore(css_set_lock, flags);
      }),
    }),
  });
}

/** R52: the attach callback waits for work whose worker must be forked, which reads threadgroup_rwsem. */
export function workUnderThreadgroup(name: string, about: string, after: boolean): Scenario {
  return scenario({
    name,
    about,
    setup: (m) => ({ threadgroup_rwsem: m.rwsem('cgroup_threadgroup_rwsem') }),
    actors: ({ threadgroup_rwsem }) => ({
      *attach(cpu) {
        yield* cpu.down_write(threadgroup_rwsem);
        const worker = yield* cpu.spawn('worker', function* (on) {
          yield* on.down_read(threadgroup_rwsem);
          yield* on.up_read(threadgroup_rwsem);
        });
        if (!after) yield* cpu.join(worker);
        yield* cpu.up_write(threadgroup_rwsem);
        if (after) yield* cpu.join(worker);
      },
    }),
  });
}

/** Somebody waits for a thread that needs a mutex: with it in hand, or after the thread is known to be past it. */
export function waitsForThread(name: string, about: string, held: boolean): Scenario {
  return scenario({
    name,
    about,
    setup: (m) => ({ lock: m.mutex('lock') }),
    actors: ({ lock }) => ({
      *waiter(cpu) {
        const helper = yield* cpu.spawn('helper', (on) => inside(on, lock));
        if (held) yield* cpu.mutex_lock(lock);
        yield* cpu.join(helper);
        if (held) yield* cpu.mutex_unlock(lock);
        else yield* inside(cpu, lock);
      },
    }),
  });
}
