// Rules about timers and sleeping. What the kernel demands of who deletes a timer stands above timer_delete_sync() in
// kernel/time/timer.c; T-01 is ours: a schedule knows no distances, so nobody may rely on any.
import {
  type Allocated,
  atEnd,
  type Cpu,
  type Memory,
  type TimerList,
} from '../../src/machine/index.js';
import { at, hardirq, scenario } from '../scenario.js';
import type { RuleExample } from './rule.js';

const deleteUnderLock = (name: string, unlockFirst: boolean) =>
  scenario({
    name,
    about: 'A timer is deleted under the lock that its function takes.',
    setup: (m) => {
      const lock = m.spinlock('lock');
      const timer = m.timer('timer', function* (cpu) {
        yield* cpu.spin_lock(lock);
        yield* cpu.spin_unlock(lock);
      });
      return { lock, timer };
    },
    actors: ({ lock, timer }) => ({
      *armer(cpu) {
        yield* cpu.mod_timer(timer, 1);
      },
      *deleter(cpu) {
        yield* cpu.spin_lock_bh(lock);
        if (unlockFirst) yield* cpu.spin_unlock_bh(lock);
        yield* cpu.timer_delete_sync(timer);
        if (!unlockFirst) yield* cpu.spin_unlock_bh(lock);
      },
    }),
  });

const deleteUnderIrqLock = (name: string, unlockFirst: boolean) =>
  scenario({
    name,
    about:
      'A timer is deleted under a lock that a hard interrupt takes, which the timer does not know.',
    setup: (m) => {
      const x = m.cell('x', 0);
      const timer = m.timer('timer', function* (cpu) {
        yield* cpu.fetch_add(x, 1);
      });
      return { timer, lock: m.spinlock('lock') };
    },
    actors: ({ lock, timer }) => ({
      armer: at(0, function* (cpu: Cpu) {
        yield* cpu.mod_timer(timer, 1);
      }),
      irq: hardirq(0, function* (cpu: Cpu) {
        yield* cpu.spin_lock(lock);
        yield* cpu.spin_unlock(lock);
      }),
      deleter: at(1, function* (cpu: Cpu) {
        yield* cpu.spin_lock_irq(lock);
        if (unlockFirst) yield* cpu.spin_unlock_irq(lock);
        yield* cpu.timer_delete_sync(timer);
        if (!unlockFirst) yield* cpu.spin_unlock_irq(lock);
      }),
    }),
  });

class Device implements Allocated {
  readonly memory: Memory;
  readonly timer: TimerList;
  constructor(memory: Memory) {
    this.memory = memory;
    const polls = memory.cell('polls', 0);
    this.timer = memory.timer('timer', function* (cpu) {
      yield* cpu.fetch_add(polls, 1);
    });
  }
}

const freeWithTimer = (name: string, deletes: boolean) =>
  scenario({
    name,
    about: 'An object is freed although the timer in it is armed.',
    setup: (m) => ({ device: m.object(Device, 'device') }),
    actors: ({ device }) => ({
      *remove(cpu) {
        yield* cpu.mod_timer(device.timer, 10);
        if (deletes) yield* cpu.timer_delete_sync(device.timer);
        yield* cpu.kfree(device);
      },
    }),
  });

/** Its function arms it again. */
class Poller implements Allocated {
  readonly memory: Memory;
  readonly timer: TimerList;
  constructor(memory: Memory) {
    this.memory = memory;
    const polls = memory.cell('polls', 0);
    const timer: TimerList = memory.timer('timer', function* (cpu) {
      yield* cpu.fetch_add(polls, 1);
      yield* cpu.mod_timer(timer, 10);
    });
    this.timer = timer;
  }
}

const deletePoller = (name: string, waits: boolean) =>
  scenario({
    name,
    about: 'A timer that arms itself is deleted while its function runs.',
    setup: (m) => ({ poller: m.object(Poller, 'poller') }),
    actors: ({ poller }) => ({
      *start(cpu) {
        yield* cpu.mod_timer(poller.timer, 10);
        yield* cpu.spawn('stop', function* (other: Cpu) {
          if (waits) yield* other.timer_delete_sync(poller.timer);
          else yield* other.timer_delete(poller.timer);
          yield* other.kfree(poller);
        });
      },
    }),
  });

const armAfterDelete = (name: string, shutsDown: boolean) =>
  scenario({
    name,
    about: 'An interrupt arms a timer that was deleted for good.',
    setup: (m) => ({ device: m.object(Device, 'device'), freed: m.cell('freed', false) }),
    actors: ({ device, freed }) => ({
      *remove(cpu) {
        if (shutsDown) yield* cpu.timer_shutdown_sync(device.timer);
        else yield* cpu.timer_delete_sync(device.timer);
        yield* cpu.local_irq_disable();
        yield* cpu.write(freed, true);
        yield* cpu.kfree(device);
        yield* cpu.local_irq_enable();
      },
      irq: hardirq(0, function* (cpu: Cpu) {
        if (!(yield* cpu.read(freed))) yield* cpu.mod_timer(device.timer, 10);
      }),
    }),
  });

const sleepInTimer = (name: string, spins: boolean) =>
  scenario({
    name,
    about: 'The function of a timer sleeps.',
    setup: (m) => {
      const timer = m.timer('timer', function* (cpu) {
        if (spins) yield* cpu.udelay(10);
        else yield* cpu.msleep(10);
      });
      return { timer };
    },
    actors: ({ timer }) => ({
      *armer(cpu) {
        yield* cpu.mod_timer(timer, 1);
      },
    }),
  });

