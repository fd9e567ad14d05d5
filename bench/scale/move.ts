// A process of many threads is moved to another cgroup, or its cgroup is emptied, while some of its threads exit and
// other processes fork and clone. One execution of it is millions of steps.
import { Execution, type Strategy } from '../../scheduler/index.js';
import { CLONE_THREAD, type For315, type Rung } from '../../src/kernel/index.js';
import { type Actor, Machine, type Path } from '../../src/machine/index.js';
import type { Cpu } from '../../src/kernel/index.js';

export type How = 'attach' | 'transfer';

export interface Moved {
  readonly k: For315;
  readonly execution: Execution;
  /** What the move returned. */
  readonly ret: () => number | undefined;
  /** How many tasks are in the destination, and in the source. */
  readonly members: () => readonly [destination: number, source: number];
}

/** Meanwhile `others` of the threads exit, and as many processes are forked, and threads of the process itself. */
export function bigMove(
  { Kernel }: Rung<For315>,
  how: How,
  threads: number,
  strategy: Strategy,
  others: number,
): Moved {
  const k = new Kernel(new Machine());
  const [D, F] = [k.mkdir('/D'), k.mkdir('/F')];
  const leader = k.task('leader', F);
  for (let t = 1 + others; t < threads; t++) k.thread(leader, `t${String(t)}`);
  const exiting = Array.from({ length: others }, (_, i) => k.thread(leader, `x${String(i)}`));
  let ret: number | undefined;
  const move = function* (cpu: Cpu): Path {
    if (how === 'attach') ret = yield* k.attach_task_by_pid(cpu, D, leader, true);
    else yield* k.cgroup_transfer_tasks(cpu, D, F);
  };
  k.events.transfer_returned.listeners.push((returned) => (ret = returned.ret));
  const forks = (flags: number) =>
    function* (cpu: Cpu): Path {
      for (let n = 0; n < others; n++) yield* k.copy_process(cpu, flags);
    };
  const actor = (name: string, path: Actor['path'], current?: unknown): Actor => ({
    name,
    path,
    current,
    cpu: undefined,
  });
  const rest = exiting.map((task) =>
    actor(`exit ${task.name}`, (cpu: Cpu) => k.do_exit(cpu), task),
  );
  if (others > 0) rest.push(actor('fork', forks(0), k.task('forker', F)));
  if (others > 0) rest.push(actor('clone', forks(CLONE_THREAD), leader));
  k.machine.arm([actor('move', move), ...rest], []);
  return {
    k,
    execution: new Execution(k.machine, strategy, { stepsMax: 100 * threads + 100_000 }),
    ret: () => ret,
    members: () => [k.membersOf(D).length, k.membersOf(F).length],
  };
}
