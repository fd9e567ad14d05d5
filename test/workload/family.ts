// Families: some tasks that fork in a row, some of whose children fork and exit in turn, while somebody moves tasks out
// of their cgroup until it is empty. Whatever is left out of a family, it is one.
import {
  CLONE_THREAD,
  type cgroup,
  type Cpu,
  type For315,
  PF_EXITING,
  type Rung,
  type task_struct,
} from '../../src/kernel/index.js';
import { Execution, GoOn, makeStrategy } from '../../scheduler/index.js';
import { type Actor, Loop, Machine, type Path, type Verdict } from '../../src/machine/index.js';

/** What one fork makes, and what the child does then: it forks so often, and exits or not. */
export interface Fork {
  readonly thread: boolean;
  readonly forks: number;
  readonly exits: boolean;
}

export interface Family {
  readonly forkers: readonly (readonly Fork[])[];
  /** By cgroup_transfer_tasks(), or by writing the first pid of the one to the cgroup.procs of the other. */
  readonly by: 'transfer' | 'procs';
  /** Of the schedules. */
  readonly seed: number;
}

export interface Ending {
  readonly verdict: Verdict;
  /** Who lives, and is still where everybody was moved from. */
  readonly left: readonly string[];
}

/** Enough for the largest family: its forks take some 60 steps each, and rounds of the mover end with them. */
const stepsMax = 40_000;

/**
 * Runs a family under so many schedules of pct:2, until one ends badly: whatever makes a family smaller makes
 * its schedules others. The mover goes on until it finds nobody, and then looks no more.
 */
export function emptied(
  { forkers, by, seed }: Family,
  { Kernel }: Rung<For315>,
  schedules: number,
  isBad: (ending: Ending) => boolean,
): Ending | undefined {
  const k = new Kernel(new Machine());
  const [D, F] = [k.mkdir('/D'), k.mkdir('/F')];
  const actors: Actor[] = forkers.map((forks, i) => ({
    name: `p${String(i)}`,
    current: k.task(`p${String(i)}`, F),
    cpu: undefined,
    path: (cpu: Cpu) => forkAll(k, cpu, forks),
  }));
  const path = by === 'procs' ? moveProcs : transferAll;
  actors.push({
    name: 'mover',
    current: undefined,
    cpu: undefined,
    path: (cpu: Cpu) => path(k, cpu, D, F),
  });
  k.machine.arm(actors, []);
  const strategy = makeStrategy('pct:2', String(seed));
  const execution = new Execution(k.machine, new GoOn(), { stepsMax, all: true });
  execution.run();
  strategy.learn({ decisionsMax: execution.decisions, drawsMax: 0 });
  execution.use(strategy);
  strategy.beginBlock(0);
  for (let n = 0; n < schedules; n++) {
    const verdict = execution.run();
    const left = k.membersOf(F).filter(isAlive);
    const ending = { verdict, left: left.map(({ label }) => label) };
    if (isBad(ending)) return ending;
  }
  return undefined;
}

function isAlive(task: task_struct): boolean {
  return (task.flags.peek() & PF_EXITING) === 0;
}

function* forkAll(k: For315, cpu: Cpu, forks: readonly Fork[]): Path {
  for (const [i, { thread, forks: own, exits }] of forks.entries()) {
    const child = yield* k.copy_process(cpu, thread ? CLONE_THREAD : 0);
    if (typeof child === 'number') continue;
    const live = function* (childCpu: Cpu): Path {
      for (let n = 0; n < own; n++) yield* k.copy_process(childCpu);
      if (exits) yield* k.do_exit(childCpu);
    };
    yield* cpu.spawn(`child${String(i)}`, live, child);
  }
}

function* transferAll(k: For315, cpu: Cpu, D: cgroup, F: cgroup): Path {
  yield* k.cgroup_transfer_tasks(cpu, D, F);
}

/** What a shell does: read the first line, write it elsewhere, until there is none. */
function* moveProcs(k: For315, cpu: Cpu, D: cgroup, F: cgroup): Path {
  const round = new Loop('until it is empty');
  for (;;) {
    yield* cpu.loop(round);
    const task = yield* k.first_task_of(cpu, F);
    if (task === undefined) return;
    yield* k.attach_task_by_pid(cpu, D, task, true);
    yield* k.put_task_struct(cpu, task);
  }
}
