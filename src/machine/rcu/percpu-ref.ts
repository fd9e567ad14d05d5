// struct percpu_ref as lib/percpu-refcount.c and its header have it in v3.16: references are counted per CPU until
// percpu_ref_kill(); a grace period later the sum is taken over by one atomic counter, which may fall to 0. Every
// access is a step. Not modelled: percpu_ref_reinit() (v3.17) and later modes, and that until v5.0 the sections were
// rcu_read_lock_sched().
import { Cell, load } from '../cell.js';
import { PerCpu } from '../context/per-cpu.js';
import type { Cpu } from '../cpu/cpu.js';
import { path } from '../frames.js';
import type { Named } from '../names.js';
import { type Operation, type Path, Primitive, type Step } from '../op.js';
import { MachineEvent } from '../property.js';

/** PCPU_COUNT_BIAS: keeps the counter from falling to 0 before the sum of the per-CPU ones is added. */
const bias = 2 ** 31;

export class PercpuRef implements Named {
  readonly #owner: Named | undefined;
  readonly #field: string;
  /** PCPU_REF_DEAD, a bit of pcpu_count: from now on gets and puts use the atomic counter. */
  readonly dead: Cell<boolean>;
  /** The atomic counter; 1 is the initial reference. */
  readonly count: Cell<number>;
  readonly counters: PerCpu<number>;
  /** Called by whoever drops the last reference, in a read section: it may not sleep. */
  readonly release: (cpu: Cpu) => Path<unknown>;
  /** For properties: the kill is confirmed. */
  readonly killConfirmed = new MachineEvent<undefined>('kill confirmed');
  /** For properties: percpu_ref_tryget_live() took a reference. */
  readonly takenAlive = new MachineEvent<undefined>('taken alive');
  /** For properties: the last reference was dropped. */
  readonly released = new MachineEvent<undefined>('released');

  constructor(owner: Named | undefined, field: string, release: (cpu: Cpu) => Path<unknown>) {
    this.#owner = owner;
    this.#field = field;
    this.dead = new Cell<boolean>(this, 'dead', false);
    this.count = new Cell<number>(this, 'count', 1 + bias, { isRefcount: true });
    this.counters = new PerCpu<number>(`${this.name}.pcpu_count`, 0);
    this.release = release;
  }

  get name(): string {
    return this.#owner === undefined ? this.#field : `${this.#owner.name}.${this.#field}`;
  }

  get label(): string {
    return this.#owner === undefined ? this.#field : `${this.#owner.label}->${this.#field}`;
  }
}

/** Sums the counters of all CPUs: one event, for nobody changes them once the grace period has ended. */
const SUM = new Primitive({
  name: 'sum of pcpu_count',
  act: ({ subject }: Operation): number =>
    (subject as PercpuRef).counters.cells.reduce((sum, cell) => sum + load(cell), 0),
  effect: 'reads',
  narrate: ({ subject }, sum) =>
    `sum of ${(subject as PercpuRef).label}->pcpu_count: ${String(sum)}`,
});

/** The step that sums. For percpu_ref_kill() alone. */
export function sumOf(op: Operation, ref: PercpuRef): Step<number> {
  return op.make(SUM, ref) as Step<number>;
}

export const percpu_ref_get = path('percpu_ref_get', function* (cpu: Cpu, ref: PercpuRef) {
  yield* cpu.rcu_read_lock();
  if (yield* cpu.READ_ONCE(ref.dead)) yield* cpu.atomic_inc(ref.count);
  else yield* cpu.this_cpu_inc(ref.counters);
  yield* cpu.rcu_read_unlock();
});

export const percpu_ref_tryget = path('percpu_ref_tryget', function* (cpu: Cpu, ref: PercpuRef) {
  let taken = true;
  yield* cpu.rcu_read_lock();
  if (yield* cpu.READ_ONCE(ref.dead)) taken = yield* cpu.atomic_add_unless(ref.count, 1, 0);
  else yield* cpu.this_cpu_inc(ref.counters);
  yield* cpu.rcu_read_unlock();
  return taken;
});

export const percpu_ref_tryget_live = path(
  'percpu_ref_tryget_live',
  function* (cpu: Cpu, ref: PercpuRef) {
    yield* cpu.rcu_read_lock();
    const isAlive = !(yield* cpu.READ_ONCE(ref.dead));
    if (isAlive) {
      yield* cpu.this_cpu_inc(ref.counters);
      yield* cpu.emit(ref.takenAlive, undefined);
    }
    yield* cpu.rcu_read_unlock();
    return isAlive;
  },
);

export const percpu_ref_put = path('percpu_ref_put', function* (cpu: Cpu, ref: PercpuRef) {
  yield* cpu.rcu_read_lock();
  if (!(yield* cpu.READ_ONCE(ref.dead))) {
    yield* cpu.this_cpu_dec(ref.counters);
  } else if (yield* cpu.atomic_dec_and_test(ref.count)) {
    yield* cpu.emit(ref.released, undefined);
    yield* ref.release(cpu);
  }
  yield* cpu.rcu_read_unlock();
});

export const percpu_ref_kill_and_confirm = path(
  'percpu_ref_kill_and_confirm',
  function* (cpu: Cpu, ref: PercpuRef, confirm?: (cpu: Cpu) => Path<unknown>) {
    yield* cpu.WARN_ON(
      yield* cpu.READ_ONCE(ref.dead),
      `percpu_ref_kill() of ${ref.name} called more than once`,
    );
    yield* cpu.WRITE_ONCE(ref.dead, true);
    yield* cpu.call_rcu('percpu_ref_kill_rcu', function* (own: Cpu) {
      yield* percpu_ref_kill_rcu(own, ref, confirm);
    });
  },
);

/** The callback: takes the sum over, confirms, and drops the initial reference. */
const percpu_ref_kill_rcu = path(
  'percpu_ref_kill_rcu',
  function* (cpu: Cpu, ref: PercpuRef, confirm: ((cpu: Cpu) => Path<unknown>) | undefined) {
    const sum = yield* cpu.percpu_ref_sum(ref);
    yield* cpu.fetch_add(ref.count, sum - bias);
    yield* cpu.emit(ref.killConfirmed, undefined);
    if (confirm !== undefined) yield* confirm(cpu);
    yield* percpu_ref_put(cpu, ref);
  },
);

/** Whether the count has fallen to 0; never before the kill. */
export const percpu_ref_is_zero = path('percpu_ref_is_zero', function* (cpu: Cpu, ref: PercpuRef) {
  if (!(yield* cpu.READ_ONCE(ref.dead))) return false;
  return (yield* cpu.atomic_read(ref.count)) === 0;
});
