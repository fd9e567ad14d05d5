// Rules about waiting for others: for an event whose producer needs what the waiter holds, and for work items.
import { atEnd, type Cpu, type Memory, type Path, type Work } from '../../src/machine/index.js';
import { scenario } from '../scenario.js';
import type { RuleExample } from './rule.js';
import { wakeUpRules } from './wake-ups.js';

const twoWaiters = (name: string, completesAll: boolean) =>
  scenario({
    name,
    about: 'Two threads wait for one completion.',
    setup: (m) => ({ done: m.completion('done') }),
    actors: ({ done }) => {
      const waiter = function* (cpu: Cpu): Path {
        yield* cpu.wait_for_completion(done);
      };
      return {
        a: waiter,
        b: waiter,
        *producer(cpu: Cpu) {
          if (completesAll) yield* cpu.complete_all(done);
          else yield* cpu.complete(done);
        },
      };
    },
  });

const flushUnderLock = (name: string, unlocksFirst: boolean) =>
  scenario({
    name,
    about: 'A thread waits for a work item that takes a mutex.',
    setup: (m) => {
      const lock = m.mutex('lock');
      const work = m.work('work', function* (cpu) {
        yield* cpu.mutex_lock(lock);
        yield* cpu.mutex_unlock(lock);
      });
      return { lock, work, wq: m.workqueue('wq') };
    },
    actors: ({ lock, work, wq }) => ({
      *thread(cpu) {
        yield* cpu.queue_work(wq, work);
        yield* cpu.mutex_lock(lock);
        if (unlocksFirst) yield* cpu.mutex_unlock(lock);
        yield* cpu.flush_work(work);
        if (!unlocksFirst) yield* cpu.mutex_unlock(lock);
      },
    }),
  });

/** R32 */
const fullWorkqueue = (name: string, hasItsOwn: boolean) =>
  scenario({
    name,
    about: 'The work item that destroys a cgroup waits for another work item.',
    setup: (m) => {
      const system_wq = m.workqueue('system_wq', { maxActive: 1 });
      const destroy_wq = hasItsOwn ? m.workqueue('cgroup_destroy', { maxActive: 1 }) : system_wq;
      const cgroup_mutex = m.mutex('cgroup_mutex');
      const other = m.work('other', function* (cpu) {
        yield* cpu.schedule();
      });
      const destroy_work = m.work('destroy_work', function* (cpu) {
        yield* cpu.mutex_lock(cgroup_mutex);
        yield* cpu.queue_work(system_wq, other);
        yield* cpu.flush_work(other);
        yield* cpu.mutex_unlock(cgroup_mutex);
      });
      return { destroy_wq, destroy_work };
    },
    actors: ({ destroy_wq, destroy_work }) => ({
      *rmdir(cpu) {
        yield* cpu.queue_work(destroy_wq, destroy_work);
      },
    }),
  });

/** R42 */
const moveCharge = (name: string, isOneSection: boolean) =>
  scenario({
    name,
    about: 'A charge waits with mmap_sem for the end of a move, which takes mmap_sem.',
    setup: (m) => ({
      mmap_sem: m.rwsem('mmap_sem'),
      moving: m.cell('moving_task', false),
      waitq: m.waitqueue('mc.waitq'),
    }),
    actors: ({ mmap_sem, moving, waitq }) => ({
      *attach(cpu) {
        if (isOneSection) yield* cpu.down_read(mmap_sem);
        yield* cpu.write(moving, true);
        if (!isOneSection) yield* cpu.down_read(mmap_sem);
        yield* cpu.write(moving, false);
        yield* cpu.wake_up_all(waitq);
        yield* cpu.up_read(mmap_sem);
      },
      *mlock(cpu) {
        yield* cpu.down_write(mmap_sem);
        yield* cpu.wait_event(waitq, function* () {
          return !(yield* cpu.read(moving));
        });
        yield* cpu.up_write(mmap_sem);
      },
    }),
  });

