// Data races that are meant to be, and one of the catalogue that is not.
import type { Cell, Cpu, Machine, Path, RawSpinlock, Spinlock } from '../../src/machine/index.js';
import { scenario } from '../scenario.js';
import type { RuleExample } from './rule.js';

const machine = { dataRaces: true } as const;
const lkmm = 'tools/memory-model/Documentation';

/** A statistic that one thread keeps under a lock, and another one shows. */
function* keep(cpu: Cpu, events: Cell<number>, lock: Spinlock): Path {
  yield* cpu.spin_lock(lock);
  yield* cpu.write(events, (yield* cpu.read(events)) + 1);
  yield* cpu.spin_unlock(lock);
}

/** The page's owner changes, after a grace period or not. */
function* moveAccount(cpu: Cpu, page: Page, waits: boolean): Path {
  yield* cpu.atomic_inc(page.moving_account);
  if (waits) yield* cpu.synchronize_rcu();
  yield* cpu.spin_lock(page.move_lock);
  yield* cpu.write(page.mem, 'B');
  yield* cpu.spin_unlock(page.move_lock);
}

/** Finds the page's owner to count something there; locks only while pages are being moved. */
function* updateStat(cpu: Cpu, page: Page): Path {
  yield* cpu.rcu_read_lock();
  const moving = (yield* cpu.atomic_read(page.moving_account)) > 0;
  if (moving) yield* cpu.spin_lock(page.move_lock);
  yield* cpu.read(page.mem);
  if (moving) yield* cpu.spin_unlock(page.move_lock);
  yield* cpu.rcu_read_unlock();
}

interface Page {
  readonly moving_account: Cell<number>;
  readonly move_lock: Spinlock;
  readonly mem: Cell<string>;
}

const pageOf = (m: Machine): Page => ({
  moving_account: m.cell('moving_account', 0),
  move_lock: m.spinlock('move_lock'),
  mem: m.cell('pc.mem', 'A'),
});

function* readPlainly(cpu: Cpu, cell: Cell<number>): Path<number> {
  return yield* cpu.read(cell);
}

function* readAnyway(cpu: Cpu, cell: Cell<number>): Path<number> {
  return yield* cpu.data_race_read(cell);
}

/** cgroup_rstat_updated() tests, without the lock, whether the cgroup is on the list already. */
function* rstatUpdated(
  cpu: Cpu,
  { updated_next, lock }: { readonly updated_next: Cell<number>; readonly lock: RawSpinlock },
  reads: (cpu: Cpu, cell: Cell<number>) => Path<number>,
): Path {
  if ((yield* reads(cpu, updated_next)) !== 0) return;
  yield* cpu.spin_lock(lock);
  yield* cpu.write(updated_next, 1);
  yield* cpu.spin_unlock(lock);
}

export const raceHistoryRules: readonly RuleExample[] = [
  {
    id: 'race-statistic',
    rule: 'A variable on which every race is harmless is declared __data_racy.',
    source: `${lkmm}/access-marking.txt, "Use of __data_racy"`,
    broken: scenario({
      name: 'race-statistic',
      about: 'A statistic is kept under a lock and shown without it.',
      machine,
      setup: (m) => ({ events: m.cell('events', 0), lock: m.spinlock('lock') }),
      actors: ({ events, lock }) => ({
        keep: (cpu: Cpu) => keep(cpu, events, lock),
        *show(cpu) {
          yield* cpu.read(events);
        },
      }),
    }),
    verdict: 'data race',
    says: 'by show, holding no lock,',
    fails: 'always',
    neighbour: scenario({
      name: 'race-data-racy',
      about: 'The statistic is declared __data_racy.',
      machine,
      setup: (m) => ({ events: m.data_racy('events', 0), lock: m.spinlock('lock') }),
      actors: ({ events, lock }) => ({
        keep: (cpu: Cpu) => keep(cpu, events, lock),
        *show(cpu) {
          yield* cpu.read(events);
        },
      }),
    }),
    difference: 'The statistic is declared __data_racy.',
  },
  {
    id: 'R56',
    rule: 'A test without the lock that may be stale, but no more than that, is marked with data_race().',
    source: 'cgroup_rstat_updated(), kernel/cgroup/rstat.c; marked by eda09706b240 (2021)',
    broken: scenario({
      name: 'R56-plain',
      about: 'Whether a cgroup is on the list of changed ones is tested plainly, without the lock.',
      machine,
      setup: (m) => ({ updated_next: m.cell('updated_next', 0), lock: m.raw_spinlock('lock') }),
      actors: (list) => ({
        updated: (cpu: Cpu) => rstatUpdated(cpu, list, readPlainly),
        *flush(cpu) {
          yield* cpu.spin_lock(list.lock);
          yield* cpu.write(list.updated_next, 0);
          yield* cpu.spin_unlock(list.lock);
        },
      }),
    }),
    verdict: 'data race',
    says: 'race on updated_next',
    fails: 'sometimes',
    neighbour: scenario({
      name: 'R56-data-race',
      about: 'The test is marked with data_race(): it may cost a flush, and nothing else.',
      machine,
      setup: (m) => ({ updated_next: m.cell('updated_next', 0), lock: m.raw_spinlock('lock') }),
      actors: (list) => ({
        updated: (cpu: Cpu) => rstatUpdated(cpu, list, readAnyway),
        *flush(cpu) {
          yield* cpu.spin_lock(list.lock);
          yield* cpu.write(list.updated_next, 0);
          yield* cpu.spin_unlock(list.lock);
        },
      }),
    }),
    difference: 'The test is marked with data_race().',
  },
  {
    id: 'R62',
    rule: 'A flag that makes readers take a lock protects nothing before a grace period has passed.',
    source:
      'mm/memcontrol.c, v3.16, mem_cgroup_start_move() and __mem_cgroup_begin_update_page_stat()',
    broken: scenario({
      name: 'R62-no-grace-period',
      about: 'A page changes its owner while somebody who saw no move yet counts without the lock.',
      machine,
      setup: pageOf,
      actors: (page) => ({
        move: (cpu: Cpu) => moveAccount(cpu, page, false),
        update: (cpu: Cpu) => updateStat(cpu, page),
      }),
    }),
    verdict: 'data race',
    says: 'race on pc.mem',
    fails: 'sometimes',
    neighbour: scenario({
      name: 'R62-grace-period',
      about: 'The mover waits for a grace period after it has set the flag.',
      machine,
      setup: pageOf,
      actors: (page) => ({
        move: (cpu: Cpu) => moveAccount(cpu, page, true),
        update: (cpu: Cpu) => updateStat(cpu, page),
      }),
    }),
    difference: 'The mover waits for a grace period after it has set the flag.',
  },
];
