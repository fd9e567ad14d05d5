// Rules about sleeping: wake-ups that come too early, or reach somebody else.
import type { Cpu, Path } from '../../src/machine/index.js';
import { scenario } from '../scenario.js';
import type { RuleExample } from './rule.js';

const lookThenSleep = (name: string, queuesFirst: boolean) =>
  scenario({
    name,
    about: 'A thread sleeps until a flag is set.',
    setup: (m) => {
      const flag = m.cell('flag', 0);
      return { flag, wq: m.waitqueue('wq', () => flag.peek() === 1) };
    },
    actors: ({ flag, wq }) => ({
      *sleeper(cpu) {
        if (queuesFirst) yield* cpu.prepare_to_wait(wq);
        if ((yield* cpu.read(flag)) === 0) {
          if (!queuesFirst) yield* cpu.prepare_to_wait(wq);
          yield* cpu.schedule();
        }
        yield* cpu.finish_wait(wq);
      },
      *waker(cpu) {
        yield* cpu.write(flag, 1);
        yield* cpu.wake_up(wq);
      },
    }),
  });

const exclusiveWaiters = (name: string, wakesBoth: boolean) =>
  scenario({
    name,
    about: 'Two threads wait exclusively for free slots, and two slots become free.',
    setup: (m) => ({ free: m.cell('free', 0), wq: m.waitqueue('wq') }),
    actors: ({ free, wq }) => {
      const taker = function* (cpu: Cpu): Path {
        yield* cpu.wait_event_exclusive(wq, () => cpu.atomic_add_unless(free, -1, 0));
      };
      return {
        a: taker,
        b: taker,
        *releaser(cpu: Cpu) {
          yield* cpu.fetch_add(free, 2);
          if (wakesBoth) yield* cpu.wake_up_nr(wq, 2);
          else yield* cpu.wake_up(wq);
        },
      };
    },
  });

const blockingWhileAboutToSleep = (name: string, finishesFirst: boolean) =>
  scenario({
    name,
    about: 'A thread that has said that it will sleep takes a mutex.',
    setup: (m) => ({ wq: m.waitqueue('wq'), lock: m.mutex('lock') }),
    actors: ({ wq, lock }) => ({
      *thread(cpu) {
        yield* cpu.prepare_to_wait(wq);
        if (finishesFirst) yield* cpu.finish_wait(wq);
        yield* cpu.mutex_lock(lock);
        yield* cpu.mutex_unlock(lock);
        if (!finishesFirst) yield* cpu.finish_wait(wq);
      },
    }),
  });

const stoppingKthread = (name: string, saysItFirst: boolean) =>
  scenario({
    name,
    about: 'A kernel thread sleeps until it is told to stop.',
    setup: () => ({}),
    actors: () => ({
      *main(cpu) {
        const thread = yield* cpu.kthread_run('kthread', function* (own) {
          for (;;) {
            if (saysItFirst) yield* own.set_current_state('TASK_UNINTERRUPTIBLE');
            if (yield* own.kthread_should_stop()) break;
            if (!saysItFirst) yield* own.set_current_state('TASK_UNINTERRUPTIBLE');
            yield* own.schedule();
          }
          yield* own.set_current_state('TASK_RUNNING');
        });
        yield* cpu.kthread_stop(thread);
      },
    }),
  });

/** R36 */
const rmdirWaits = (name: string, setsFlagFirst: boolean) =>
  scenario({
    name,
    about:
      'rmdir() sleeps until the last reference is gone; css_put() wakes only if it was asked to.',
    setup: (m) => {
      const refs = m.refcount('refcnt', 1);
      const wq = m.waitqueue('cgroup_rmdir_waitq', () => refs.peek() === 0);
      return { refs, wait_on_rmdir: m.cell('WAIT_ON_RMDIR', false), wq };
    },
    actors: ({ refs, wait_on_rmdir, wq }) => ({
      *rmdir(cpu) {
        if (setsFlagFirst) yield* cpu.write(wait_on_rmdir, true);
        if (setsFlagFirst) yield* cpu.prepare_to_wait(wq);
        const busy = (yield* cpu.atomic_read(refs)) > 0;
        if (!setsFlagFirst) yield* cpu.write(wait_on_rmdir, true);
        if (!setsFlagFirst) yield* cpu.prepare_to_wait(wq);
        if (busy) yield* cpu.schedule();
        yield* cpu.finish_wait(wq);
      },
      *css_put(cpu) {
        if (!(yield* cpu.atomic_dec_and_test(refs))) return;
        if (yield* cpu.read(wait_on_rmdir)) yield* cpu.wake_up_all(wq);
      },
    }),
  });