/** K-17: memory comes back when the victim has exited, and for that it must get at its own mm. */
const outOfMemory = (name: string, givesUpFirst: boolean) =>
  scenario({
    name,
    about: 'Who is out of memory has a victim killed and waits for its memory, with mmap_sem held.',
    setup: (m) => ({
      mmap_sem: m.rwsem('mmap_sem'),
      killed: m.completion('killed'),
      freed: m.completion('freed'),
    }),
    actors: ({ mmap_sem, killed, freed }) => ({
      *charge(cpu) {
        yield* cpu.down_read(mmap_sem);
        yield* cpu.complete(killed);
        if (givesUpFirst) yield* cpu.up_read(mmap_sem);
        yield* cpu.wait_for_completion(freed);
        if (!givesUpFirst) yield* cpu.up_read(mmap_sem);
      },
      *victim(cpu) {
        yield* cpu.wait_for_completion(killed);
        yield* cpu.down_write(mmap_sem);
        yield* cpu.up_write(mmap_sem);
        yield* cpu.complete(freed);
      },
    }),
  });

/** R52 */
const attachNeedsWorker = (name: string, waitsAfterwards: boolean) =>
  scenario({
    name,
    about: 'Attaching waits for a work item whose worker has yet to be forked.',
    setup: (m) => {
      const threadgroup_rwsem = m.rwsem('cgroup_threadgroup_rwsem');
      const forked = m.completion('forked');
      const migrate_mm = m.work('migrate_mm', function* (cpu) {
        yield* cpu.wait_for_completion(forked);
      });
      return { threadgroup_rwsem, forked, migrate_mm, wq: m.workqueue('cpuset_migrate_mm_wq') };
    },
    actors: ({ threadgroup_rwsem, forked, migrate_mm, wq }) => ({
      *attach(cpu) {
        yield* cpu.down_write(threadgroup_rwsem);
        yield* cpu.queue_work(wq, migrate_mm);
        if (!waitsAfterwards) yield* cpu.flush_workqueue(wq);
        yield* cpu.up_write(threadgroup_rwsem);
        if (waitsAfterwards) yield* cpu.flush_workqueue(wq);
      },
      // copy_process() for a new worker.
      *kthreadd(cpu) {
        yield* cpu.down_read(threadgroup_rwsem);
        yield* cpu.up_read(threadgroup_rwsem);
        yield* cpu.complete(forked);
      },
    }),
  });

const requeued = (name: string, onOneQueue: boolean) =>
  scenario({
    name,
    about: 'A work item is queued again while it runs.',
    setup: (m) => {
      const x = m.cell('x', 0);
      const queued = m.cell('queued', 0);
      const work = m.work('work', function* (cpu) {
        yield* cpu.write(x, (yield* cpu.read(x)) + 1);
      });
      const first = m.workqueue('first');
      return { x, queued, work, first, second: onOneQueue ? first : m.workqueue('second') };
    },
    actors: ({ queued, work, first, second }) => ({
      *a(cpu) {
        if (yield* cpu.queue_work(first, work)) yield* cpu.atomic_inc(queued);
      },
      *b(cpu) {
        if (yield* cpu.queue_work(second, work)) yield* cpu.atomic_inc(queued);
      },
    }),
    properties: ({ x, queued }) => [
      atEnd('every run of the item counts', () => x.peek() === queued.peek()),
    ],
  });

class Group {
  readonly memory: Memory;
  readonly work: Work;

  constructor(memory: Memory) {
    this.memory = memory;
    this.work = memory.work('work', function* () {
      // It does nothing: that it runs is enough.
    });
  }
}

const pendingInFreedObject = (name: string, cancelsFirst: boolean) =>
  scenario({
    name,
    about: 'An object is freed that a work item is part of.',
    setup: (m) => ({ group: m.object(Group, 'group'), wq: m.workqueue('wq') }),
    actors: ({ group, wq }) => ({
      *owner(cpu) {
        yield* cpu.queue_work(wq, group.work);
        if (cancelsFirst) yield* cpu.cancel_work_sync(group.work);
        yield* cpu.kfree(group);
      },
    }),
  });

