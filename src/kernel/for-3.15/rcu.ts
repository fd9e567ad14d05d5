// RCU, where this era needs it: only where a walk could meet a task that is being freed does a path enter a read
// section; elsewhere another lock keeps the tasks alive.
import type { Path } from '../../machine/index.js';
import { Setup } from './setup.js';
import type { Cpu } from './task.js';

export abstract class Rcu extends Setup {
  /** rcu_read_lock(). May be called under any lock; what follows must not sleep. */
  *rcu_read_lock(cpu: Cpu): Path {
    yield* cpu.rcu_read_lock();
  }

  /** rcu_read_unlock(). */
  *rcu_read_unlock(cpu: Cpu): Path {
    yield* cpu.rcu_read_unlock();
  }
}
