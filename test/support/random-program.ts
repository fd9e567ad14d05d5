// Small programs made by chance, for comparing searches: cells, locks of several kinds, sleeping, threads that start
// others, branches on what was read.
import type { Program } from '../../scheduler/index.js';
import {
  always,
  type Cell,
  type Completion,
  type Cpu,
  type Machine,
  type MachineOptions,
  type Mutex,
  type Path,
  type Rwlock,
  type Rwsem,
  type Spinlock,
  type WaitQueue,
  wheneverFree,
} from '../../src/machine/index.js';
import { Random } from '../../src/random.js';
import { at, crowd, list, program } from './program.js';

/** What a program may be made of. */
export const kinds = [
  'cells',
  'atomics',
  'mutex',
  'spinlock',
  'trylock',
  'rwsem',
  'rwlock',
  'waiting',
  'completion',
  'spawn',
  'always',
  'whenever free',
  'rcu',
  'faults',
] as const;
export type Kind = (typeof kinds)[number];

/** One statement, as data: the same path is run again and again. */
interface Statement {
  readonly does: string;
  readonly cell: number;
  readonly lock: number;
  readonly value: number;
  readonly body: readonly Statement[];
}

const withBody = new Set([
  'mutex',
  'spin',
  'try',
  'down_read',
  'down_write',
  'try_read',
  'try_write',
  'read_lock',
  'write_lock',
  'if',
  'spawn',
  'rcu',
]);

const menus: Readonly<Record<Kind, readonly string[]>> = {
  cells: ['read', 'write', 'write', 'increment', 'if'],
  atomics: ['fetch_add', 'cmpxchg', 'cmpxchg', 'xchg', 'add_unless', 'set_bit'],
  mutex: ['mutex', 'mutex'],
  spinlock: ['spin', 'spin'],
  trylock: ['try', 'try'],
  rwsem: ['down_read', 'down_write', 'down_read', 'try_read', 'try_write', 'downgrade'],
  rwlock: ['read_lock', 'write_lock', 'read_lock'],
  waiting: ['wait', 'wake', 'wake', 'write'],
  completion: ['complete', 'await', 'try_await', 'complete_all'],
  spawn: ['spawn', 'spawn'],
  always: ['write'],
  'whenever free': ['mutex', 'write', 'write'],
  rcu: ['rcu', 'synchronize_rcu'],
  faults: ['may_fail'],
};

interface Things {
  readonly cells: readonly Cell<number>[];
  readonly mutexes: readonly Mutex[];
  readonly spins: readonly Spinlock[];
  readonly sems: readonly Rwsem[];
  readonly rwlocks: readonly Rwlock[];
  readonly queue: WaitQueue;
  readonly done: Completion;
}

export interface RandomOptions {
  readonly threads: number;
  readonly statements: number;
  readonly kinds: readonly Kind[];
  readonly machine?: MachineOptions;
}

/** The program of that name: the same one each time. */
export function randomProgram(seed: string, options: RandomOptions): Program {
  const random = new Random(seed);
  const menu = options.kinds.flatMap((kind) => menus[kind]);
  const statement = (depth: number): Statement => {
    const does = at(menu, random.below(menu.length));
    const length = withBody.has(does) ? random.below(depth === 0 ? 3 : 2) : 0;
    return {
      does,
      cell: random.below(2),
      lock: random.below(2),
      value: random.below(3),
      body: list(length, () => statement(depth + 1)),
    };
  };
  const paths = list(options.threads, () =>
    list(1 + random.below(options.statements), () => statement(0)),
  );
  return program(
    seed,
    (m) => {
      const things = make(m);
      const [x, y] = things.cells;
      const guard = at(things.mutexes, 0);
      return {
        actors: crowd('t', options.threads, (n) => (cpu) => runAll(cpu, at(paths, n), things)),
        properties: [
          ...(options.kinds.includes('always')
            ? [always('x and y differ', () => x?.peek() !== 2 || y?.peek() !== 2)]
            : []),
          ...(options.kinds.includes('whenever free')
            ? [
                wheneverFree(
                  guard,
                  'x is not ahead',
                  () => (x?.peek() ?? 0) <= (y?.peek() ?? 0) + 1,
                ),
              ]
            : []),
        ],
      };
    },
    options.machine ?? {},
  );
}

function make(m: Machine): Things {
  return {
    cells: ['x', 'y'].map((name) => m.cell(name, 0)),
    mutexes: ['m0', 'm1'].map((name) => m.mutex(name)),
    spins: ['s0', 's1'].map((name) => m.spinlock(name)),
    sems: ['sem0', 'sem1'].map((name) => m.rwsem(name)),
    rwlocks: ['rw0', 'rw1'].map((name) => m.rwlock(name)),
    queue: m.waitqueue('queue'),
    done: m.completion('done'),
  };
}

