// The helpers of a search by states, as worker threads. The search itself waits for them without returning, so their
// messages are fetched, and an exchange in shared memory wakes it. See scheduler/stateful/helpers.ts for what they do.
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads';
import {
  type Helped,
  type Helpers,
  type PartDone,
  type Rest,
  SharedStates,
  type TrailPart,
} from '../../scheduler/index.js';
import type { ProveJob } from './job.js';
import { rowsOf, type WorkerSignals } from './signals.js';
import { controlSlots, type StateHelperData, type StatePost } from './state-posts.js';
import type { Reporter } from './worker.js';

/** Helpers are started once a search has taken so long, in milliseconds. */
const worthHelpers = 1_000;
/** Milliseconds between two looks at whether to stop. */
const lookMilliseconds = 50;
/** The largest table of states that is shared: 2 GB. */
const sharedStatesMax = 200_000_000;

export class StateHelpers implements Helpers {
  readonly #job: ProveJob;
  readonly #reporter: Reporter;
  readonly #onProgress: (states: number) => void;
  readonly #started = performance.now();
  #wereAsked = false;

  constructor(job: ProveJob, reporter: Reporter, onProgress: (states: number) => void) {
    this.#job = job;
    this.#reporter = reporter;
    this.#onProgress = onProgress;
  }

  readonly areWanted = (): boolean => {
    const { count, atOnce } = this.#job.workers;
    if (count === 1 || this.#wereAsked) return false;
    return atOnce || performance.now() - this.#started > worthHelpers;
  };

  readonly finish = (rest: Rest): Helped | undefined => {
    this.#wereAsked = true;
    if (rest.statesMax > sharedStatesMax) return undefined;
    const states = SharedStates.withRoom(rest.statesMax + 1);
    rest.addStatesTo((a, b) => states.add(a, b));
    const team = new Team(this.#job, this.#reporter, states, rest, this.#onProgress);
    this.#reporter.enter('idle');
    try {
      return team.finish();
    } finally {
      team.end();
      this.#reporter.enter('executions');
    }
  };
}

interface Member {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly signals: WorkerSignals;
  isIdle: boolean;
}

class Team {
  readonly #states: SharedStates;
  readonly #rest: Rest;
  readonly #own: WorkerSignals;
  readonly #onProgress: (states: number) => void;
  readonly #control = new Int32Array(
    new SharedArrayBuffer(controlSlots.length * Int32Array.BYTES_PER_ELEMENT),
  );
  readonly #members: readonly Member[];
  readonly #queue: TrailPart[];
  readonly #done: PartDone[] = [];
  #somethingIsTheMatter = false;

  constructor(
    job: ProveJob,
    { signals }: Reporter,
    states: SharedStates,
    rest: Rest,
    onProgress: (states: number) => void,
  ) {
    const [own, ...rows] = rowsOf(signals);
    this.#own = own;
    this.#states = states;
    this.#rest = rest;
    this.#onProgress = onProgress;
    this.#queue = [rest.part];
    this.#members = rows.map((row) => this.#hire(job, signals, row));
  }

  #hire(job: ProveJob, signals: Int32Array, row: WorkerSignals): Member {
    const { port1, port2 } = new MessageChannel();
    const workerData: StateHelperData = {
      job,
      signals,
      row: row.row,
      port: port2,
      states: this.#states.memory,
      control: this.#control,
      rest: { watches: this.#rest.watches, goesBack: this.#rest.goesBack },
    };
    const worker = new Worker(new URL('./state-worker.js', import.meta.url), {
      workerData,
      transferList: [port2],
    });
    // What goes wrong in it is come to again by the search itself.
    worker.on('error', () => undefined);
    return { worker, port: port1, signals: row, isIdle: true };
  }

  /** Undefined where something is the matter. */
  finish(): Helped | undefined {
    for (;;) {
      const posts = Atomics.load(this.#control, controlSlots.posts);
      for (const member of this.#members) this.#hear(member);
      if (this.#somethingIsTheMatter || this.#own.get('stop') === 1) return undefined;
      this.#handOut();
      const idle = this.#members.filter(({ isIdle }) => isIdle).length;
      if (idle === this.#members.length) return this.#helped();
      Atomics.store(this.#control, controlSlots.wanted, idle);
      this.#onProgress(this.#states.size);
      Atomics.wait(this.#control, controlSlots.posts, posts, lookMilliseconds);
    }
  }

  #hear(member: Member): void {
    for (;;) {
      const received = receiveMessageOnPort(member.port);
      if (received === undefined) return;
      const message = received.message as StatePost;
      if (message.kind === 'part') {
        this.#queue.push(message.part);
        continue;
      }
      member.isIdle = true;
      if (message.done?.isClean !== true) this.#somethingIsTheMatter = true;
      else this.#done.push(message.done);
    }
  }

  #handOut(): void {
    for (const member of this.#members) {
      if (!member.isIdle) continue;
      const part = this.#queue.shift();
      if (part === undefined) return;
      member.isIdle = false;
      member.port.postMessage(part);
    }
  }

  #helped(): Helped | undefined {
    const runs = this.#done.reduce((sum, one) => sum + one.runs, 0);
    const { runsLeft = Number.POSITIVE_INFINITY, statesMax } = this.#rest;
    if (runs >= runsLeft || this.#states.size > statesMax) return undefined;
    return {
      known: this.#states,
      transitions: this.#done.reduce((sum, one) => sum + one.transitions, 0),
      runs,
      locks: {
        seen: this.#done.flatMap(({ locks }) => locks.seen),
        deadlocks: this.#done.flatMap(({ locks }) => locks.deadlocks),
      },
    };
  }

  /** Whatever they are at. */
  end(): void {
    for (const { worker, port, signals } of this.#members) {
      port.close();
      void worker.terminate();
      signals.enter('idle');
    }
  }
}
