// The words of a data race: the two accesses, the locks that each thread held, and what is missing between them.
import type { Machine } from '../machine.js';
import { showValue } from '../names.js';
import type { DataRace, RacingAccess } from '../verdict.js';
import type { Handover } from './handover.js';
import type { Access, Hold } from './shadow.js';

/** The verdict on two accesses that nothing orders, the earlier one first. */
export function reportRace(
  machine: Machine,
  earlier: Access,
  later: Access,
  handover: Handover | undefined,
): DataRace {
  const cell = later.cell.name;
  const accesses = [evidence(machine, earlier), evidence(machine, later)] as const;
  const missing = missingEdge(machine, earlier, later, handover);
  const [first, second] = accesses.map(describeAccess);
  const message = `${first ?? ''} and ${second ?? ''} race on ${cell}: ${missing}`;
  return { kind: 'data race', cell, accesses, missing, message };
}

function evidence(machine: Machine, access: Access): RacingAccess {
  const { cell, thread, does, marked, operation, value, step, cpu, role, locks } = access;
  return {
    thread: machine.threadName(thread),
    cpu,
    context: role,
    function: access.function,
    operation,
    does,
    marked,
    value: value === undefined ? undefined : (cell.show?.(value) ?? showValue(value)),
    locks: [...locks.map(describeHold), ...readSections(access)],
    step,
  };
}

/** Where it reads what it validates later, which makes the read a marked one. */
function readSections({ does, seqcounts }: Access): string[] {
  return does === 'reads' ? seqcounts.map(({ name }) => `${name} (read section)`) : [];
}

function describeHold({ lock, mode }: Hold): string {
  return mode === 'write' ? lock.name : `${lock.name} (read)`;
}

const nouns = { reads: 'read', writes: 'write', updates: 'update' } as const;

/** `the plain write of 1 by a in f(), which holds l,` */
export function describeAccess(access: RacingAccess): string {
  const { thread, does, marked, operation, value, locks } = access;
  const what =
    does === 'frees'
      ? `${operation}()`
      : `the ${marked ? 'marked' : 'plain'} ${nouns[does]}${value === undefined ? '' : ` of ${value}`}`;
  const how = operation === 'read' || operation === 'write' || does === 'frees';
  const primitive = how ? '' : ` with ${operation}()`;
  const place = access.function === undefined ? '' : ` in ${access.function}()`;
  const held = locks.length === 0 ? 'no lock' : locks.join(' and ');
  return `${what}${primitive} by ${thread}${place}, holding ${held},`;
}

/** What would have ordered the two, and why it did not. */
function missingEdge(
  machine: Machine,
  earlier: Access,
  later: Access,
  handover: Handover | undefined,
): string {
  if (earlier.cpu === later.cpu) return onOneCpu(machine, earlier, later);
  const shared = earlier.locks.find(({ lock }) => later.locks.some((hold) => hold.lock === lock));
  if (shared !== undefined && earlier.seqcounts.includes(shared.lock)) {
    return `${shared.lock.name} keeps nobody out: those who write under it need a lock`;
  }
  if (handover !== undefined) return unorderedHandover(machine, later, handover);
  if (shared !== undefined) {
    return `both hold ${shared.lock.name} for reading only, and one of them writes`;
  }
  return 'no lock is common to both, and nothing else orders them';
}

/** A CPU alone orders nothing: the access that may be interrupted is cut in two. */
function onOneCpu(machine: Machine, earlier: Access, later: Access): string {
  const cpu = `CPU${String(later.cpu)}`;
  const name = (access: Access): string => machine.threadName(access.thread);
  const handler = [later, earlier].find(({ role }) => role === 'hardirq' || role === 'softirq');
  if (handler !== undefined) {
    const interrupted = handler === later ? earlier : later;
    const what = handler.role === 'hardirq' ? 'hardirqs' : 'softirqs';
    if (!interrupted.excluded[what]) {
      const on = handler.role === 'hardirq' ? 'interrupts' : 'softirqs';
      return `${name(interrupted)} has ${on} on, so ${name(handler)} may come in the middle of its access on ${cpu}`;
    }
  }
  const preempted = earlier.excluded.threads ? later : earlier;
  return `both run on ${cpu}, where ${name(preempted)} may be preempted in the middle of its access`;
}

function unorderedHandover(machine: Machine, later: Access, { write, readBy }: Handover): string {
  const [reader, writer] = [later.thread, write.thread].map((thread) => machine.threadName(thread));
  return (
    `${reader ?? ''} read ${write.cell.name} with ${readBy}() after ${writer ?? ''} had written it with ` +
    `${write.operation}(), which orders nothing else; smp_store_release() and smp_load_acquire() would`
  );
}
