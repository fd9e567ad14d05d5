// What the statements of the language do. A program is compiled to closures when its machine is built; what a path
// knows is in its locals and nowhere else, so searches may forget the frames of helpers as they may in any model.
import { type Cpu, Loop, type Path } from '../../src/machine/index.js';
import { type Code, helper, Locals, valueOf } from './helpers.js';
import type { Block, LockName, Statement } from './language.js';
import { Thing, type World } from './world.js';

/** What can be broken on purpose, to see whether it is noticed. */
export interface InterpreterFault {
  /** A statement that does nothing. */
  readonly ignores?: 'unlock' | 'write';
}

/** The paths of a program's threads. */
export class Interpreter {
  readonly #world: World;
  readonly #fault: InterpreterFault;
  /** Spinning statements so far: each has a name of its own, which says where in its path it is. */
  #spins = 0;

  constructor(world: World, fault: InterpreterFault = {}) {
    this.#world = world;
    this.#fault = fault;
  }

  /** A thread's path, which returns what the thread knows in the end. */
  thread(body: Block): (cpu: Cpu) => Path<string> {
    const code = this.#block(body);
    return function* (cpu) {
      const locals = new Locals(0);
      yield* code(cpu, locals);
      return locals.result;
    };
  }

  #block(block: Block): Code {
    const codes = block.map((statement) => this.#statement(statement));
    return function* (cpu, locals) {
      for (const code of codes) yield* code(cpu, locals);
    };
  }

