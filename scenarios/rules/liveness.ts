// Rules about loops that wait or retry: what they wait for must be able to come.
import { type Cell, type Cpu, Loop, type Path } from '../../src/machine/index.js';
import { at, hardirq, scenario } from '../scenario.js';
import type { RuleExample } from './rule.js';

/** Looks at a cell until it holds a value. */
function* spinUntil<T>(cpu: Cpu, cell: Cell<T>, wanted: T): Path {
  const wait = new Loop('wait');
  for (;;) {
    yield* cpu.loop(wait);
    if ((yield* cpu.read(cell)) === wanted) return;
    yield* cpu.cpu_relax();
  }
}

const tryget = (name: string, irqsOff: boolean) =>
  scenario({
    name,
    about:
      'A reference falls to 0 before the removal is marked, and an interrupt tries to get one.',
    setup: (m) => ({ refcount: m.cell('css.refcount', 1), removed: m.cell('css.removed', false) }),
    actors: ({ refcount, removed }) => ({
      *rmdir(cpu) {
        if (irqsOff) yield* cpu.local_irq_disable();
        yield* cpu.cmpxchg(refcount, 1, 0);
        yield* cpu.write(removed, true);
        if (irqsOff) yield* cpu.local_irq_enable();
      },
      interrupt: hardirq(0, function* css_tryget(cpu: Cpu) {
        const retry = new Loop('css_tryget');
        for (;;) {
          yield* cpu.loop(retry);
          if (yield* cpu.atomic_add_unless(refcount, 1, 0)) return;
          if (yield* cpu.read(removed)) return;
          yield* cpu.cpu_relax();
        }
      }),
    }),
  });

const noWaitCharge = (name: string, givesUp: boolean) =>
  scenario({
    name,
    about: 'A charge that must not wait fails, and is tried again and again.',
    setup: (m) => ({ usage: m.cell('usage', 1), limit: m.cell('limit', 1) }),
    actors: ({ usage, limit }) => ({
      *shmem_getpage(cpu) {
        const repeat = new Loop('repeat');
        for (;;) {
          yield* cpu.loop(repeat);
          if ((yield* cpu.read(usage)) < (yield* cpu.read(limit))) break;
          // The neighbour goes back to where it may wait: there it reclaims a page.
          if (givesUp) yield* cpu.fetch_add(usage, -1);
        }
        yield* cpu.fetch_add(usage, 1);
      },
    }),
  });

const spinHoldingLock = (name: string, holdsIt: boolean) =>
  scenario({
    name,
    about:
      'One empties a cgroup until nobody is left, under the lock that an exiting task needs to leave.',
    setup: (m) => ({ mutex: m.mutex('cgroup_mutex'), members: m.cell('members', 1) }),
    actors: ({ mutex, members }) => ({
      *transfer(cpu) {
        if (holdsIt) yield* cpu.mutex_lock(mutex);
        yield* spinUntil(cpu, members, 0);
        if (holdsIt) yield* cpu.mutex_unlock(mutex);
      },
      *exit(cpu) {
        yield* cpu.mutex_lock(mutex);
        yield* cpu.write(members, 0);
        yield* cpu.mutex_unlock(mutex);
      },
    }),
  });

const spinOnOwnCpu = (name: string, preemptOff: boolean) =>
  scenario({
    name,
    about: 'A thread spins for what another thread of its CPU must do.',
    setup: (m) => ({ done: m.cell('done', false) }),
    actors: ({ done }) => ({
      waiter: at(0, function* (cpu: Cpu) {
        if (preemptOff) yield* cpu.preempt_disable();
        yield* spinUntil(cpu, done, true);
        if (preemptOff) yield* cpu.preempt_enable();
      }),
      worker: at(0, function* (cpu: Cpu) {
        yield* cpu.write(done, true);
      }),
    }),
  });

