// racewalk show FILE: a recorded failure as columns, HTML, Chrome trace, ITF, or text for a commit message.
import { type Command, Option } from 'commander';
import { limits } from '../../limits.js';
import { traceToChrome } from '../../trace/chrome.js';
import { renderColumns } from '../../trace/columns.js';
import { traceToHtml } from '../../trace/html.js';
import { traceToItf } from '../../trace/itf.js';
import { traceToJson } from '../../trace/json.js';
import type { Trace } from '../../trace/trace.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { readReplayFile } from '../files.js';
import type { ReplayResult } from '../job.js';
import { wholeNumber } from '../options.js';
import { supervise } from '../supervise.js';
import { terminalWidth } from '../terminal.js';

interface ShowFlags {
  readonly html?: true;
  readonly chrome?: true;
  readonly itf?: true;
  readonly git?: true;
  readonly json?: true;
  readonly full?: true;
  readonly brief?: true;
  readonly width?: number;
  readonly watchdog: number;
}

const forms = ['html', 'chrome', 'itf', 'git', 'json'] as const;

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
  const texts = {
    html: 'one HTML file, to be opened in a browser',
    chrome: 'Chrome trace events, for Perfetto',
    itf: 'states for TLA+ tools, in the ITF format',
    git: 'columns ready for a commit message',
    json: 'the whole trace as JSON',
  } as const;
  for (const form of forms) {
    const others = forms.filter((other) => other !== form);
    command.addOption(new Option(`--${form}`, texts[form]).conflicts(others));
  }
  command
    .addOption(
      new Option(
        '--watchdog <seconds>',
        'give up on a model that shows no sign of life for so long',
      )
        .argParser(wholeNumber(1, 86_400))
        .default(limits.watchdogMilliseconds / 1000),
    )
    .action(async (path: string, flags: ShowFlags) => {
      const file = readReplayFile(path);
      const supervision = { watchdogSeconds: flags.watchdog };
      const result = (await supervise({ kind: 'replay', file }, supervision)) as ReplayResult;
      process.stdout.write(`${render(result.trace, flags)}\n`);
      if (!result.faithful) {
        process.stderr.write(`racewalk: this replay no longer applies: ${result.drift ?? ''}\n`);
      }
      finish(result.faithful ? exitCodes.clear : exitCodes.unanswered);
    });
}

function render(trace: Trace, flags: ShowFlags): string {
  if (flags.html === true) return traceToHtml(trace);
  if (flags.chrome === true) return traceToChrome(trace);
  if (flags.itf === true) return traceToItf(trace);
  if (flags.json === true) return traceToJson(trace);
  const full = flags.full === true;
  const brief = flags.brief === true;
  if (flags.git === true) return renderColumns(trace, { full, brief, git: true });
  return renderColumns(trace, { full, brief, width: flags.width ?? terminalWidth() });
}
