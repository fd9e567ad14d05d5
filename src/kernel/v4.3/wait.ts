// Parents that wait for their children: a dead process stays a zombie until wait() releases it.
import type { Path } from '../../machine/index.js';
import { type Cpu, EXIT_DEAD, EXIT_ZOMBIE, type task_struct } from '../for-3.15/task.js';
import { CanFork } from './can-fork.js';

export class Wait extends CanFork {
  /** signal->wait_chldexit, of all parents. */
  readonly wait_chldexit = this.machine.waitqueue('wait_chldexit');

  /**
   * exit_notify(), kernel/exit.c, v4.3, for a parent that does not ignore SIGCHLD: a process becomes a zombie, and
   * its parent is woken. Takes tasklist_lock (write). Leaves out: children, ptrace, a leader that dies first.
   */
  override *exit_notify(cpu: Cpu, task: task_struct): Path {
    yield* cpu.write_lock_irq(this.tasklist_lock);
    const isLeader = (yield* cpu.read(task.group_leader)) === task;
    yield* cpu.write(task.exit_state, isLeader ? EXIT_ZOMBIE : EXIT_DEAD);
    if (isLeader) yield* cpu.wake_up(this.wait_chldexit);
    yield* cpu.write_unlock_irq(this.tasklist_lock);
    if (!isLeader) yield* this.release_task(cpu, task);
  }

  /**
   * wait4() for one child: do_wait() and wait_task_zombie(), kernel/exit.c, v4.3. The caller holds nothing, and is
   * the child's only parent. Leaves out: tasklist_lock (read), under which the child is looked for.
   */
  *wait_for_child(cpu: Cpu, child: task_struct): Path {
    yield* cpu.wait_event(this.wait_chldexit, function* () {
      return (yield* cpu.read(child.exit_state)) === EXIT_ZOMBIE;
    });
    const state = yield* cpu.cmpxchg(child.exit_state, EXIT_ZOMBIE, EXIT_DEAD);
    if (state === EXIT_ZOMBIE) yield* this.release_task(cpu, child);
  }
}