const activeCheck = (name: string, hasBarrier: boolean) =>
  scenario({
    name,
    about: 'A waker looks without a lock whether anybody waits.',
    machine: { memory: 'tso' },
    setup: (m) => ({ flag: m.cell('flag', 0), wq: m.waitqueue('wq') }),
    actors: ({ flag, wq }) => ({
      *sleeper(cpu) {
        yield* cpu.wait_event(wq, function* () {
          return (yield* cpu.read(flag)) === 1;
        });
      },
      *waker(cpu) {
        yield* cpu.write(flag, 1);
        if (hasBarrier) yield* cpu.smp_mb();
        if (yield* cpu.waitqueue_active(wq)) yield* cpu.wake_up(wq);
      },
    }),
  });

export const wakeUpRules: readonly RuleExample[] = [
  {
    id: 'I-28',
    rule: 'A thread must be on the wait queue before it looks whether it has to sleep.',
    source:
      'prepare_to_wait() in kernel/sched/wait.c; Documentation/memory-barriers.txt, sleep and wake-up',
    broken: lookThenSleep('look-then-queue', false),
    verdict: 'lost wakeup',
    says: 'the last wake_up(), by waker, came before it went to sleep',
    fails: 'sometimes',
    neighbour: lookThenSleep('queue-then-look', true),
    difference: 'prepare_to_wait() comes before the look.',
  },
  {
    id: 'I-28',
    rule: 'Where exclusive waiters wait for several things, as many of them must be woken.',
    source: '__wake_up_common() in kernel/sched/wait.c: nr_exclusive',
    broken: exclusiveWaiters('two-slots-one-wake-up', false),
    verdict: 'lost wakeup',
    says: 'the last wake_up(), by releaser, woke only',
    fails: 'sometimes',
    neighbour: exclusiveWaiters('two-slots-two-wake-ups', true),
    difference: 'wake_up_nr() wakes two.',
  },
  {
    id: 'I-28',
    rule: 'A kernel thread must say that it is going to sleep before it looks whether it should stop.',
    source: 'kthread_stop() and kthread_should_stop() in kernel/kthread.c',
    broken: stoppingKthread('look-then-sleep-kthread', false),
    verdict: 'lost wakeup',
    says: 'kthread_stop() came before it went to sleep',
    fails: 'sometimes',
    neighbour: stoppingKthread('sleep-then-look-kthread', true),
    difference: 'set_current_state() comes before kthread_should_stop().',
  },
  {
    id: 'K-12',
    rule: 'Between what a sleeper waits for and waitqueue_active() there must be a full barrier.',
    source: 'waitqueue_active() in include/linux/wait.h, its comment; under x86-TSO',
    broken: activeCheck('active-check-without-barrier', false),
    verdict: 'lost wakeup',
    says: 'nobody has woken anybody on wq',
    fails: 'sometimes',
    neighbour: activeCheck('active-check-with-barrier', true),
    difference: 'smp_mb() comes before the look.',
  },
  {
    id: 'R36',
    rule: 'Who asks to be woken by a flag must set it before he looks whether he has to wait.',
    source:
      'kernel/cgroup.c of 2.6.39, cgroup_rmdir(); "cgroup avoid permanent sleep at rmdir", July 2009',
    broken: rmdirWaits('rmdir-asks-too-late', false),
    verdict: 'lost wakeup',
    says: 'rmdir sleeps on cgroup_rmdir_waitq although what it sleeps until is true',
    fails: 'sometimes',
    neighbour: rmdirWaits('rmdir-asks-first', true),
    difference: 'The flag is set, and the queue joined, before the references are counted.',
  },
  {
    id: 'K-01',
    rule: 'Nothing that may sleep must be called between saying that one will sleep and schedule().',
    source: '__might_sleep() in kernel/sched/core.c',
    broken: blockingWhileAboutToSleep('mutex-about-to-sleep', false),
    verdict: 'warning',
    says: 'do not call blocking ops when !TASK_RUNNING: mutex_lock()',
    fails: 'always',
    neighbour: blockingWhileAboutToSleep('mutex-after-finish-wait', true),
    difference: 'finish_wait() comes first.',
  },
];