const backOff = (name: string, sameOrder: boolean) =>
  scenario({
    name,
    about: 'Two threads take one lock and try the other, and begin anew where that is taken.',
    setup: (m) => ({ a: m.spinlock('a'), b: m.spinlock('b') }),
    actors: ({ a, b }) => {
      const taker = (swaps: boolean) =>
        function* (cpu: Cpu): Path {
          const [first, second] = swaps ? [b, a] : [a, b];
          const again = new Loop('again');
          for (;;) {
            yield* cpu.loop(again);
            yield* cpu.spin_lock(first);
            if (yield* cpu.spin_trylock(second)) break;
            yield* cpu.spin_unlock(first);
          }
          yield* cpu.spin_unlock(second);
          yield* cpu.spin_unlock(first);
        };
      return { one: taker(false), other: taker(!sameOrder) };
    },
  });

const trylockLoop = (name: string, queues: boolean) =>
  scenario({
    name,
    about: 'A thread only tries for a lock that another one takes again and again.',
    setup: (m) => ({ lock: m.spinlock('lock'), stop: m.cell('stop', false) }),
    actors: ({ lock, stop }) => ({
      *holder(cpu) {
        const again = new Loop('again');
        for (;;) {
          yield* cpu.loop(again);
          yield* cpu.spin_lock(lock);
          const over = yield* cpu.read(stop);
          yield* cpu.spin_unlock(lock);
          if (over) break;
        }
      },
      *other(cpu) {
        if (queues) {
          yield* cpu.spin_lock(lock);
        } else {
          const retry = new Loop('retry');
          for (;;) {
            yield* cpu.loop(retry);
            if (yield* cpu.spin_trylock(lock)) break;
          }
        }
        yield* cpu.write(stop, true);
        yield* cpu.spin_unlock(lock);
      },
    }),
  });

const drain = (name: string, looksForChildren: boolean) =>
  scenario({
    name,
    about:
      'A group is emptied until its usage is 0, while a charge is moved into it that is on none of its lists.',
    setup: (m) => ({ usage: m.cell('usage', 1), pages: m.cell('pages on the LRU', 1) }),
    actors: ({ usage, pages }) => ({
      *force_empty(cpu) {
        const again = new Loop('move_account');
        for (;;) {
          yield* cpu.loop(again);
          if ((yield* cpu.read(usage)) === 0) break;
          if ((yield* cpu.read(pages)) === 0) continue;
          yield* cpu.fetch_add(pages, -1);
          yield* cpu.fetch_add(usage, -1);
        }
      },
      *reparent(cpu) {
        yield* cpu.fetch_add(usage, 1);
        if (looksForChildren) yield* cpu.fetch_add(pages, 1);
      },
    }),
  });

const walk = (name: string, sparesRoot: boolean) =>
  scenario({
    name,
    about:
      'Reclaim walks a hierarchy whose root is being removed, and remembers the root as its position.',
    setup: (m) => ({
      last_visited: m.cell('last_visited', 'root'),
      refcount: m.cell('refcount', 0),
    }),
    actors: ({ last_visited, refcount }) => ({
      *shrink_zone(cpu) {
        const again = new Loop('mem_cgroup_iter');
        for (;;) {
          yield* cpu.loop(again);
          const position = yield* cpu.read(last_visited);
          if (sparesRoot && position === 'root') break;
          if (yield* cpu.atomic_add_unless(refcount, 1, 0)) break;
          // Without a position the walk begins anew, at the root.
          yield* cpu.write(last_visited, 'root');
        }
      },
    }),
  });

const countedRetries = (name: string, givesUp: boolean) =>
  scenario({
    name,
    about: 'A limit is lowered below what is in use, and reclaim finds nothing.',
    setup: (m) => ({ usage: m.cell('usage', 2), failcnt: m.cell('failcnt', 0) }),
    actors: ({ usage, failcnt }) => ({
      *resize_limit(cpu) {
        const retry = new Loop('retry');
        for (let tries = 0; !givesUp || tries < 3; tries++) {
          yield* cpu.loop(retry, tries);
          if ((yield* cpu.read(usage)) <= 1) return;
          yield* cpu.fetch_add(failcnt, 1);
        }
      },
    }),
  });