const producerRules: readonly RuleExample[] = [
  {
    id: 'K-07',
    rule: 'Where several threads wait for one event, complete() must not be taken for complete_all().',
    source: 'complete() and complete_all() in kernel/sched/completion.c',
    broken: twoWaiters('two-waiters-one-complete', false),
    verdict: 'deadlock',
    says: 'in wait_for_completion(), and nobody is left to wake it',
    fails: 'always',
    neighbour: twoWaiters('two-waiters-complete-all', true),
    difference: 'complete_all() lets everybody go on.',
  },
  {
    id: 'K-07',
    rule: 'Nobody must wait for a work item with a lock that the item takes.',
    source: 'flush_work() in kernel/workqueue.c: the lockdep map of the item',
    broken: flushUnderLock('flush-with-the-lock', false),
    verdict: 'deadlock',
    says: 'waits for the end of thread/kworker/work in flush_work()',
    fails: 'sometimes',
    neighbour: flushUnderLock('flush-without-the-lock', true),
    difference: 'The lock is given back before flush_work().',
  },
  {
    id: 'R32',
    rule: 'A work item must not wait for another one that may be queued behind it.',
    source: 'kernel/cgroup.c of 3.15, the comment on cgroup_destroy_wq',
    broken: fullWorkqueue('destroy-on-system-wq', false),
    verdict: 'deadlock',
    says: 'in process_one_work(), held by rmdir/kworker/destroy_work',
    fails: 'always',
    neighbour: fullWorkqueue('destroy-on-its-own-wq', true),
    difference: 'Items that destroy cgroups have a workqueue of their own.',
  },
  {
    id: 'R42',
    rule: 'Nobody must wait for the end of something with a lock that has to be taken before that end.',
    source: 'mm/memcontrol.c of 2.6.39, mem_cgroup_move_charge(): mmap_sem by trylock only',
    broken: moveCharge('move-takes-mmap-sem-late', false),
    verdict: 'deadlock',
    says: 'mlock waits for mc.waitq in schedule(), and nobody is left to wake it',
    fails: 'sometimes',
    report: {
      title: 'possible circular locking dependency detected',
      cycle: 'mc.waitq -> mmap_sem -> mc.waitq',
      status: 'confirmed',
    },
    neighbour: moveCharge('move-in-one-mmap-sem-section', true),
    difference: 'The move begins and ends within one section of mmap_sem.',
  },
  {
    id: 'K-17',
    rule: 'Nobody must wait for the memory of a victim of the OOM killer with a lock that the victim takes to exit.',
    source:
      'mm/memcontrol.c, mem_cgroup_oom_synchronize(): the wait is put off until the locks are dropped',
    broken: outOfMemory('oom-waits-with-mmap-sem', false),
    verdict: 'deadlock',
    says: 'victim waits for mmap_sem in down_write(), held by charge',
    fails: 'always',
    neighbour: outOfMemory('oom-waits-without-mmap-sem', true),
    difference: 'The lock is dropped before the wait.',
  },
  {
    id: 'R52',
    rule: 'Nobody must wait for a work item with a lock that forking its worker takes.',
    source: 'commit 5cf1cacb49ae: cpuset waits in post_attach(), after the lock was dropped',
    broken: attachNeedsWorker('attach-flushes-with-threadgroup-lock', false),
    verdict: 'deadlock',
    says: 'kthreadd waits for cgroup_threadgroup_rwsem in down_read(), held by attach',
    fails: 'sometimes',
    neighbour: attachNeedsWorker('post-attach-flushes', true),
    difference: 'The workqueue is flushed after the lock was given back.',
  },
  {
    id: 'K-15',
    rule: 'A work item that must not run twice at once must not be queued on two workqueues.',
    source: 'Documentation/core-api/workqueue.rst, non-reentrance conditions',
    broken: requeued('one-item-two-workqueues', false),
    verdict: 'violation',
    says: 'every run of the item counts',
    fails: 'sometimes',
    neighbour: requeued('one-item-one-workqueue', true),
    difference: 'Both threads queue it on the same workqueue.',
  },
  {
    id: 'K-15',
    rule: 'An object must not be freed while a work item that is part of it is pending.',
    source: 'process_one_work() in kernel/workqueue.c, and its debug objects',
    broken: pendingInFreedObject('free-with-pending-work', false),
    verdict: 'panic',
    says: 'use after free: process_one_work() on group.work.pending',
    fails: 'sometimes',
    neighbour: pendingInFreedObject('cancel-before-free', true),
    difference: 'cancel_work_sync() comes before kfree().',
  },
];

export const waitingRules: readonly RuleExample[] = [...wakeUpRules, ...producerRules];
