// Small machines with a known outcome, run under a given schedule and recorded.
import { Execution } from '../../scheduler/execution.js';
import type { Schedule } from '../../scheduler/schedule.js';
import { Follow } from '../../scheduler/strategies/follow.js';
import {
  atEnd,
  type Cell,
  type Cpu,
  type Machine,
  type MachineOptions,
  MachineEvent,
  type Memory,
  type Path,
  path as anyPath,
} from '../../src/machine/index.js';
import { TraceRecorder } from '../../src/trace/recorder.js';
import type { Trace } from '../../src/trace/trace.js';
import { armed, type Cast, crowd } from '../support/program.js';

/** path() for plain machines, whose actors act on no task. */
const path = anyPath as unknown as <Args extends readonly unknown[], R>(
  name: string,
  body: (cpu: Cpu, ...args: Args) => Path<R>,
) => (cpu: Cpu, ...args: Args) => Path<R>;

export interface Run {
  readonly trace: Trace;
  readonly recorder: TraceRecorder;
  readonly machine: Machine;
  /** Steps of the execution, as the scheduler counts them. */
  readonly steps: number;
  /** Runs the same schedule again on the same machine. */
  readonly again: () => Trace;
}

/** Runs a machine; `schedule` says which thread goes on at which step, where it is not the same one. */
export function record(
  setup: (machine: Machine) => Cast,
  schedule: Readonly<Record<number, number>> = {},
  options: Partial<MachineOptions> & { readonly all?: boolean; readonly rung?: string } = {},
): Run {
  const { all = false, rung, ...rest } = options;
  const machine = armed(setup, rest);
  const choices: Schedule = Object.entries(schedule).map(([at, pick]) => ({
    at: Number(at),
    pick,
  }));
  const follow = new Follow(choices, () => execution.asked, true);
  const execution: Execution = new Execution(machine, follow, { all });
  const recorder = new TraceRecorder(machine, () => execution.asked);
  machine.trace(recorder);
  const again = (): Trace => {
    recorder.start();
    execution.run();
    const { switches, preemptions } = execution;
    return recorder.finish({ scenario: 'test', rung, switches, preemptions });
  };
  const trace = again();
  return { trace, recorder, machine, steps: execution.steps, again };
}

/** Two threads add 1 to a counter without a lock, each in a function of its own. */
export function counter(machine: Machine): Cast {
  const x = machine.cell('x', 0);
  const mine = machine.cell('mine', 0);
  const add = path('add_one', function* (cpu: Cpu, by: number) {
    yield* cpu.write(mine, by);
    const seen = yield* cpu.read(x);
    yield* cpu.write(x, seen + by);
  });
  const idle = path('look_around', function* (cpu: Cpu) {
    yield* cpu.read(machine.cell('quiet', 1));
  });
  return {
    actors: {
      *first(cpu) {
        yield* idle(cpu);
        yield* add(cpu, 1);
      },
      *second(cpu) {
        yield* add(cpu, 1);
      },
    },
    properties: [atEnd('both count', () => x.peek() === 2 || `x is ${String(x.peek())}`)],
  };
}
/** Both read 0 before either writes. */
export const lostUpdate = { 3: 1 };

/** Two threads without functions take two mutexes in opposite order, `b` within `nested()`. */
export function crossedMutexes(machine: Machine): Cast {
  const a = machine.mutex('A');
  const b = machine.mutex('B');
  const nested = path('take_both', function* (cpu: Cpu) {
    yield* cpu.mutex_lock(b);
    yield* cpu.mutex_lock(a);
    yield* cpu.mutex_unlock(a);
    yield* cpu.mutex_unlock(b);
  });
  return {
    actors: {
      *ab(cpu) {
        yield* cpu.mutex_lock(a);
        yield* cpu.mutex_lock(b);
        yield* cpu.mutex_unlock(b);
        yield* cpu.mutex_unlock(a);
      },
      *ba(cpu) {
        yield* nested(cpu);
      },
    },
  };
}
export const deadlock = { 1: 1 };

