// racewalk show FILE: a recorded failure as columns, HTML, Chrome trace, ITF, or text for a commit message.
import { type Command, Option } from 'commander';
import type { ExitCode } from '../exit-codes.js';
import { required, watchdogFlag, wholeNumber } from '../options.js';

const forms = {
  html: 'one HTML file, to be opened in a browser',
  chrome: 'Chrome trace events, for Perfetto',
  itf: 'states for TLA+ tools, in the ITF format',
  git: 'columns ready for a commit message',
  json: 'the whole trace as JSON',
  locks: 'how many steps each function takes under which locks (with --json, as JSON)',
} as const;

export type ShowFlags = Readonly<Partial<Record<keyof typeof forms, true>>> & {
  readonly full?: true;
  readonly brief?: true;
  readonly width?: number;
  readonly watchdog: number;
};

export function addShow(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('show')
    .argument('<file>', 'a replay file that explore or prove has written')
    .description('show a recorded schedule: as columns, or in one of these forms')
    .addOption(
      new Option('--full', 'columns: every step, not only those that matter').conflicts('brief'),
    )
    .option('--brief', 'columns: only the steps in which threads meet, and no locks')
    .addOption(
      new Option('--width <columns>', 'columns: how wide').argParser(wholeNumber(40, 1_000)),
    );
  const names = Object.keys(forms);
  for (const [form, text] of Object.entries(forms)) {
    const others = names.filter((other) => other !== form && !goTogether(form, other));
    command.addOption(new Option(`--${form}`, text).conflicts(others));
  }
  command.addOption(watchdogFlag()).action(async (path: string, flags: ShowFlags) => {
    const { showFile } = await import('../actions/show.js');
    finish(await showFile(required('FILE', path), flags));
  });
}

function goTogether(form: string, other: string): boolean {
  return [form, other].sort().join() === 'json,locks';
}
