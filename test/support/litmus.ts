// Litmus tests as data, and two independent ways to know what can come out of one: an abstract machine that explores
// its own states, and the simulator under the plain enumerator. The abstract machine is that of Sewell et al., CACM
// 2010, section 3: it shares no code and no idea of an implementation with the simulator.
import type { Cpu, Machine, Path } from '../../src/machine/index.js';
import { everySchedule } from './run.js';

export type Instruction =
  /** `mov [cell], value` */
  | { readonly op: 'store'; readonly cell: string; readonly value: number }
  /** `mov reg, [cell]` */
  | { readonly op: 'load'; readonly cell: string; readonly reg: string }
  | { readonly op: 'mfence' }
  /** `xchg [cell], reg`, which is locked: the register gets the old value. */
  | {
      readonly op: 'xchg';
      readonly cell: string;
      readonly value: number;
      readonly reg: string;
    }
  /** Takes a spinlock by a locked instruction, once it is free. */
  | { readonly op: 'lock'; readonly lock: string }
  /** Gives it back by a plain store. */
  | { readonly op: 'unlock'; readonly lock: string };

/** One list of instructions per thread; every cell is 0 at first. */
export type Litmus = readonly (readonly Instruction[])[];

export type MemoryOrder = 'sc' | 'tso';

// --- Notation -------------------------------------------------------------------------------------------------

/**
 * A thread in the notation of the tests: `x=1 r1=y mf`. Cells are named by one letter, registers by r and a digit;
 * `r1=xchg(x,1)`, `lock(l)` and `unlock(l)` are locked or plain as above.
 */
export function thread(text: string): Instruction[] {
  return text.split(' ').map((word): Instruction => {
    const [, reg, cell, value] = /^(r\d)=xchg\((\w),(\d)\)$/.exec(word) ?? [];
    if (reg !== undefined) {
      return { op: 'xchg', reg, cell: String(cell), value: Number(value) };
    }
    const [, does, lock] = /^(lock|unlock)\((\w)\)$/.exec(word) ?? [];
    if (lock !== undefined) return { op: does === 'lock' ? 'lock' : 'unlock', lock };
    if (word === 'mf') return { op: 'mfence' };
    const [left, right] = word.split('=');
    if (left === undefined || right === undefined) throw new Error(`"${word}" is no instruction`);
    return /^\d+$/.test(right)
      ? { op: 'store', cell: left, value: Number(right) }
      : { op: 'load', reg: left, cell: right };
  });
}

/** The cells of a test, locks not among them. */
function cellsOf(test: Litmus): string[] {
  const cells = test.flat().flatMap((one) => ('cell' in one ? [one.cell] : []));
  return [...new Set(cells)].sort();
}

/** `0:r1=0 1:r1=1 x=1`, with the threads counted from 0. */
function outcome(registers: ReadonlyMap<string, number>, memory: ReadonlyMap<string, number>) {
  const parts = [...registers, ...memory].map(([name, value]) => `${name}=${String(value)}`);
  return parts.sort().join(' ');
}

// --- The abstract machine ---------------------------------------------------------------------------------------

interface State {
  /** How many instructions each thread has taken. */
  readonly at: readonly number[];
  readonly registers: ReadonlyMap<string, number>;
  readonly memory: ReadonlyMap<string, number>;
  /** Per thread what it has stored and nobody else sees, oldest first. */
  readonly buffers: readonly (readonly (readonly [string, number])[])[];
  /** The thread that has the bus, in the middle of a locked instruction. */
  readonly bus: number | undefined;
}

/** Every outcome, by exploring all states. */
export function referenceOutcomes(test: Litmus, order: MemoryOrder): string[] {
  const cells = cellsOf(test);
  const outcomes = new Set<string>();
  const seen = new Set<string>();
  const pending: State[] = [
    {
      at: test.map(() => 0),
      registers: new Map(),
      memory: new Map(cells.map((cell) => [cell, 0])),
      buffers: test.map(() => []),
      bus: undefined,
    },
  ];
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    const key = JSON.stringify([
      state.at,
      [...state.registers].sort(),
      [...state.memory].sort(),
      state.buffers,
      state.bus,
    ]);
    if (seen.has(key)) continue;
    seen.add(key);
    const next = successors(test, state, order);
    pending.push(...next);
    const isOver =
      state.at.every((at, t) => at === test[t]?.length) &&
      state.buffers.every((buffer) => buffer.length === 0) &&
      state.bus === undefined;
    if (!isOver) continue;
    const memory = new Map([...state.memory].filter(([cell]) => cells.includes(cell)));
    outcomes.add(outcome(state.registers, memory));
  }
  return [...outcomes].sort();
}

function successors(test: Litmus, state: State, order: MemoryOrder): State[] {
  return test.flatMap((_, t) => [
    ...flushed(state, t),
    ...released(state, t),
    ...stepped(test, state, t, order),
  ]);
}

