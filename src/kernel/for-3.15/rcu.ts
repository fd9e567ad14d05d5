// RCU, as far as this era needs it: a grace period is a moment without readers. Readers never wait for each
// other or for a waiting updater, so a lock that prefers readers says the same. Only where a walk could meet a
// task that is being freed does a path enter a read section; elsewhere another lock keeps the tasks alive.
import type { Path } from '../../machine/index.js';
import { Setup } from './setup.js';
import type { Cpu } from './task.js';

export abstract class Rcu extends Setup {
  /** rcu_read_lock(). May be called under any lock; what follows must not sleep. */
  *rcu_read_lock(cpu: Cpu): Path {
    yield* cpu.read_lock(this.rcu);
  }

  /** rcu_read_unlock(). */
  *rcu_read_unlock(cpu: Cpu): Path {
    yield* cpu.read_unlock(this.rcu);
  }

  /** What call_rcu() puts off happens after this. The caller holds nothing: the waiting is done in its place. */
  *wait_for_readers(cpu: Cpu): Path {
    yield* cpu.write_lock(this.rcu);
    yield* cpu.write_unlock(this.rcu);
  }
}
