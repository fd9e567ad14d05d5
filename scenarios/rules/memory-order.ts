// Rules about when a store becomes visible (K-12), on x86: every CPU buffers its stores, in order, and an unlock is one.
import {
  atEnd,
  type Cell,
  type Cpu,
  type Machine,
  type MachineOptions,
  type MemoryOrder,
  type Path,
} from '../../src/machine/index.js';
import { type Scenario, scenario } from '../scenario.js';
import type { RuleExample } from './rule.js';

const paper =
  "Sewell and others, x86-TSO: A Rigorous and Usable Programmer's Model for x86 Multiprocessors, CACM 2010";

const twoFlags = (m: Machine) => ({
  x: m.cell('x', 0),
  y: m.cell('y', 0),
  seen: m.cell('seen', 0),
});

/** Store buffering: a thread stores to its flag, then looks at the other one's, and tells if it is set. */
function* storeThenLook(
  cpu: Cpu,
  own: Cell<number>,
  other: Cell<number>,
  seen: Cell<number>,
  barrier: boolean,
): Path {
  yield* cpu.WRITE_ONCE(own, 1);
  if (barrier) yield* cpu.smp_mb();
  if ((yield* cpu.READ_ONCE(other)) === 1) yield* cpu.atomic_inc(seen);
}

const somebodySees = ({ seen }: { readonly seen: Cell<number> }) => [
  atEnd('one of the two sees the other', () => seen.peek() > 0),
];

const storeBuffering = (name: string, barrier: boolean) =>
  scenario({
    name,
    about: 'Each of two threads sets its flag and then looks at the other one.',
    machine: { memory: 'tso' },
    setup: twoFlags,
    actors: ({ x, y, seen }) => ({
      *first(cpu) {
        yield* storeThenLook(cpu, x, y, seen, barrier);
      },
      *second(cpu) {
        yield* storeThenLook(cpu, y, x, seen, barrier);
      },
    }),
    properties: somebodySees,
  });

/** The same, but the one store is made under a lock, whose unlock is followed by the look. */
const unlockThenLook = (name: string, barrier: boolean) =>
  scenario({
    name,
    about: 'A thread sets its flag under a spinlock, unlocks, and looks at the flag of another.',
    machine: { memory: 'tso' },
    setup: (m: Machine) => ({ ...twoFlags(m), lock: m.spinlock('lock') }),
    actors: ({ x, y, seen, lock }) => ({
      *locking(cpu) {
        yield* cpu.spin_lock(lock);
        yield* cpu.WRITE_ONCE(x, 1);
        yield* cpu.spin_unlock(lock);
        if (barrier) yield* cpu.smp_mb();
        if ((yield* cpu.READ_ONCE(y)) === 1) yield* cpu.atomic_inc(seen);
      },
      *other(cpu) {
        yield* storeThenLook(cpu, y, x, seen, true);
      },
    }),
    properties: somebodySees,
  });

const TASK_RUNNING = 0;
const TASK_INTERRUPTIBLE = 1;

const sleeping = (name: string, setState: 'by a plain store' | 'by set_current_state()') =>
  scenario({
    name,
    about: 'A thread goes to sleep on a condition that another one makes true.',
    machine: { memory: 'tso' },
    setup: (m) => ({
      state: m.cell('state', TASK_RUNNING),
      condition: m.cell('condition', false),
      asleep: m.cell('asleep', false),
    }),
    actors: ({ state, condition, asleep }) => ({
      *sleeper(cpu) {
        if (setState === 'by a plain store') yield* cpu.write(state, TASK_INTERRUPTIBLE);
        else yield* cpu.smp_store_mb(state, TASK_INTERRUPTIBLE);
        if (!(yield* cpu.READ_ONCE(condition))) yield* cpu.write(asleep, true);
      },
      *waker(cpu) {
        yield* cpu.WRITE_ONCE(condition, true);
        yield* cpu.smp_mb();
        if ((yield* cpu.READ_ONCE(state)) !== TASK_RUNNING) yield* cpu.xchg(state, TASK_RUNNING);
      },
    }),
    properties: ({ state, asleep }) => [
      atEnd('whoever sleeps is woken', () => !asleep.peek() || state.peek() === TASK_RUNNING),
    ],
  });

const messagePassing = (name: string, flagFirst: boolean) =>
  scenario({
    name,
    about: 'A thread stores data and sets a flag that announces it; another one looks at both.',
    machine: { memory: 'tso' },
    setup: (m) => ({ data: m.cell('data', 0), flag: m.cell('flag', 0) }),
    actors: ({ data, flag }) => ({
      *writer(cpu) {
        if (flagFirst) yield* cpu.WRITE_ONCE(flag, 1);
        yield* cpu.WRITE_ONCE(data, 1);
        yield* cpu.smp_wmb();
        if (!flagFirst) yield* cpu.WRITE_ONCE(flag, 1);
      },
      *reader(cpu) {
        if ((yield* cpu.READ_ONCE(flag)) === 0) return;
        yield* cpu.smp_rmb();
        yield* cpu.BUG_ON((yield* cpu.READ_ONCE(data)) === 0, 'the flag is set, the data is not');
      },
    }),
  });

interface EnableVsFork {
  readonly memory: MemoryOrder;
  readonly rwlock: NonNullable<MachineOptions['rwlock']>;
  readonly locksTasklist: boolean;
}

