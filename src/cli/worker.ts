// The worker's entry: runs one job. Nothing is thrown across threads: an error would arrive without its class.
import type { MessagePort } from 'node:worker_threads';
import { ModelError, UsageError } from '../machine/index.js';
import {
  type Job,
  type JobNews,
  type JobOutcome,
  type JobResult,
  type Phase,
  phases,
  signalSlots,
} from './job.js';
import { runList } from './list-job.js';
import { runReplay } from './replay-job.js';
import { runSearch } from './search-job.js';

export interface WorkerTask {
  readonly job: Job;
  /** Shared with the watchdog; see signalSlots. */
  readonly signals: Int32Array;
  readonly port: MessagePort;
}

/** What a running job tells the outside. */
export interface Reporter {
  readonly tell: (news: JobNews) => void;
  /** The job goes on to this. */
  readonly enter: (phase: Phase) => void;
  /** Between executions: true once the user wants an end. Counts as a sign of life. */
  readonly interrupted: () => boolean;
  readonly pulse: Int32Array;
}

/** What the pool runs. */
export async function work({ job, signals, port }: WorkerTask): Promise<JobOutcome> {
  const reporter: Reporter = {
    tell: (news) => {
      port.postMessage(news);
    },
    enter: (phase) => {
      Atomics.store(signals, signalSlots.phase, phases.indexOf(phase));
    },
    interrupted: () => {
      Atomics.add(signals, signalSlots.runs, 1);
      return Atomics.load(signals, signalSlots.stop) === 1;
    },
    pulse: signals.subarray(signalSlots.thread, signalSlots.steps + 1),
  };
  // What a module prints is for people: stdout is for data.
  process.stdout.write = process.stderr.write.bind(process.stderr);
  try {
    return { kind: 'done', result: await run(job, reporter) };
  } catch (error) {
    return failed(error);
  } finally {
    port.close();
  }
}

async function run(job: Job, reporter: Reporter): Promise<JobResult> {
  reporter.enter('module');
  switch (job.kind) {
    case 'explore':
    case 'prove':
      return runSearch(job, reporter);
    case 'replay':
      return runReplay(job, reporter);
    case 'list':
      return runList(job, reporter);
  }
}

function failed(error: unknown): JobOutcome {
  if (error instanceof UsageError)
    return { kind: 'failed', fault: 'usage', message: error.message };
  if (error instanceof ModelError)
    return { kind: 'failed', fault: 'model', message: error.message };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'failed', fault: 'internal', message: detail };
}
