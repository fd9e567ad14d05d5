// racewalk list: scenarios, series, rungs, properties.
import type { Command } from 'commander';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import type { ListResult } from '../job.js';
import { limits } from '../../limits.js';
import { parseScenario } from '../locate.js';
import { supervise } from '../supervise.js';
import { terminalWidth } from '../terminal.js';
import { wrap } from '../../trace/wrap.js';

export function addList(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('list')
    .argument('[module]', 'the path of an .mjs module; by default racewalk lists its own scenarios')
    .description('show scenarios, series, rungs and properties')
    .option('--json', 'print one JSON document on stdout')
    .action(async (module: string | undefined, flags: { readonly json?: true }) => {
      const job = { kind: 'list', module: module && parseScenario(module).module } as const;
      const watchdogSeconds = limits.watchdogMilliseconds / 1000;
      const result = (await supervise(job, { watchdogSeconds })) as ListResult;
      const { scenarios, series } = result;
      const text =
        flags.json === true ? JSON.stringify({ scenarios, series }, undefined, 2) : screen(result);
      process.stdout.write(`${text}\n`);
      finish(exitCodes.clear);
    });
}

function screen({ scenarios, series }: ListResult): string {
  const width = terminalWidth();
  const lines: string[] = [];
  for (const { name, about, properties, series: of } of scenarios) {
    lines.push(name, ...indented(about, width));
    if (of !== undefined) lines.push(...indented(`series: ${of}`, width));
    lines.push(...properties.flatMap((property) => indented(`- ${property}`, width)), '');
  }
  for (const { name, about, rungs, patches, elisions } of series) {
    lines.push(`series ${name}`, ...indented(about, width));
    lines.push(...indented(`rungs: ${rungs.join(', ')}`, width));
    lines.push(...patches.flatMap((patch) => indented(`${patch.name}  ${patch.subject}`, width)));
    const switchable = elisions.filter((elision) => elision.switchable).map(({ id }) => id);
    lines.push(...indented(`sections that can be switched: ${switchable.join(', ')}`, width), '');
  }
  return lines.join('\n').trimEnd();
}

function indented(text: string, width: number): string[] {
  return wrap(text, width - 2, 2).map((line) => `  ${line}`);
}