function* runAll(cpu: Cpu, statements: readonly Statement[], things: Things): Path<number> {
  let last = 0;
  for (const statement of statements) last = yield* run(cpu, statement, things, last);
  return last;
}

function* run(cpu: Cpu, statement: Statement, things: Things, last: number): Path<number> {
  const { does, value, body } = statement;
  const cell = at(things.cells, statement.cell);
  const mutex = at(things.mutexes, statement.lock);
  switch (does) {
    case 'read':
      return yield* cpu.read(cell);
    case 'write':
      yield* cpu.write(cell, value);
      return last;
    case 'increment':
      yield* cpu.write(cell, last + 1);
      return last;
    case 'fetch_add':
      return yield* cpu.fetch_add(cell, value);
    case 'cmpxchg':
      return yield* cpu.cmpxchg(cell, value, value + 1);
    case 'xchg':
      return yield* cpu.xchg(cell, value);
    case 'add_unless':
      return (yield* cpu.atomic_add_unless(cell, 1, value)) ? 1 : 0;
    case 'set_bit':
      yield* cpu.set_bit(cell, 1);
      return last;
    case 'if':
      return last === value ? yield* runAll(cpu, body, things) : last;
    case 'mutex':
      yield* cpu.mutex_lock(mutex);
      last = yield* runAll(cpu, body, things);
      yield* cpu.mutex_unlock(mutex);
      return last;
    case 'try':
      if (yield* cpu.mutex_trylock(mutex)) {
        last = yield* runAll(cpu, body, things);
        yield* cpu.mutex_unlock(mutex);
      }
      return last;
    case 'may_fail':
      return (yield* cpu.may_fail('it')) ? value : 0;
    default:
      return yield* runMore(cpu, statement, things, last);
  }
}

function* runMore(cpu: Cpu, statement: Statement, things: Things, last: number): Path<number> {
  const { does, body } = statement;
  const spin = at(things.spins, statement.lock);
  const sem = at(things.sems, statement.lock);
  const rwlock = at(things.rwlocks, statement.lock);
  switch (does) {
    case 'spin':
      yield* cpu.spin_lock(spin);
      last = yield* runAll(cpu, body, things);
      yield* cpu.spin_unlock(spin);
      return last;
    case 'down_read':
      yield* cpu.down_read(sem);
      last = yield* runAll(cpu, body, things);
      yield* cpu.up_read(sem);
      return last;
    case 'down_write':
      yield* cpu.down_write(sem);
      last = yield* runAll(cpu, body, things);
      yield* cpu.up_write(sem);
      return last;
    case 'downgrade':
      yield* cpu.down_write(sem);
      yield* cpu.downgrade_write(sem);
      last = yield* runAll(cpu, body, things);
      yield* cpu.up_read(sem);
      return last;
    case 'try_read':
      if (yield* cpu.down_read_trylock(sem)) {
        last = yield* runAll(cpu, body, things);
        yield* cpu.up_read(sem);
      }
      return last;
    case 'try_write':
      if (yield* cpu.down_write_trylock(sem)) {
        last = yield* runAll(cpu, body, things);
        yield* cpu.up_write(sem);
      }
      return last;
    case 'read_lock':
      yield* cpu.read_lock(rwlock);
      last = yield* runAll(cpu, body, things);
      yield* cpu.read_unlock(rwlock);
      return last;
    case 'write_lock':
      yield* cpu.write_lock(rwlock);
      last = yield* runAll(cpu, body, things);
      yield* cpu.write_unlock(rwlock);
      return last;
    default:
      return yield* runRest(cpu, statement, things, last);
  }
}

function* runRest(cpu: Cpu, statement: Statement, things: Things, last: number): Path<number> {
  const { does, body, value } = statement;
  const cell = at(things.cells, statement.cell);
  switch (does) {
    case 'wait':
      yield* cpu.wait_event(things.queue, function* (cpu) {
        return (yield* cpu.read(cell)) === value;
      });
      return value;
    case 'wake':
      yield* cpu.wake_up(things.queue);
      return last;
    case 'complete':
      yield* cpu.complete(things.done);
      return last;
    case 'complete_all':
      yield* cpu.complete_all(things.done);
      return last;
    case 'await':
      yield* cpu.wait_for_completion(things.done);
      return last;
    case 'try_await':
      return (yield* cpu.try_wait_for_completion(things.done)) ? 1 : 0;
    case 'spawn': {
      const child = yield* cpu.spawn('child', (cpu: Cpu) => runAll(cpu, body, things));
      return value === 0 ? last : yield* cpu.join(child);
    }
    case 'rcu':
      yield* cpu.rcu_read_lock();
      last = yield* cpu.read(cell);
      yield* cpu.rcu_read_unlock();
      return last;
    case 'synchronize_rcu':
      yield* cpu.synchronize_rcu();
      return last;
    default:
      throw new Error(`nothing is known of the statement ${does}`);
  }
}
