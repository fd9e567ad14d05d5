// The entry of a helper of a search by states: it tries parts of what the search has left, on a machine of its own. The
// search waits without hearing events, so what the helper posts is announced in memory that they share.
import { workerData } from 'node:worker_threads';
import { Helper, type PartDone, SharedStates, type TrailPart } from '../../scheduler/index.js';
import { programOf } from '../../scenarios/index.js';
import { locate } from './locate.js';
import { WorkerSignals } from './signals.js';
import { controlSlots, type StateHelperData, type StatePost } from './state-posts.js';
import { printToStderr } from './terminal.js';

const data = workerData as StateHelperData;
const { port, control } = data;
const own = new WorkerSignals(data.signals, data.row);
const states = new SharedStates(data.states);

function post(message: StatePost): void {
  port.postMessage(message);
  Atomics.add(control, controlSlots.posts, 1);
  Atomics.notify(control, controlSlots.posts);
}

/** Gives something away if somebody has nothing left. */
function share(give: () => TrailPart | undefined): void {
  if (Atomics.load(control, controlSlots.wanted) <= 0) return;
  if (Atomics.sub(control, controlSlots.wanted, 1) <= 0) return;
  const part = give();
  if (part !== undefined) post({ kind: 'part', part });
}

async function start(): Promise<Helper> {
  const { job, rest } = data;
  own.enter('module');
  const scenario = await locate(job.scenario);
  own.enter('setup');
  const options = {
    stepsMax: job.stepsMax,
    pulse: own.pulse,
    interrupted: () => own.shallStop(),
  };
  return new Helper(programOf(scenario, job.composition, job.machine), options, rest);
}

printToStderr();
/** Whatever is wrong, the search comes to it as well when it goes on by itself, and tells it as it should be told. */
const helper = await start().catch(() => undefined);
own.enter('idle');

port.on('message', (part: TrailPart) => {
  own.enter('executions');
  let done: PartDone | undefined;
  try {
    done = helper?.run(part, states, share);
  } catch {
    done = undefined;
  }
  own.enter('idle');
  post({ kind: 'done', done });
});
