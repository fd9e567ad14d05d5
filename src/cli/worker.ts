// The worker's entry: runs one job. Nothing is thrown across threads: an error would arrive without its class.
import type { MessagePort } from 'node:worker_threads';
import type { Job, JobNews, JobOutcome, JobResult } from './job.js';
import { runExplain } from './explain-job.js';
import { runLadder } from './ladder-job.js';
import { runList } from './list-job.js';
import { runLoadBearing } from './load-bearing-job.js';
import { runReplay } from './replay-job.js';
import { failed } from './outcome.js';
import { runSearch } from './search-job.js';
import { type Phase, WorkerSignals } from './signals.js';
import { printToStderr } from './terminal.js';

export interface WorkerTask {
  readonly job: Job;
  /** Shared with the watchdog, and with helpers; this worker has the first row. */
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
  /** Of this worker, and of helpers that it may start. */
  readonly signals: Int32Array;
}

/** What the pool runs. */
export async function work({ job, signals, port }: WorkerTask): Promise<JobOutcome> {
  const own = new WorkerSignals(signals, 0);
  const reporter: Reporter = {
    tell: (news) => {
      port.postMessage(news);
    },
    enter: (phase) => {
      own.enter(phase);
    },
    interrupted: () => own.shallStop(),
    pulse: own.pulse,
    signals,
  };
  printToStderr();
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
    case 'explain':
      return runExplain(job, reporter);
    case 'load-bearing':
      return runLoadBearing(job, reporter);
    case 'ladder':
      return runLadder(job, reporter);
    case 'list':
      return runList(job, reporter);
  }
}
