// A lock report as text, in the form of lockdep's own (kernel/locking/lockdep.c): the headline, the chain of
// dependencies, the scenario in columns. Instead of stack traces, each dependency has the schedule that made it.
import {
  cycleText,
  type LockDependency,
  type LockReport,
  type LockUseSeen,
} from './lock-report.js';
import { wrap } from './wrap.js';

const standardWidth = 75;
/** Where lockdep writes the statements of CPU1. */
const secondColumn = 31;

/** Without a line feed at the end; lines have at most 75 characters, or `width`, as far as names allow. */
export function renderLockReport(report: LockReport, room: number = standardWidth): string {
  const width = Math.min(room, standardWidth);
  const { title, rule, cycle, status, because } = report;
  const headline = `WARNING: ${title} (${rule})`;
  const frame = Math.min(headline.length, width);
  return [
    '='.repeat(frame),
    ...wrap(headline, width),
    '-'.repeat(frame),
    ...wrap(`the chain is: ${cycleText(report)}`, width, 4),
    ...cycle.flatMap((dependency, n) => dependencyLines(dependency, n, width)),
    '',
    ` Possible ${isInterrupted(cycle) ? 'interrupt ' : ''}unsafe locking scenario:`,
    '',
    ...scenarioLines(cycle),
    '',
    ' *** DEADLOCK ***',
    '',
    ...wrap(`${status}: ${because}`, width, 4),
  ].join('\n');
}

function isInterrupt({ via }: LockDependency): boolean {
  return via === 'hardirq' || via === 'softirq';
}

function isInterrupted(cycle: readonly LockDependency[]): boolean {
  return cycle.length > 1 && cycle.some(isInterrupt);
}

/** `-> #1 b is taken, a is held:` and below it who did so, in which functions, and when. */
function dependencyLines(dependency: LockDependency, n: number, width: number): string[] {
  const { from, to, via, seen } = dependency;
  const what = isInterrupt(dependency)
    ? `${to} is taken in a ${via}, which can come while ${from} is held:`
    : `${to} is waited for while ${from} is ${via === 'event' ? 'held or to come' : 'held'}:`;
  const head = wrap(`-> #${String(n)} ${what}`, width, 6);
  return ['', ...head, ...seen.flatMap((one) => useLines(one).flatMap((l) => indented(l, width)))];
}

function indented(line: string, width: number): string[] {
  return wrap(line, width - 6, 4).map((part) => `      ${part}`);
}

function useLines(use: LockUseSeen): string[] {
  const { thread, heldLock, heldIn, takenLock, takenIn, step, choices } = use;
  const place = (lock: string, where: string | undefined): string =>
    where === undefined ? lock : `${lock} in ${where}()`;
  const held = heldLock === undefined ? '' : `, holding ${place(heldLock, heldIn)}`;
  const taken = place(takenLock ?? '', takenIn);
  const when = step === undefined ? 'it never got there' : `step ${String(step)}`;
  const schedule =
    choices.length === 0
      ? 'of the schedule that switches only where it must'
      : `after ${choices.map(({ at, label }) => `${String(at)}: ${label}`).join('; ')}`;
  return [`${thread}: ${taken}${held}`, `${when} ${schedule}`];
}

/** Each CPU holds one class and wants the next; an interrupt comes on the CPU that holds what it must not meet. */
function scenarioLines(cycle: readonly LockDependency[]): string[] {
  const interrupt = cycle.find(isInterrupt);
  // lockdep begins with the CPU that is interrupted.
  const start = interrupt === undefined ? 0 : cycle.indexOf(interrupt);
  const turned = [...cycle.slice(start), ...cycle.slice(0, start)];
  const heads = turned.map((_, cpu) => `CPU${String(cpu)}`);
  const pitch = secondColumn - 7;
  const row = (cells: readonly string[]): string =>
    `       ${cells.map((cell) => cell.padEnd(pitch)).join('')}`.trimEnd();
  const at = (cpu: number, text: string): string =>
    ' '.repeat(cpu === 0 ? 2 : 7 + cpu * pitch) + text;
  const masks = interrupt === undefined ? undefined : maskOf(interrupt);
  const holds = turned.flatMap(({ from, held }, cpu) => [
    ...(cpu > 0 && masks !== undefined ? [at(cpu, masks)] : []),
    ...(isEvent(from, cycle) ? [] : [at(cpu, statement(from, held))]),
  ]);
  const [own = [], ...others] = turned.map((dependency, cpu) => {
    const { to, taken } = dependency;
    const want = isEvent(to, cycle) ? `wait for ${to};` : statement(to, taken);
    if (!isInterrupt(dependency)) return [at(cpu, want)];
    return [at(cpu, '<Interrupt>'), at(cpu, `  ${want}`)];
  });
  const rule = heads.map((head) => '-'.repeat(head.length));
  return [row(heads), row(rule), ...holds, ...others.flat(), ...own];
}

/** Of an event nobody says where it was held. */
function isEvent(name: string, cycle: readonly LockDependency[]): boolean {
  return cycle.some(
    ({ from, via, seen }) =>
      via === 'event' && from === name && seen.every(({ heldLock }) => heldLock === undefined),
  );
}

function maskOf({ via }: LockDependency): string {
  return via === 'softirq' ? 'local_bh_disable();' : 'local_irq_disable();';
}

function statement(name: string, mode: 'read' | 'write'): string {
  return `${mode === 'read' ? 'rlock' : 'lock'}(${name});`;
}