/**
 * R04. cgroup_enable_task_cg_lists() and copy_process() with cgroup_post_fork(), kernel/cgroup.c and kernel/fork.c of
 * 3.2. Of the tasklist there is the parent, which the walk passes first, and the pointer behind it, by which
 * list_add_tail_rcu() publishes the child. Linking is one step, since both do it under css_set_lock. Leaves out: other
 * tasks, linking the parent, the exit of tasks.
 */
const enableVsFork = (name: string, { memory, rwlock, locksTasklist }: EnableVsFork): Scenario =>
  scenario({
    name,
    about: 'The first reader of a tasks file links every task, while a fork decides whether to.',
    machine: { memory, rwlock },
    setup: (m) => ({
      tasklist_lock: m.rwlock('tasklist_lock'),
      task_lock: m.spinlock('parent.alloc_lock'),
      next: m.cell<'child' | null>('parent.tasks.next', null),
      use_task_css_set_links: m.cell('use_task_css_set_links', 0),
      linked: m.cell('child.cg_list linked', false),
    }),
    actors: ({ tasklist_lock, task_lock, next, use_task_css_set_links, linked }) => ({
      *enable(cpu) {
        yield* cpu.write(use_task_css_set_links, 1);
        if (locksTasklist) yield* cpu.read_lock(tasklist_lock);
        yield* cpu.spin_lock(task_lock);
        yield* cpu.spin_unlock(task_lock);
        if ((yield* cpu.read(next)) !== null) yield* cpu.xchg(linked, true);
        if (locksTasklist) yield* cpu.read_unlock(tasklist_lock);
      },
      *fork(cpu) {
        yield* cpu.write_lock_irq(tasklist_lock);
        yield* cpu.write(next, 'child');
        yield* cpu.write_unlock_irq(tasklist_lock);
        if ((yield* cpu.read(use_task_css_set_links)) !== 0) yield* cpu.xchg(linked, true);
      },
    }),
    properties: ({ linked }) => [
      atEnd('the child is linked to its css_set (I-02)', () => linked.peek()),
    ],
  });

const commit =
  '3ce3230a0cff, cgroup: Walk task list under tasklist_lock in cgroup_enable_task_cg_list';
const missed = {
  id: 'R04',
  source: commit,
  verdict: 'violation',
  says: 'the child is linked to its css_set (I-02)',
  fails: 'sometimes',
} as const;
const unlocked = { memory: 'tso', rwlock: 'queued', locksTasklist: false } as const;

export const memoryOrderRules: readonly RuleExample[] = [
  {
    id: 'K-12',
    rule: 'A store must not be expected to be visible before the next load of its CPU.',
    source: paper,
    broken: storeBuffering('store-buffering', false),
    verdict: 'violation',
    says: 'one of the two sees the other',
    fails: 'sometimes',
    neighbour: storeBuffering('store-buffering-with-barriers', true),
    difference: 'smp_mb() stands between store and load in both threads.',
  },
  {
    id: 'K-12',
    rule: 'spin_unlock() must not be taken for a barrier: loads after it may come before it.',
    source: 'Documentation/memory-barriers.txt, ACQUIRING FUNCTIONS; arch_spin_unlock() on x86',
    broken: unlockThenLook('unlock-is-no-barrier', false),
    verdict: 'violation',
    says: 'one of the two sees the other',
    fails: 'sometimes',
    neighbour: unlockThenLook('unlock-and-barrier', true),
    difference: 'smp_mb() follows the unlock.',
  },
  {
    id: 'K-12',
    rule: 'A sleeper must not set its state by a plain store before it looks at its condition.',
    source:
      'set_current_state() in include/linux/sched.h; Documentation/memory-barriers.txt, SLEEP',
    broken: sleeping('sleep-by-plain-store', 'by a plain store'),
    verdict: 'violation',
    says: 'whoever sleeps is woken',
    fails: 'sometimes',
    neighbour: sleeping('sleep-by-set-current-state', 'by set_current_state()'),
    difference: 'It uses set_current_state(), which is smp_store_mb().',
  },
  {
    id: 'K-12',
    rule: 'A flag must be set after what it announces; on x86 stores become visible in their order.',
    source: paper,
    broken: messagePassing('flag-before-data', true),
    verdict: 'panic',
    says: 'the flag is set, the data is not',
    fails: 'sometimes',
    neighbour: messagePassing('message-passing', false),
    difference: 'The data is stored first.',
  },
  {
    ...missed,
    rule: 'The tasklist must not be walked without its lock where fork relies on that lock to see a flag.',
    broken: enableVsFork('fork-misses-enable', unlocked),
    neighbour: enableVsFork('fork-sees-enable', { ...unlocked, locksTasklist: true }),
    difference: 'The flag is set before tasklist_lock is taken for the walk.',
  },
  {
    ...missed,
    rule: 'That walk must not rely on stores being visible at once; only if they were would it be right.',
    broken: enableVsFork('fork-misses-enable-on-tso', unlocked),
    neighbour: enableVsFork('fork-and-enable-on-sc', { ...unlocked, memory: 'sc' }),
    difference: 'Memory is sequentially consistent.',
  },
  {
    ...missed,
    rule: 'Nor must it rely on write_unlock() being a barrier, which it was on the x86 of that time.',
    broken: enableVsFork('fork-misses-enable-from-3.16', unlocked),
    neighbour: enableVsFork('fork-and-enable-before-3.16', {
      ...unlocked,
      rwlock: 'reader-preferring',
    }),
    difference: 'write_unlock() is the `lock add` of kernels before 3.16.',
  },
];
