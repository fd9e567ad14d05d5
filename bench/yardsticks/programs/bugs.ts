// Small programs with a bug each, for samplers: SCTBench (Thomson, Donaldson, Betts, PPoPP 2014) and its
// descendants. Locks are mutexes; a failed assertion ends its own thread, which keeps the locks that it holds.
import type { Program } from '../../../scheduler/index.js';
import type { Cpu, Path } from '../../../src/machine/index.js';
import { crowd, program } from '../../../test/support/program.js';

/** A balance is checked against a formula that is wrong once both a deposit and a withdrawal are done. */
export function account(): Program {
  return program('account', (m) => {
    const [x, y, z] = [1, 2, 4];
    const lock = m.mutex('m');
    const balance = m.cell('balance', x);
    const depositDone = m.cell('depositDone', false);
    const withdrawDone = m.cell('withdrawDone', false);
    return {
      actors: {
        *check(cpu) {
          yield* cpu.mutex_lock(lock);
          if ((yield* cpu.read(depositDone)) && (yield* cpu.read(withdrawDone))) {
            yield* cpu.assert((yield* cpu.read(balance)) === x - y - z);
          }
          yield* cpu.mutex_unlock(lock);
        },
        *deposit(cpu) {
          yield* cpu.mutex_lock(lock);
          yield* cpu.write(balance, (yield* cpu.read(balance)) + y);
          yield* cpu.write(depositDone, true);
          yield* cpu.mutex_unlock(lock);
        },
        *withdraw(cpu) {
          yield* cpu.mutex_lock(lock);
          yield* cpu.write(balance, (yield* cpu.read(balance)) - z);
          yield* cpu.write(withdrawDone, true);
          yield* cpu.mutex_unlock(lock);
        },
      },
    };
  });
}

/** Three critical sections; the third must not come last. */
export function lazy01(): Program {
  return program('lazy01', (m) => {
    const lock = m.mutex('m');
    const data = m.cell('data', 0);
    function* add(cpu: Cpu, amount: number): Path {
      yield* cpu.mutex_lock(lock);
      yield* cpu.write(data, (yield* cpu.read(data)) + amount);
      yield* cpu.mutex_unlock(lock);
    }
    return {
      actors: {
        t1: (cpu) => add(cpu, 1),
        t2: (cpu) => add(cpu, 2),
        *t3(cpu) {
          yield* cpu.mutex_lock(lock);
          yield* cpu.assert(!((yield* cpu.read(data)) >= 3));
          yield* cpu.mutex_unlock(lock);
        },
      },
    };
  });
}

/** Two locks in opposite orders. */
export function deadlock01(): Program {
  return program('deadlock01', (m) => {
    const a = m.mutex('a');
    const b = m.mutex('b');
    const counter = m.cell('counter', 0);
    return {
      actors: {
        *t1(cpu) {
          yield* cpu.mutex_lock(a);
          yield* cpu.mutex_lock(b);
          yield* cpu.write(counter, (yield* cpu.read(counter)) + 1);
          yield* cpu.mutex_unlock(b);
          yield* cpu.mutex_unlock(a);
        },
        *t2(cpu) {
          yield* cpu.mutex_lock(b);
          yield* cpu.mutex_lock(a);
          yield* cpu.write(counter, (yield* cpu.read(counter)) - 1);
          yield* cpu.mutex_unlock(a);
          yield* cpu.mutex_unlock(b);
        },
      },
    };
  });
}