  #statement(statement: Statement): Code {
    switch (statement.do) {
      case 'read':
      case 'write':
      case 'increment':
      case 'fetch_add':
      case 'xchg':
      case 'cmpxchg':
        return this.#access(statement);
      case 'if':
      case 'repeat':
      case 'call':
        return this.#control(statement);
      case 'lock':
      case 'trylock':
      case 'downgrade':
      case 'take':
      case 'unlock':
        return this.#locking(statement);
      case 'wait_event':
      case 'sleep':
      case 'wake_up':
      case 'wait_for_completion':
      case 'try_wait_for_completion':
      case 'complete':
      case 'spin':
        return this.#waiting(statement);
      case 'spawn':
        return this.#spawn(statement);
      case 'kmalloc':
      case 'kfree':
      case 'follow':
        return this.#memory(statement);
      case 'list_add':
      case 'list_del':
      case 'list_first':
        return this.#list(statement);
      case 'emit':
      case 'BUG_ON':
      case 'WARN_ON':
        return this.#telling(statement);
    }
  }

  #access(statement: Of<'read' | 'write' | 'increment' | 'fetch_add' | 'xchg' | 'cmpxchg'>): Code {
    const cell = this.#world.cells[statement.cell];
    const ignoresWrites = this.#fault.ignores === 'write';
    switch (statement.do) {
      case 'read':
        return function* (cpu, locals) {
          locals.a = yield* cpu.read(cell);
        };
      case 'write':
        return function* (cpu, locals) {
          if (!ignoresWrites) yield* cpu.write(cell, valueOf(statement.value, locals));
        };
      case 'increment':
        return function* (cpu, locals) {
          locals.a = yield* cpu.read(cell);
          yield* cpu.write(cell, locals.a + 1);
        };
      case 'fetch_add':
        return function* (cpu, locals) {
          locals.a = yield* cpu.fetch_add(cell, statement.n);
        };
      case 'xchg':
        return function* (cpu, locals) {
          locals.a = yield* cpu.xchg(cell, valueOf(statement.value, locals));
        };
      case 'cmpxchg':
        return function* (cpu, locals) {
          const { expected, value } = statement;
          locals.a = yield* cpu.cmpxchg(cell, expected, valueOf(value, locals));
        };
    }
  }

  #control(statement: Of<'if' | 'repeat' | 'call'>): Code {
    switch (statement.do) {
      case 'if': {
        const [then, otherwise] = [this.#block(statement.then), this.#block(statement.otherwise)];
        return function* (cpu, locals) {
          yield* locals.a === statement.is ? then(cpu, locals) : otherwise(cpu, locals);
        };
      }
      case 'repeat': {
        const body = this.#block(statement.body);
        return function* (cpu, locals) {
          for (let n = 0; n < statement.times; n++) yield* body(cpu, locals);
        };
      }
      case 'call':
        return helper(statement.form, statement.argument, this.#block(statement.body));
    }
  }

  #locking(statement: Of<'lock' | 'trylock' | 'downgrade' | 'take' | 'unlock'>): Code {
    const { sem } = this.#world;
    switch (statement.do) {
      case 'lock': {
        const { lock, mode } = statement;
        const body = this.#block(statement.body);
        const [acquire, release] = [this.#acquire(lock, mode), this.#release(lock, mode)];
        return function* (cpu, locals) {
          yield* acquire(cpu, locals);
          yield* body(cpu, locals);
          yield* release(cpu, locals);
        };
      }
      case 'trylock': {
        const { lock, mode } = statement;
        const [body, otherwise] = [this.#block(statement.body), this.#block(statement.otherwise)];
        const [attempt, release] = [this.#attempt(lock, mode), this.#release(lock, mode)];
        return function* (cpu, locals) {
          if (yield* attempt(cpu)) {
            yield* body(cpu, locals);
            yield* release(cpu, locals);
          } else {
            yield* otherwise(cpu, locals);
          }
        };
      }
      case 'downgrade': {
        const [body, after] = [this.#block(statement.body), this.#block(statement.after)];
        return function* (cpu, locals) {
          yield* cpu.down_write(sem);
          yield* body(cpu, locals);
          yield* cpu.downgrade_write(sem);
          yield* after(cpu, locals);
          yield* cpu.up_read(sem);
        };
      }
      case 'take':
        return this.#acquire(statement.lock, statement.mode);
      case 'unlock':
        return this.#release(statement.lock, statement.mode);
    }
  }

  #acquire(lock: LockName, mode: 'read' | 'write'): Code {
    const { mutexes, spinlocks, rw, sem } = this.#world;
    return function* (cpu) {
      if (lock === 'm' || lock === 'n') yield* cpu.mutex_lock(mutexes[lock]);
      else if (lock === 's' || lock === 't') yield* cpu.spin_lock(spinlocks[lock]);
      else if (lock === 'rw') yield* mode === 'read' ? cpu.read_lock(rw) : cpu.write_lock(rw);
      else yield* mode === 'read' ? cpu.down_read(sem) : cpu.down_write(sem);
    };
  }

  #attempt(lock: LockName, mode: 'read' | 'write'): (cpu: Cpu) => Path<boolean> {
    const { mutexes, spinlocks, rw, sem } = this.#world;
    return function* (cpu) {
      if (lock === 'm' || lock === 'n') return yield* cpu.mutex_trylock(mutexes[lock]);
      if (lock === 's' || lock === 't') return yield* cpu.spin_trylock(spinlocks[lock]);
      if (lock === 'rw') {
        return yield* mode === 'read' ? cpu.read_trylock(rw) : cpu.write_trylock(rw);
      }
      return yield* mode === 'read' ? cpu.down_read_trylock(sem) : cpu.down_write_trylock(sem);
    };
  }

  #release(lock: LockName, mode: 'read' | 'write'): Code {
    const { mutexes, spinlocks, rw, sem } = this.#world;
    const ignored = this.#fault.ignores === 'unlock';
    return function* (cpu) {
      if (ignored) return;
      if (lock === 'm' || lock === 'n') yield* cpu.mutex_unlock(mutexes[lock]);
      else if (lock === 's' || lock === 't') yield* cpu.spin_unlock(spinlocks[lock]);
      else if (lock === 'rw') yield* mode === 'read' ? cpu.read_unlock(rw) : cpu.write_unlock(rw);
      else yield* mode === 'read' ? cpu.up_read(sem) : cpu.up_write(sem);
    };
  }

  #waiting(
    statement: Of<
      | 'wait_event'
      | 'sleep'
      | 'wake_up'
      | 'wait_for_completion'
      | 'try_wait_for_completion'
      | 'complete'
      | 'spin'
    >,
  ): Code {
    const { cells, queue, done } = this.#world;
    switch (statement.do) {
      case 'wait_event': {
        const { cell, is, exclusive } = statement;
        function* holds(cpu: Cpu<never>): Path<boolean> {
          return (yield* cpu.read(cells[cell])) === is;
        }
        return function* (cpu) {
          yield* exclusive ? cpu.wait_event_exclusive(queue, holds) : cpu.wait_event(queue, holds);
        };
      }
      case 'sleep': {
        const { cell, is } = statement;
        return function* (cpu) {
          if ((yield* cpu.read(cells[cell])) === is) return;
          yield* cpu.prepare_to_wait(queue);
          yield* cpu.schedule(() => cells[cell].peek() === is);
          yield* cpu.finish_wait(queue);
        };
      }
      case 'wake_up':
        return function* (cpu) {
          yield* statement.all ? cpu.wake_up_all(queue) : cpu.wake_up(queue);
        };
      case 'wait_for_completion':
        return function* (cpu) {
          yield* cpu.wait_for_completion(done);
        };
      case 'try_wait_for_completion':
        return function* (cpu, locals) {
          locals.a = (yield* cpu.try_wait_for_completion(done)) ? 1 : 0;
        };
      case 'complete':
        return function* (cpu) {
          yield* statement.all ? cpu.complete_all(done) : cpu.complete(done);
        };
      case 'spin': {
        const { cell, is } = statement;
        const name = `spin ${String(this.#spins++)}`;
        return function* (cpu, locals) {
          const loop = new Loop(name);
          for (;;) {
            yield* cpu.loop(loop, locals.result);
            if ((yield* cpu.read(cells[cell])) === is) return;
          }
        };
      }
    }
  }

  #spawn(statement: Of<'spawn'>): Code {
    const child = this.thread(statement.body);
    const meanwhile = this.#block(statement.meanwhile);
    return function* (cpu, locals) {
      const handle = yield* cpu.spawn('child', child);
      yield* meanwhile(cpu, locals);
      if (statement.join) locals.a = (yield* cpu.join(handle)).length % 3;
    };
  }

  #memory(statement: Of<'kmalloc' | 'kfree' | 'follow'>): Code {
    const pointer = this.#world.pointers[statement.pointer];
    switch (statement.do) {
      case 'kmalloc':
        return function* (cpu, locals) {
          const thing = yield* cpu.kmalloc(Thing, 'thing', 'GFP_ATOMIC');
          if (thing === null) {
            locals.a = 2;
            return;
          }
          yield* cpu.init(thing.value, valueOf(statement.value, locals));
          yield* cpu.write(pointer, thing);
        };
      case 'kfree':
        return function* (cpu) {
          const thing = yield* cpu.read(pointer);
          if (thing === null) return;
          if (statement.clear) yield* cpu.write(pointer, null);
          yield* cpu.kfree(thing);
        };
      case 'follow':
        return function* (cpu, locals) {
          const thing = yield* cpu.read(pointer);
          if (thing === null) return;
          if (statement.write) yield* cpu.write(thing.value, locals.a);
          else locals.a = yield* cpu.read(thing.value);
        };
    }
  }

  #list(statement: Of<'list_add' | 'list_del' | 'list_first'>): Code {
    const { list, nodes } = this.#world;
    switch (statement.do) {
      case 'list_add': {
        const { node } = nodes[statement.node];
        return function* (cpu) {
          yield* statement.tail ? cpu.list_add_tail(node, list) : cpu.list_add(node, list);
        };
      }
      case 'list_del': {
        const { node } = nodes[statement.node];
        return function* (cpu) {
          yield* statement.init ? cpu.list_del_init(node) : cpu.list_del(node);
        };
      }
      case 'list_first':
        return function* (cpu, locals) {
          const first = yield* cpu.list_first(list);
          locals.a = first === undefined ? 0 : first === nodes.n1 ? 1 : 2;
        };
    }
  }

  #telling(statement: Of<'emit' | 'BUG_ON' | 'WARN_ON'>): Code {
    const { said } = this.#world;
    switch (statement.do) {
      case 'emit':
        return function* (cpu, locals) {
          yield* cpu.emit(said, valueOf(statement.value, locals));
        };
      case 'BUG_ON':
        return function* (cpu, locals) {
          yield* cpu.BUG_ON(locals.a === statement.is, `a is ${String(statement.is)}`);
        };
      case 'WARN_ON':
        return function* (cpu, locals) {
          yield* cpu.WARN_ON(locals.a === statement.is, `a is ${String(statement.is)}`);
        };
    }
  }
}

/** The statements of some kinds. */
type Of<Kind extends Statement['do']> = Extract<Statement, { readonly do: Kind }>;