/** No other thread is in the middle of a locked instruction. */
const isNotBlocked = ({ bus }: State, t: number): boolean => bus === undefined || bus === t;

/** The oldest store of a thread's buffer goes to memory. */
function flushed(state: State, t: number): State[] {
  const [oldest, ...others] = state.buffers[t] ?? [];
  if (oldest === undefined || !isNotBlocked(state, t)) return [];
  const memory = new Map(state.memory).set(oldest[0], oldest[1]);
  return [{ ...state, memory, buffers: state.buffers.with(t, others) }];
}

/** A locked instruction is over once its thread's buffer is empty. */
function released(state: State, t: number): State[] {
  if (state.bus !== t || state.buffers[t]?.length !== 0) return [];
  return [{ ...state, bus: undefined }];
}

function stepped(test: Litmus, state: State, t: number, order: MemoryOrder): State[] {
  const instruction = test[t]?.[state.at[t] ?? 0];
  // A thread in the middle of a locked instruction does nothing but finish it.
  if (instruction === undefined || state.bus !== undefined) return [];
  const next: State = { ...state, at: state.at.with(t, (state.at[t] ?? 0) + 1) };
  const reg = (name: string) => `${String(t)}:${name}`;
  switch (instruction.op) {
    case 'store':
      return [stored(next, t, instruction.cell, instruction.value, order)];
    case 'load': {
      const value = loaded(state, t, instruction.cell);
      return [{ ...next, registers: new Map(next.registers).set(reg(instruction.reg), value) }];
    }
    case 'mfence':
      return state.buffers[t]?.length === 0 ? [next] : [];
    case 'xchg': {
      const registers = new Map(next.registers).set(
        reg(instruction.reg),
        loaded(state, t, instruction.cell),
      );
      const locked = { ...next, registers, bus: t };
      return [stored(locked, t, instruction.cell, instruction.value, order)];
    }
    case 'lock':
      if (loaded(state, t, `lock ${instruction.lock}`) !== 0) return [];
      return [stored({ ...next, bus: t }, t, `lock ${instruction.lock}`, 1, order)];
    case 'unlock':
      return [stored(next, t, `lock ${instruction.lock}`, 0, order)];
  }
}

function loaded({ buffers, memory }: State, t: number, cell: string): number {
  const own = buffers[t]?.findLast(([name]) => name === cell);
  return own?.[1] ?? memory.get(cell) ?? 0;
}

function stored(state: State, t: number, cell: string, value: number, order: MemoryOrder): State {
  if (order === 'sc') return { ...state, memory: new Map(state.memory).set(cell, value) };
  const buffer = [...(state.buffers[t] ?? []), [cell, value] as const];
  return { ...state, buffers: state.buffers.with(t, buffer) };
}

// --- The simulator ----------------------------------------------------------------------------------------------

/** Every outcome, by running every schedule. */
export function simulatedOutcomes(test: Litmus, memory: MemoryOrder): string[] {
  const { looks, verdicts } = everySchedule((m) => litmusOn(m, test), { memory });
  if (verdicts.length !== 1) throw new Error(verdicts.join('; '));
  return (looks as string[]).toSorted();
}

function litmusOn(m: Machine, test: Litmus) {
  const cells = new Map(cellsOf(test).map((name) => [name, m.cell(name, 0)]));
  const names = test.flat().flatMap((one) => ('lock' in one ? [one.lock] : []));
  const locks = new Map([...new Set(names)].map((name) => [name, m.spinlock(name)]));
  const registers = new Map<string, number>();
  const found = <T>(map: ReadonlyMap<string, T>, name: string): T => map.get(name) as T;
  function* run(cpu: Cpu, t: number, instructions: readonly Instruction[]): Path {
    for (const one of instructions) {
      switch (one.op) {
        case 'store':
          yield* cpu.write(found(cells, one.cell), one.value);
          break;
        case 'load': {
          const value = yield* cpu.read(found(cells, one.cell));
          registers.set(`${String(t)}:${one.reg}`, value);
          break;
        }
        case 'mfence':
          yield* cpu.smp_mb();
          break;
        case 'xchg': {
          const old = yield* cpu.xchg(found(cells, one.cell), one.value);
          registers.set(`${String(t)}:${one.reg}`, old);
          break;
        }
        case 'lock':
          yield* cpu.spin_lock(found(locks, one.lock));
          break;
        case 'unlock':
          yield* cpu.spin_unlock(found(locks, one.lock));
          break;
      }
    }
  }
  const actors = test.map((instructions, t) => [
    `t${String(t)}`,
    function* (cpu: Cpu): Path {
      yield* run(cpu, t, instructions);
    },
  ]);
  return {
    actors: Object.fromEntries(actors) as Record<string, (cpu: Cpu) => Path>,
    look: () => outcome(registers, new Map([...cells].map(([name, cell]) => [name, cell.peek()]))),
  };
}