export const livenessRules: readonly RuleExample[] = [
  {
    id: 'R37',
    rule: 'An interrupt may not spin for what the thread that it has interrupted must do.',
    source: 'css_tryget() and __css_put() of v2.6.29, kernel/cgroup.c',
    broken: tryget('tryget-in-interrupt', false),
    verdict: 'livelock',
    says: 'keeps rmdir from going on, which it has interrupted',
    fails: 'sometimes',
    neighbour: tryget('tryget-while-masked', true),
    difference: 'rmdir masks interrupts from the last reference to the mark.',
  },
  {
    id: 'R08',
    rule: 'A loop may not wait, with a lock held, for somebody who needs that lock.',
    source:
      'commit 116d2f7496c5 "cgroup: Fix deadlock in cpu hotplug path"; here at the level of locks',
    broken: spinHoldingLock('spin-holding-lock', true),
    verdict: 'livelock',
    says: 'it holds cgroup_mutex, for which exit waits in mutex_lock()',
    fails: 'sometimes',
    neighbour: spinHoldingLock('spin-without-lock', false),
    difference: 'The loop holds nothing.',
  },
  {
    id: 'R47',
    rule: 'A retry loop must do something that lets the next try succeed.',
    source: 'commit 82369553d6d3, a hang of shmem under a memory limit',
    broken: noWaitCharge('no-wait-charge-retried', false),
    verdict: 'livelock',
    says: 'shmem_getpage goes round in repeat for ever: no other thread is left',
    fails: 'always',
    neighbour: noWaitCharge('charge-after-reclaim', true),
    difference: 'A failed try reclaims a page where it may wait.',
  },
  {
    id: 'R48',
    rule: 'A loop that empties something must see all that keeps it from being empty.',
    source: 'commit 4fb1a86fb5e4 "memcg: reparent charges of children before processing parent"',
    broken: drain('drain-misses-charge', false),
    verdict: 'livelock',
    says: 'force_empty goes round in move_account for ever',
    fails: 'sometimes',
    neighbour: drain('drain-sees-charge', true),
    difference: 'What is charged is on the list that the loop empties.',
  },
  {
    id: 'R67',
    rule: 'A failed tryget is no reason to begin anew with what will fail again.',
    source: 'commit ecc736fc3c71 "memcg: fix endless loop caused by mem_cgroup_iter"',
    broken: walk('walk-restarts-at-root', false),
    verdict: 'livelock',
    says: 'shrink_zone goes round in mem_cgroup_iter for ever',
    fails: 'always',
    neighbour: walk('walk-spares-root', true),
    difference: 'The root of the walk is used without a new reference.',
  },
  {
    id: 'K-18',
    rule: 'A thread may not spin with preemption off for a thread of its own CPU.',
    source: 'kernel/watchdog.c: the soft lockup detector',
    broken: spinOnOwnCpu('spin-preempt-off', true),
    verdict: 'livelock',
    says: 'soft lockup: waiter spins in wait for ever',
    fails: 'sometimes',
    neighbour: spinOnOwnCpu('spin-preempt-on', false),
    difference: 'Preemption is on while it spins.',
  },
  {
    id: 'K-18',
    rule: 'Two threads that back off from each other and retry at once may do so for ever.',
    source: 'Documentation/locking/ww-mutex-design.rst, on why who backs off must be decided',
    broken: backOff('trylock-backoff', false),
    verdict: 'livelock',
    says: 'one and other go round in again for ever',
    fails: 'sometimes',
    neighbour: backOff('trylock-in-order', true),
    difference: 'Both begin with the same lock.',
  },
  {
    id: 'I-29',
    rule: 'Who only tries for a lock has no place in its queue, and may be passed for ever.',
    source: 'include/linux/spinlock.h: spin_trylock() does not wait its turn',
    broken: trylockLoop('trylock-starves', false),
    verdict: 'livelock',
    says: 'holder and other go round in again for ever',
    fails: 'sometimes',
    neighbour: trylockLoop('lock-gets-its-turn', true),
    difference: 'It waits for the lock, so that the other one cannot take it for ever.',
  },
  {
    id: 'K-18',
    rule: 'A retry loop that counts its tries must also end by the count.',
    source: 'mem_cgroup_resize_limit(), mm/memcontrol.c of v3.15: retry_count',
    broken: countedRetries('retry-without-bound', false),
    stepsMax: 10_000,
    verdict: 'livelock',
    says: 'times in retry, the last of them under a fair scheduler: something changes in each round',
    fails: 'always',
    neighbour: countedRetries('retry-with-bound', true),
    difference: 'It gives up after three tries.',
  },
];
