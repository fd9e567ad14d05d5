// A workload is what happens to a few processes, as a list of events: who forks, who exits, who is moved. Every
// list means something, whatever is left out of it, so that it can be generated and shrunk.
import {
  CLONE_THREAD,
  type cgroup,
  type Cpu,
  type For315,
  type Rung,
  type task_struct,
} from '../../src/kernel/index.js';
import { type Actor, Machine, type Path, type Property } from '../../src/machine/index.js';
import { Course, type SparseChoice } from './course.js';

/**
 * A number stands for a task, or for one of the administrators who move tasks, modulo how many there are. A task
 * does what is its own to do in the order of the list, and nothing once it has exited; so does an administrator.
 */
type Doing =
  | { readonly kind: 'fork'; readonly task: number; readonly thread: boolean }
  | { readonly kind: 'exit'; readonly task: number }
  | {
      readonly kind: 'attach';
      readonly task: number;
      /** The whole process. */
      readonly process: boolean;
      readonly to: 'F' | 'D';
      readonly by: number;
    }
  /** Everybody in F goes to D. */
  | { readonly kind: 'transfer'; readonly by: number };

export type WorkloadEvent = Doing & {
  /**
   * The schedule, as far as it concerns whoever does this. Kept with the event, and not in one list for all, so
   * that it still means the same when another event is left out.
   */
  readonly choices: readonly SparseChoice[];
};

export interface Workload {
  readonly cpus: number;
  /** The processes, all in F: how many threads each has beside its leader. At least one. */
  readonly processes: readonly number[];
  readonly events: readonly WorkloadEvent[];
}

/** A workload on a kernel, its machine armed. */
export interface Staged {
  readonly k: For315;
  readonly F: cgroup;
  readonly D: cgroup;
  /** The schedule of the workload. */
  readonly course: Course;
}

const administrators = 2;

/** Sets the stage: tasks first, administrators after them, nobody who has nothing to do. */
export function stage(
  { cpus, processes, events }: Workload,
  { Kernel }: Rung<For315>,
  properties: (k: For315) => readonly Property[],
): Staged {
  const machine = new Machine({ cpus, faults: 0 });
  const k = new Kernel(machine);
  const scene = new Scene(k, processes);
  const course = new Course();
  const actors: Actor[] = [];
  const cast = (name: string, own: readonly WorkloadEvent[], current?: task_struct): void => {
    if (own.length === 0) return;
    const thread = actors.length;
    const path: Actor['path'] = function* (cpu) {
      for (const event of own) {
        course.began(thread, event.choices);
        yield* scene.play(cpu, event);
      }
    };
    actors.push({ name, path, current, cpu: undefined });
  };
  scene.tasks.forEach((task, i) => {
    cast(task.name, ownEvents(events, i, scene.tasks.length), task);
  });
  for (let i = 0; i < administrators; i++) {
    const moves = events.filter((event) => 'by' in event && event.by % administrators === i);
    cast(`admin${String(i)}`, moves);
  }
  machine.arm(actors, properties(k));
  return { k, F: scene.F, D: scene.D, course };
}

/** What a task does itself, up to its exit. */
function ownEvents(events: readonly WorkloadEvent[], task: number, tasks: number): WorkloadEvent[] {
  const own = events.filter(
    (event) => (event.kind === 'fork' || event.kind === 'exit') && event.task % tasks === task,
  );
  const exit = own.findIndex(({ kind }) => kind === 'exit');
  return exit < 0 ? own : own.slice(0, exit + 1);
}

class Scene {
  readonly k: For315;
  readonly F: cgroup;
  readonly D: cgroup;
  readonly tasks: readonly task_struct[];

  constructor(k: For315, processes: readonly number[]) {
    this.k = k;
    this.F = k.mkdir('/F');
    this.D = k.mkdir('/D');
    this.tasks = processes.flatMap((threads, i) => {
      const leader = k.task(`p${String(i)}`, this.F);
      const others = Array.from({ length: threads }, (_, t) =>
        k.thread(leader, `p${String(i)}t${String(t + 1)}`),
      );
      return [leader, ...others];
    });
  }

  *play(cpu: Cpu, event: WorkloadEvent): Path {
    const { k, F, D } = this;
    switch (event.kind) {
      case 'fork':
        yield* k.copy_process(cpu, event.thread ? CLONE_THREAD : 0);
        break;
      case 'exit':
        yield* k.do_exit(cpu);
        break;
      case 'transfer':
        yield* k.cgroup_transfer_tasks(cpu, D, F);
        break;
      case 'attach': {
        const task = this.tasks[event.task % this.tasks.length] as task_struct;
        yield* k.attach_task_by_pid(cpu, event.to === 'F' ? F : D, task, event.process);
        break;
      }
    }
  }
}
