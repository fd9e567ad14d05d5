// Runs a job in a worker and keeps watch: a model that loops without steps cannot be interrupted from inside, and
// Ctrl-C must still report what was found.
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { Finding } from '../../scheduler/index.js';
import { UsageError } from '../machine/index.js';
import { type Job, type JobNews, type JobOutcome, type JobResult, signalSlots } from './job.js';
import { ProgressLine } from './progress.js';

/** The worker was ended from outside; what it had found until then is here. */
export class WorkerEnded extends Error {
  override readonly name = 'WorkerEnded';
  readonly interrupted: boolean;
  readonly runs: number;
  readonly finding: Finding | undefined;

  constructor(message: string, interrupted: boolean, runs: number, finding: Finding | undefined) {
    super(message);
    this.interrupted = interrupted;
    this.runs = runs;
    this.finding = finding;
  }
}

/** A fault of racewalk itself. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}

export interface Supervision {
  /** Seconds without a sign of life from the model before the worker is ended. */
  readonly watchdogSeconds: number;
}

/** Milliseconds between two looks at the worker. */
const lookMilliseconds = 200;
/** Milliseconds that a worker may take to finish after Ctrl-C. */
const graceMilliseconds = 3_000;

/**
 * Runs the job to its end, or to Ctrl-C.
 * @throws UsageError, InternalError, or WorkerEnded with what was found so far
 */
export async function supervise(job: Job, supervision: Supervision): Promise<JobResult> {
  const watch = new Watch(supervision.watchdogSeconds);
  const pool = new Piscina({
    filename: new URL('./worker.js', import.meta.url).href,
    name: 'work',
    minThreads: 1,
    maxThreads: 1,
  });
  const { port1, port2 } = new MessageChannel();
  port1.on('message', (news: JobNews) => {
    watch.hear(news);
  });
  port1.unref();
  watch.start();
  try {
    const outcome = (await pool.run(
      { job, signals: watch.signals, port: port2 },
      { transferList: [port2], signal: watch.abort.signal },
    )) as JobOutcome;
    return unpack(outcome);
  } catch (error) {
    if (watch.abort.signal.aborted) throw watch.ended();
    throw error;
  } finally {
    watch.stop();
    port1.close();
    await pool.destroy();
  }
}

function unpack(outcome: JobOutcome): JobResult {
  if (outcome.kind === 'done') return outcome.result;
  if (outcome.fault === 'internal') throw new InternalError(outcome.message);
  throw new UsageError(outcome.message);
}

/** Looks at the worker's signals, listens to its news, and to Ctrl-C. */
class Watch {
  readonly abort = new AbortController();
  readonly signals = new Int32Array(
    new SharedArrayBuffer(signalSlots.length * Int32Array.BYTES_PER_ELEMENT),
  );
  readonly #silenceMax: number;
  readonly #progress = new ProgressLine();
  #timer: NodeJS.Timeout | undefined = undefined;
  #lastPulse = '';
  #silentSince = performance.now();
  #interruptedAt: number | undefined = undefined;
  #runs = 0;
  #finding: Finding | undefined = undefined;

  constructor(watchdogSeconds: number) {
    this.#silenceMax = watchdogSeconds * 1000;
  }

  start(): void {
    process.on('SIGINT', this.#interrupt);
    this.#silentSince = performance.now();
    this.#timer = setInterval(() => {
      this.#look();
    }, lookMilliseconds);
  }

  stop(): void {
    process.off('SIGINT', this.#interrupt);
    clearInterval(this.#timer);
    this.#progress.clear();
  }

  hear(news: JobNews): void {
    this.#runs = news.runs;
    if (news.kind === 'found') this.#finding = news.finding;
    else this.#progress.show(news.text);
  }

  readonly #interrupt = (): void => {
    if (this.#interruptedAt !== undefined) this.abort.abort();
    this.#interruptedAt = performance.now();
    Atomics.store(this.signals, signalSlots.stop, 1);
  };

  #look(): void {
    const now = performance.now();
    const pulse = this.signals.join();
    if (pulse !== this.#lastPulse) {
      this.#lastPulse = pulse;
      this.#silentSince = now;
    }
    const ignored =
      this.#interruptedAt !== undefined && now - this.#interruptedAt > graceMilliseconds;
    if (ignored || now - this.#silentSince > this.#silenceMax) this.abort.abort();
  }

  /** What became of the worker that was ended. */
  ended(): WorkerEnded {
    const interrupted = this.#interruptedAt !== undefined;
    return new WorkerEnded(
      interrupted ? 'interrupted' : this.#hangMessage(),
      interrupted,
      Math.max(this.#runs, Atomics.load(this.signals, signalSlots.runs)),
      this.#finding,
    );
  }

  #hangMessage(): string {
    const run = Atomics.load(this.signals, signalSlots.runs) + 1;
    const thread = Atomics.load(this.signals, signalSlots.thread);
    const steps = Atomics.load(this.signals, signalSlots.steps);
    const where =
      steps === 0
        ? 'before its first step: in the module, in setup, or at the start of an actor'
        : `in actor number ${String(thread + 1)}, about ${String(steps)} steps into execution ${String(run)}`;
    return (
      `the model gave no sign of life for ${String(this.#silenceMax / 1000)} s, ${where}. ` +
      `A loop without a step cannot be interleaved: put a step into it; ` +
      `if it is only slow, --watchdog allows more seconds`
    );
  }
}
