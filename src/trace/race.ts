// The words of a data race in a picture: what each thread did, where, with which locks, and what is missing. The
// form is that of KCSAN's reports.
import type { DataRace, RacingAccess } from '../machine/index.js';

/** The first line names the two, then there is one line for each access and one for what is missing. */
export function raceText({ cell, accesses, missing }: DataRace): string {
  const functions = accesses.map((access) => placeOf(access) ?? access.thread);
  const head = `data race on ${cell} in ${functions.join(' / ')}`;
  return [head, ...accesses.map((access) => `  ${accessText(access)}`), `  ${missing}`].join('\n');
}

/** What an arrow says beside one of the two steps. */
export function raceMark({ marked, does }: RacingAccess): string {
  return `${marked ? 'marked' : 'plain'}, ${does === 'reads' ? 'reads' : 'writes'}`;
}

function placeOf(access: RacingAccess): string | undefined {
  return access.function === undefined ? undefined : `${access.function}()`;
}

/** `plain write of 1 by a (CPU0, hardirq) in f(), holding l` */
function accessText(access: RacingAccess): string {
  const { thread, cpu, context, does, marked, operation, value, locks } = access;
  const noun = { reads: 'read', writes: 'write', updates: 'update', frees: 'free' }[does];
  const what = `${marked ? 'marked' : 'plain'} ${noun}${value === undefined ? '' : ` of ${value}`}`;
  const how = operation === 'read' || operation === 'write' ? '' : ` with ${operation}()`;
  const where = `CPU${String(cpu)}${context === 'task' ? '' : `, ${context}`}`;
  const place = placeOf(access);
  const held = locks.length === 0 ? 'no lock' : locks.join(' and ');
  return `${what}${how} by ${thread} (${where})${place === undefined ? '' : ` in ${place}`}, holding ${held}`;
}
