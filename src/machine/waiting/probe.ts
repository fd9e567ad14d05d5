// Asks a condition, which is a path, about the state in which an execution has ended: it is run by the thread that
// waits for it, step by step, and then everything is as before. It gives no answer where it would have to wait, or
// would wake or start somebody.
import type { Cpu } from '../cpu/cpu.js';
import type { Host } from '../host.js';
import { limits } from '../../limits.js';
import type { Machine } from '../machine.js';
import type { Operation, Step } from '../op.js';
import type { Thread } from '../thread.js';
import { QUEUE_WORK } from './work.js';

/** Decides nothing, and lets no allocation fail. */
const nobody: Host = { goOn: () => false, draw: () => 0 };

/** The answer, or undefined. Only for a state in which no thread can go on. */
export function probe(
  machine: Machine,
  thread: Thread,
  condition: (cpu: Cpu<never>) => Step<boolean>,
): boolean | undefined {
  const { op, calls, stopped } = thread;
  const { host, priming } = machine;
  const { depth } = thread.held;
  const pending = op.setAside();
  const mark = machine.journal.mark();
  machine.host = nobody;
  thread.calls = undefined;
  // Every step now suspends once it is announced, and nobody hears of it when it is taken.
  machine.priming = machine.muted = true;
  const answer = drive(thread, condition);
  if (op.isPending) op.primitive.forget?.(op);
  machine.priming = priming;
  machine.muted = false;
  machine.host = host;
  machine.journal.undoTo(mark);
  machine.runnable.fill(0);
  op.putBack(pending);
  thread.calls = calls;
  thread.stopped = stopped;
  thread.entering.length = 0;
  thread.held.depth = depth;
  return answer;
}

/** The step would wake or start somebody. */
function isForOthers({ primitive }: Operation): boolean {
  return primitive.signal === 'signals' || primitive === QUEUE_WORK;
}

function drive(thread: Thread, condition: (cpu: Cpu<never>) => Step<boolean>): boolean | undefined {
  const { op } = thread;
  try {
    const asked: Step<boolean> = condition(thread.cpu as Cpu<never>);
    const steps = asked[Symbol.iterator]();
    for (let n = 0; n < limits.conditionSteps; n++) {
      const step = steps.next();
      if (step.done === true) return step.value;
      if (thread.stopped || !op.isEnabled || isForOthers(op)) return undefined;
    }
  } catch {
    // It threw, which a wait_event() would have made a panic of; here it is no answer.
  }
  return undefined;
}
