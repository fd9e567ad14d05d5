// Threads that do not exist from the start.
import type { Path, Step } from '../op.js';
import { JOIN, SPAWN, type SpawnRequest, type ThreadHandle } from '../spawn.js';
import type { Cpu } from './cpu.js';
import { MemorySteps } from './memory-steps.js';

export abstract class ThreadSteps<out Task> extends MemorySteps<Task> {
  /** Starts a thread, on a CPU of its own unless there are fewer. It may act on a task of its own. */
  spawn<R>(
    name: string,
    path: (cpu: Cpu<Task>) => Path<R>,
    current?: unknown,
  ): Step<ThreadHandle<R>> {
    const request: SpawnRequest = { name, path: path, current };
    return this.op.make(SPAWN, undefined, request) as Step<ThreadHandle<R>>;
  }

  /** Waits for the thread's end and returns what its path returned. */
  join<R>(thread: ThreadHandle<R>): Step<R> {
    return this.op.make(JOIN, thread) as Step<R>;
  }
}
