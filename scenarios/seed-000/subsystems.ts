// Controllers for scenarios of the migration path, each as little as its race needs.
import type { cgroup } from '../../src/kernel/for-3.15/css-set.js';
import type { For315 } from '../../src/kernel/for-3.15/for-3.15.js';
import type { cgroup_subsys } from '../../src/kernel/for-3.15/subsystem.js';
import type { task_struct } from '../../src/kernel/for-3.15/task.js';
import type { Cell } from '../../src/machine/index.js';

/** Has all three callbacks, and no state: what they are called for is for the properties to watch. */
export function charging(): cgroup_subsys {
  return {
    name: 'charging',
    *can_attach() {
      return 0;
    },
    *cancel_attach() {},
    *attach() {},
  };
}

/**
 * Like memcg of the time: mem_cgroup_can_attach() looks at cgroup_taskset_first() only, and goes on only if that is
 * the owner of its mm (mm/memcontrol.c:6838, v3.14.1); the move of charges follows in attach().
 */
export function movesChargeOf(k: For315, owner: task_struct, charged: Cell<cgroup>): cgroup_subsys {
  const precharged = k.machine.cell('precharged', false);
  return {
    name: 'memory',
    *can_attach(cpu, _cgrp, tset) {
      const first = yield* k.cgroup_taskset_first(cpu, tset);
      yield* cpu.write(precharged, first === owner);
      return 0;
    },
    *cancel_attach(cpu) {
      yield* cpu.write(precharged, false);
    },
    *attach(cpu, cgrp) {
      if (yield* cpu.read(precharged)) yield* cpu.write(charged, cgrp);
    },
  };
}