/** Two values are set in two critical sections; a reader in between sees only the first. */
export function twostage(writers: number, readers: number): Program {
  return program(`twostage(${String(writers)},${String(readers)})`, (m) => {
    const l1 = m.mutex('l1');
    const l2 = m.mutex('l2');
    const data1 = m.cell('data1', 0);
    const data2 = m.cell('data2', 0);
    function* write(cpu: Cpu): Path {
      yield* cpu.mutex_lock(l1);
      yield* cpu.write(data1, 1);
      yield* cpu.mutex_unlock(l1);
      yield* cpu.mutex_lock(l2);
      yield* cpu.write(data2, (yield* cpu.read(data1)) + 1);
      yield* cpu.mutex_unlock(l2);
    }
    function* read(cpu: Cpu): Path {
      yield* cpu.mutex_lock(l1);
      if ((yield* cpu.read(data1)) === 0) {
        yield* cpu.mutex_unlock(l1);
        return;
      }
      const t1 = yield* cpu.read(data1);
      yield* cpu.mutex_unlock(l1);
      yield* cpu.mutex_lock(l2);
      const t2 = yield* cpu.read(data2);
      yield* cpu.mutex_unlock(l2);
      yield* cpu.assert(t2 === t1 + 1);
    }
    return { actors: { ...crowd('A', writers, () => write), ...crowd('B', readers, () => read) } };
  });
}

/** Setters write a, then b; a checker must see both or none. */
export function reorder(setters: number, checkers: number): Program {
  return program(`reorder(${String(setters)},${String(checkers)})`, (m) => {
    const a = m.cell('a', 0);
    const b = m.cell('b', 0);
    function* set(cpu: Cpu): Path {
      yield* cpu.write(a, 1);
      yield* cpu.write(b, -1);
    }
    function* check(cpu: Cpu): Path {
      const none = (yield* cpu.read(a)) === 0 && (yield* cpu.read(b)) === 0;
      yield* cpu.assert(none || ((yield* cpu.read(a)) === 1 && (yield* cpu.read(b)) === -1));
    }
    return {
      actors: { ...crowd('set', setters, () => set), ...crowd('check', checkers, () => check) },
    };
  });
}

/** Two kinds of threads guard one variable with two different locks. */
export function wronglock(checked: number, others: number): Program {
  return program(`wronglock(${String(checked)},${String(others)})`, (m) => {
    const dataLock = m.mutex('dataLock');
    const thisLock = m.mutex('thisLock');
    const v = m.cell('v', 0);
    function* incrementChecked(cpu: Cpu): Path {
      yield* cpu.mutex_lock(dataLock);
      const x = yield* cpu.read(v);
      yield* cpu.write(v, (yield* cpu.read(v)) + 1);
      yield* cpu.assert((yield* cpu.read(v)) === x + 1);
      yield* cpu.mutex_unlock(dataLock);
    }
    function* increment(cpu: Cpu): Path {
      yield* cpu.mutex_lock(thisLock);
      yield* cpu.write(v, (yield* cpu.read(v)) + 1);
      yield* cpu.mutex_unlock(thisLock);
    }
    return {
      actors: {
        ...crowd('A', checked, () => incrementChecked),
        ...crowd('B', others, () => increment),
      },
    };
  });
}

/** A flag that is never taken back lets a thread pop from an empty stack. Only lock and unlock are events. */
export function stack(size: number): Program {
  return program(`stack(${String(size)})`, (m) => {
    const lock = m.mutex('m');
    const top = m.cell('top', 0);
    const flag = m.cell('flag', false);
    return {
      actors: {
        *t1(cpu) {
          for (let i = 0; i < size; i++) {
            yield* cpu.mutex_lock(lock);
            yield* cpu.assert(top.peek() < size, 'stack overflow');
            yield* cpu.init(top, top.peek() + 1);
            yield* cpu.init(flag, true);
            yield* cpu.mutex_unlock(lock);
          }
        },
        *t2(cpu) {
          for (let i = 0; i < size; i++) {
            yield* cpu.mutex_lock(lock);
            if (flag.peek()) {
              yield* cpu.assert(top.peek() > 0, 'stack underflow');
              yield* cpu.init(top, top.peek() - 1);
            }
            yield* cpu.mutex_unlock(lock);
          }
        },
      },
    };
  });
}
