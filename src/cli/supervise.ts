// Runs a job in a worker and keeps watch: a model that loops without steps cannot be interrupted from inside, and
// Ctrl-C must still report what was found.
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { UsageError } from '../machine/errors.js';
import type { Job, JobNews, JobOutcome, JobResult, SearchResult } from './job.js';
import { deathOf, errorOf } from './outcome.js';
import { ProgressLine } from './progress.js';
import { rowsOf, sharedSignals, type WorkerSignals } from './signals.js';
import { InternalError, Unfinished } from './unfinished.js';

export interface Supervision {
  /** Seconds without a sign of life from the model before the worker is ended. */
  readonly watchdogSeconds: number;
  /** Hears what the result would be if the worker ended now. */
  readonly onSoFar?: ((result: SearchResult) => void) | undefined;
}

/** Milliseconds between two looks at the worker. */
const lookMilliseconds = 200;
/** Milliseconds that a worker may take to finish after Ctrl-C. */
const graceMilliseconds = 2_500;
/** Milliseconds that racewalk's own code may take to be loaded: a slow machine is no fault of the model. */
const startMilliseconds = 60_000;

/**
 * Runs the job to its end, or to Ctrl-C.
 * @throws UsageError, InternalError, or Unfinished
 */
export async function supervise(job: Job, supervision: Supervision): Promise<JobResult> {
  const helpers = 'workers' in job && job.workers.count > 1 ? job.workers.count : 0;
  const watch = new Watch(supervision, sharedSignals(helpers));
  watch.start();
  // Loaded here, so that commands without a job do without.
  const { Piscina } = await import('piscina');
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
  try {
    const outcome = (await pool.run(
      { job, signals: watch.signals, port: port2 },
      { transferList: [port2], signal: watch.abort.signal },
    )) as JobOutcome;
    hearTheRest(port1, watch);
    return unpack(outcome);
  } catch (error) {
    if (watch.abort.signal.aborted) throw watch.ended();
    throw watch.isModelAtWork ? deathOf(error) : error;
  } finally {
    watch.stop();
    port1.close();
    await pool.destroy();
  }
}

/** The outcome comes by a way of its own, and may overtake news that was sent before it. */
function hearTheRest(port: MessagePort, watch: Watch): void {
  for (;;) {
    const received = receiveMessageOnPort(port) as { readonly message: JobNews } | undefined;
    if (received === undefined) return;
    watch.hear(received.message);
  }
}

function unpack(outcome: JobOutcome): JobResult {
  if (outcome.kind === 'done') return outcome.result;
  const error = errorOf(outcome);
  throw outcome.fault === 'model' ? new UsageError(error.message, { cause: error }) : error;
}

/** Looks at the workers' signals, listens to the news, and to Ctrl-C. */
class Watch {
  readonly abort = new AbortController();
  readonly signals: Int32Array;
  readonly #workers: readonly WatchedWorker[];
  /** The worker that has the job. */
  readonly #first: WatchedWorker;
  readonly #silenceMax: number;
  readonly #onSoFar: Supervision['onSoFar'];
  readonly #progress = new ProgressLine();
  #timer: NodeJS.Timeout | undefined = undefined;
  #interruptedAt: number | undefined = undefined;
  /** The worker that was silent for too long. */
  #silent: WatchedWorker | undefined = undefined;
  #soFar: SearchResult | undefined = undefined;

  constructor({ watchdogSeconds, onSoFar }: Supervision, signals: Int32Array) {
    this.signals = signals;
    const [first, ...helpers] = rowsOf(signals);
    this.#first = new WatchedWorker(first);
    this.#workers = [this.#first, ...helpers.map((row) => new WatchedWorker(row))];
    this.#silenceMax = watchdogSeconds * 1000;
    this.#onSoFar = onSoFar;
  }

  /** The worker runs code that may be the user's. */
  get isModelAtWork(): boolean {
    return this.#first.signals.phase !== 'start';
  }

  start(): void {
    process.on('SIGINT', this.#interrupt);
    const now = performance.now();
    for (const worker of this.#workers) worker.look(now);
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
    if (news.kind === 'so far') {
      this.#soFar = news.result;
    } else {
      this.#progress.show(news.text, news.done);
      const { runs, failures } = news;
      this.#soFar = this.#soFar && { ...this.#soFar, runs, failures };
    }
    if (this.#soFar !== undefined) this.#onSoFar?.(this.#soFar);
  }

  readonly #interrupt = (): void => {
    if (this.#interruptedAt !== undefined) this.abort.abort();
    this.#interruptedAt = performance.now();
    for (const { signals } of this.#workers) signals.requestStop();
  };

  #look(): void {
    const now = performance.now();
    for (const worker of this.#workers) {
      worker.look(now);
      if (worker.silence > this.#allowed(worker)) this.#silent ??= worker;
    }
    const ignored =
      this.#interruptedAt !== undefined && now - this.#interruptedAt > graceMilliseconds;
    if (ignored || this.#silent !== undefined) this.abort.abort();
  }

  /** Milliseconds for which a worker may be silent. */
  #allowed({ signals }: WatchedWorker): number {
    return signals.phase === 'start' ? startMilliseconds : this.#silenceMax;
  }

  /** What became of the worker that was ended. */
  ended(): Unfinished | InternalError {
    if (this.#interruptedAt !== undefined) {
      const busy = this.#workers.find(({ signals }) => signals.phase !== 'idle');
      return new Unfinished(
        `interrupted${busy === undefined ? '' : ` ${this.#where(busy)}`}`,
        true,
      );
    }
    const silent = this.#silent ?? this.#first;
    const seconds = String(this.#allowed(silent) / 1000);
    if (silent.signals.phase === 'start') {
      return new InternalError(`the worker did not start in ${seconds} s`);
    }
    return new Unfinished(
      `the model gave no sign of life for ${seconds} s, ${this.#where(silent)}.\n` +
        `A loop without a step cannot be interleaved: put a step into it. ` +
        `If the model is only slow, --watchdog allows more seconds`,
      false,
    );
  }

  #where({ signals }: WatchedWorker): string {
    switch (signals.phase) {
      case 'start':
        return 'before the scenario was loaded';
      case 'module':
        return "while the scenario's module was loaded";
      case 'setup':
        return 'while the scenario was set up';
      case 'idle':
        return 'between two executions';
      case 'executions': {
        const run = signals.get('runs').toLocaleString('en');
        const by = signals.row === 0 ? '' : ` of worker ${String(signals.row)}`;
        const near = `near execution ${run}${by}`;
        const steps = signals.get('steps');
        if (steps === 0) return `${near}, before its first step`;
        const name = this.#soFar?.threads[signals.get('thread')] ?? 'a thread';
        return `${near}, in ${name}, at step ${String(steps)} or later`;
      }
    }
  }
}

/** A worker as the watchdog sees it. */
class WatchedWorker {
  readonly signals: WorkerSignals;
  /** Milliseconds since its last sign of life, as of the last look; an idle one owes none. */
  silence = 0;
  #lastSigns = '';
  #aliveAt = 0;

  constructor(signals: WorkerSignals) {
    this.signals = signals;
  }

  /** @param now in milliseconds */
  look(now: number): void {
    const signs = this.signals.signsOfLife;
    if (signs !== this.#lastSigns || this.signals.phase === 'idle') {
      this.#lastSigns = signs;
      this.#aliveAt = now;
    }
    this.silence = now - this.#aliveAt;
  }
}