/** A writer queues behind a reader, and the reader reads again behind the writer. */
export function queuedWriter(machine: Machine): Cast {
  const sem = machine.rwsem('css_set_rwsem');
  const reader = path('cgroup_is_populated', function* (cpu: Cpu) {
    yield* cpu.down_read(sem);
    yield* nested(cpu);
    yield* cpu.up_read(sem);
  });
  const nested = path('css_next_child_of_a_function_with_a_long_name', function* (cpu: Cpu) {
    yield* cpu.down_read(sem);
    yield* cpu.up_read(sem);
  });
  const writer = path('cgroup_post_fork', function* (cpu: Cpu) {
    yield* cpu.down_write(sem);
    yield* cpu.up_write(sem);
  });
  return { actors: { reader: (cpu) => reader(cpu), writer: (cpu) => writer(cpu) } };
}

/** Three calls deep, with objects, a list, notes and an event; two threads share CPU0, a third one has CPU1. */
export function nestedCalls(machine: Machine): Cast {
  const seen = new MachineEvent<{ readonly task: string; readonly n: number }>('seen');
  const tasks = machine.list('F->tasks');
  const node = { name: 'child', label: 'child' };
  const entry = machine.list('child->cg_list', node);
  const flags = machine.cell<number>('child->flags', 0, (value) => `0x${value.toString(16)}`);
  const inner = path('list_it', function* (cpu: Cpu) {
    yield* cpu.init(flags, 16);
    yield* cpu.list_add(entry, tasks);
    yield* cpu.emit(seen, { task: 'child', n: 1 });
  });
  const middle = path('cgroup_attach_task_to_the_default_hierarchy', function* (cpu: Cpu) {
    yield* inner(cpu);
    yield* cpu.write(flags, 64);
  });
  const outer = path('copy_process', function* (cpu: Cpu) {
    yield* middle(cpu);
    return 7;
  });
  const look = path('css_task_iter_next', function* (cpu: Cpu) {
    yield* cpu.read(flags);
    const empty = yield* cpu.list_empty(tasks);
    if (!empty) yield* cpu.list_del_init(entry);
  });
  return {
    actors: {
      fork: (cpu) => outer(cpu),
      iterate: (cpu) => look(cpu),
      idle: (cpu) => look(cpu),
    },
    properties: [],
  };
}
/** The iteration overtakes the fork, and both overtake the idle thread. */
export const overtaking = { 1: 2, 2: 1, 3: 0, 4: 1, 6: 2 };

/** A thread on each of many CPUs, all in one list of calls. */
export function manyCpus(count: number): (machine: Machine) => Cast {
  return (machine) => {
    const total = machine.cell('subsys_mask->total_of_everything', 0);
    const add = path('cgroup_apply_control_enable', function* (cpu: Cpu) {
      const seen = yield* cpu.read(total);
      yield* cpu.write(total, seen + 1);
    });
    return { actors: crowd('worker', count, () => (cpu) => add(cpu)) };
  };
}

/** Allocates, frees and uses again; `child` is spawned and joined. */
export function useAfterFree(): Cast {
  class Thing {
    readonly memory: Memory;
    readonly count: Cell<number>;
    constructor(memory: Memory) {
      this.memory = memory;
      this.count = memory.refcount('count', 1);
    }
  }
  return {
    actors: {
      *main(cpu) {
        const thing = yield* cpu.kmalloc(Thing, 'thing');
        if (thing === null) return;
        const child = yield* cpu.spawn('child', function* (other) {
          yield* other.atomic_inc(thing.count);
          return 5;
        });
        yield* cpu.join(child);
        yield* cpu.fetch_add(thing.count, 2);
        yield* cpu.kfree(thing);
        yield* cpu.read(thing.count);
      },
    },
  };
}