const sleepForOrder = (name: string, joins: boolean) =>
  scenario({
    name,
    about: 'A thread sleeps until another one has surely done its work.',
    setup: (m) => ({ done: m.cell('done', false), seen: m.cell('seen', true) }),
    actors: ({ done, seen }) => ({
      *main(cpu) {
        const worker = yield* cpu.spawn('worker', function* (own: Cpu) {
          yield* own.msleep(1);
          yield* own.write(done, true);
        });
        if (joins) yield* cpu.join(worker);
        else yield* cpu.msleep(1000);
        yield* cpu.write(seen, yield* cpu.read(done));
      },
    }),
    properties: ({ seen }) => [
      atEnd('the work was done when it was looked for', () => seen.peek()),
    ],
  });

const timerLock = (name: string, bhOff: boolean) =>
  scenario({
    name,
    about: 'A timer comes to the CPU of a thread that holds the lock which its function takes.',
    setup: (m) => {
      const lock = m.spinlock('lock');
      const timer = m.timer('timer', function* (cpu) {
        yield* cpu.spin_lock(lock);
        yield* cpu.spin_unlock(lock);
      });
      return { lock, timer };
    },
    actors: ({ lock, timer }) => ({
      *thread(cpu) {
        yield* cpu.mod_timer(timer, 1);
        if (bhOff) yield* cpu.spin_lock_bh(lock);
        else yield* cpu.spin_lock(lock);
        if (bhOff) yield* cpu.spin_unlock_bh(lock);
        else yield* cpu.spin_unlock(lock);
      },
    }),
  });

const deletion = 'timer_delete_sync() in kernel/time/timer.c, synchronization rules';

export const timeRules: readonly RuleExample[] = [
  {
    id: 'K-07',
    rule: 'A lock that the function of a timer takes is not held by who waits for the end of that function.',
    source: deletion,
    broken: deleteUnderLock('timer-deleted-under-its-lock', false),
    verdict: 'deadlock',
    says: 'deleter waits for timer in timer_delete_sync(), held by timer',
    fails: 'sometimes',
    report: {
      title: 'possible circular locking dependency detected',
      cycle: 'lock -> the end of timer -> lock',
      status: 'confirmed',
    },
    neighbour: deleteUnderLock('timer-deleted-after-its-lock', true),
    difference: 'The lock is given back before the timer is deleted.',
  },
  {
    id: 'K-07',
    rule: 'A lock that a hard interrupt takes is not held by who waits for the end of a timer, whatever the timer does.',
    source: 'the note above timer_delete_sync() in kernel/time/timer.c',
    broken: deleteUnderIrqLock('timer-deleted-under-irq-lock', false),
    verdict: 'deadlock',
    says: 'deleter waits for timer in timer_delete_sync(), held by timer',
    fails: 'sometimes',
    neighbour: deleteUnderIrqLock('timer-deleted-after-irq-lock', true),
    difference: 'The lock is given back before the timer is deleted.',
  },
  {
    id: 'I-07',
    rule: 'An object is not freed while a timer in it is armed.',
    source: 'Documentation/core-api/debug-objects.rst: freeing an active timer',
    broken: freeWithTimer('freed-with-timer', false),
    verdict: 'panic',
    says: 'use after free: interrupt() on device.timer.function',
    fails: 'sometimes',
    neighbour: freeWithTimer('freed-after-timer', true),
    difference: 'The timer is deleted before, and its function has ended.',
  },
  {
    id: 'I-07',
    rule: 'timer_delete() does not stop a timer that arms itself: its function may be running, and goes on to do so.',
    source: 'timer_delete() and timer_delete_sync() in kernel/time/timer.c',
    broken: deletePoller('poller-deleted', false),
    verdict: 'panic',
    says: 'use after free',
    fails: 'sometimes',
    neighbour: deletePoller('poller-deleted-sync', true),
    difference:
      'timer_delete_sync() waits for the end of the function before it disarms the timer.',
  },
  {
    id: 'I-07',
    rule: 'After timer_delete_sync() nobody arms the timer again.',
    source: 'timer_shutdown_sync() in kernel/time/timer.c, v6.2',
    broken: armAfterDelete('timer-armed-after-delete', false),
    verdict: 'panic',
    says: 'use after free: interrupt() on device.timer.function',
    fails: 'sometimes',
    neighbour: armAfterDelete('timer-armed-after-shutdown', true),
    difference: 'timer_shutdown_sync() makes arming it do nothing.',
  },
  {
    id: 'K-01',
    rule: 'The function of a timer does not sleep.',
    source: 'kernel/time/timer.c: it is called in a softirq',
    broken: sleepInTimer('sleep-in-timer', false),
    verdict: 'panic',
    says: 'sleeping function msleep() called from invalid context',
    fails: 'always',
    neighbour: sleepInTimer('spin-in-timer', true),
    difference: 'It waits busily.',
  },
  {
    id: 'K-04',
    rule: 'A lock that the function of a timer takes is taken elsewhere with softirqs off.',
    source: 'Documentation/kernel-hacking/locking.rst: locking between user context and timers',
    broken: timerLock('timer-lock-without-bh', false),
    verdict: 'deadlock',
    says: 'timer waits for lock in spin_lock(), held by thread',
    fails: 'sometimes',
    neighbour: timerLock('timer-lock-with-bh', true),
    difference: 'spin_lock_bh() keeps the softirq off the CPU.',
  },
  {
    id: 'T-01',
    rule: 'A sleep orders nothing: whoever sleeps longer may be earlier.',
    source: 'msleep() in kernel/time/timer.c: it sleeps for at least so long',
    broken: sleepForOrder('sleep-for-order', false),
    verdict: 'violation',
    says: 'the work was done when it was looked for',
    fails: 'sometimes',
    neighbour: sleepForOrder('join-for-order', true),
    difference: 'The thread waits for the end of the other one.',
  },
];
