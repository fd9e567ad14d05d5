// npm run judge: thousands of random programs before every engine.
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { disagreementText, hold } from './court.js';
import { allEngines } from './engines.js';

/** @returns whether all engines agreed */
export function main(
  args: readonly string[],
  print: (line: string) => void = console.log,
): boolean {
  const { values } = parseArgs({
    args: [...args],
    options: {
      programs: { type: 'string', default: '5000' },
      seed: { type: 'string', default: '1' },
      engine: { type: 'string', multiple: true },
    },
  });
  const wanted = values.engine;
  const engines = allEngines.filter(({ name }) => wanted === undefined || wanted.includes(name));
  if (engines.length === 0) {
    throw new Error(`--engine is one of: ${allEngines.map(({ name }) => name).join(', ')}`);
  }
  let schedules = 0;
  let failing = 0;
  const session = hold({
    seed: Number(values.seed),
    programs: Number(values.programs),
    engines,
    onSubject: ({ reference }) => {
      schedules += reference.schedules;
      if (reference.failures.size > 0) failing++;
    },
    onDisagreement: (disagreement) => {
      print(`${disagreementText(disagreement)}\n`);
    },
  });
  print(
    `${String(session.judged)} programs, ${String(session.discarded)} discarded, ` +
      `${String(failing)} with failures, ${String(schedules)} schedules; ` +
      `${String(session.disagreements.length)} blocks with disagreements, ` +
      `among: ${engines.map(({ name }) => name).join(', ')}`,
  );
  return session.disagreements.length === 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = main(process.argv.slice(2)) ? 0 : 1;
}
