// Runs a job in a worker and keeps watch: a model that loops without steps cannot be interrupted from inside, and
// Ctrl-C must still report what was found.
import { MessageChannel } from 'node:worker_threads';
import { UsageError } from '../machine/errors.js';
import {
  type Job,
  type JobNews,
  type JobOutcome,
  type JobResult,
  type Phase,
  phases,
  type SearchResult,
  signalSlots,
} from './job.js';
import { ProgressLine } from './progress.js';
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
  const watch = new Watch(supervision);
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

function unpack(outcome: JobOutcome): JobResult {
  if (outcome.kind === 'done') return outcome.result;
  if (outcome.fault === 'internal') throw new InternalError(outcome.message);
  throw new UsageError(outcome.message);
}

/** The worker died of something that it could not catch: what a module did outside of its scenarios. */
function deathOf(error: unknown): unknown {
  if (error instanceof UsageError || error instanceof InternalError) return error;
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const what =
    code === 'ERR_WORKER_OUT_OF_MEMORY'
      ? 'it used up all memory; make the model smaller, or --steps-max'
      : /^worker exited/i.test(String(message))
        ? 'it ended its process, which a scenario must not'
        : `it threw outside of a scenario, where nothing can catch it: ${String(message ?? error)}`;
  return new UsageError(`the scenario's module did not survive: ${what}`, { cause: error });
}

/** Looks at the worker's signals, listens to its news, and to Ctrl-C. */
class Watch {
  readonly abort = new AbortController();
  readonly signals = new Int32Array(
    new SharedArrayBuffer(signalSlots.length * Int32Array.BYTES_PER_ELEMENT),
  );
  readonly #silenceMax: number;
  readonly #onSoFar: Supervision['onSoFar'];
  readonly #progress = new ProgressLine();
  #timer: NodeJS.Timeout | undefined = undefined;
  #lastPulse = '';
  #silentSince = performance.now();
  #interruptedAt: number | undefined = undefined;
  #soFar: SearchResult | undefined = undefined;

  constructor({ watchdogSeconds, onSoFar }: Supervision) {
    this.#silenceMax = watchdogSeconds * 1000;
    this.#onSoFar = onSoFar;
  }

  get #phase(): Phase {
    return phases[Atomics.load(this.signals, signalSlots.phase)] ?? 'start';
  }

  /** The worker runs code that may be the user's. */
  get isModelAtWork(): boolean {
    return this.#phase !== 'start';
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
    if (news.kind === 'so far') {
      this.#soFar = news.result;
    } else {
      this.#progress.show(news.text);
      const { runs, failures } = news;
      this.#soFar = this.#soFar && { ...this.#soFar, runs, failures };
    }
    if (this.#soFar !== undefined) this.#onSoFar?.(this.#soFar);
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
    const silenceMax = this.isModelAtWork ? this.#silenceMax : startMilliseconds;
    if (ignored || now - this.#silentSince > silenceMax) this.abort.abort();
  }

  /** What became of the worker that was ended. */
  ended(): Unfinished | InternalError {
    if (this.#interruptedAt !== undefined) {
      return new Unfinished(`interrupted ${this.#where()}`, true);
    }
    const seconds = String((this.isModelAtWork ? this.#silenceMax : startMilliseconds) / 1000);
    if (!this.isModelAtWork) return new InternalError(`the worker did not start in ${seconds} s`);
    return new Unfinished(
      `the model gave no sign of life for ${seconds} s, ${this.#where()}.\n` +
        `A loop without a step cannot be interleaved: put a step into it. ` +
        `If the model is only slow, --watchdog allows more seconds`,
      false,
    );
  }

  #where(): string {
    switch (this.#phase) {
      case 'start':
        return 'before the scenario was loaded';
      case 'module':
        return "while the scenario's module was loaded";
      case 'setup':
        return 'while the scenario was set up';
      case 'executions': {
        const [run, thread, steps] = [signalSlots.runs, signalSlots.thread, signalSlots.steps].map(
          (slot) => Atomics.load(this.signals, slot),
        ) as [number, number, number];
        const near = `near execution ${run.toLocaleString('en')}`;
        if (steps === 0) return `${near}, before its first step`;
        const name = this.#soFar?.threads[thread] ?? 'a thread';
        return `${near}, in ${name}, at step ${String(steps)} or later`;
      }
    }
  }
}
