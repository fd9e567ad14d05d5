// Replay files: one recorded schedule as JSON, with enough beside it to notice when the file was edited or the
// model has changed. The checksum covers the data and not the layout, so that a formatter does no harm.
import { z } from 'zod';
import { limits } from '../limits.js';
import { type MemoryOrder, UsageError } from '../machine/index.js';
import { choiceRows, choicesOf, rowsOf } from './choice-rows.js';
import type { Course } from './course.js';
import { courseLists, courseOf, listsOf } from './course-schema.js';
import { hash64 } from './hash.js';

/** The content of a replay file; format, version and checksum belong to its text. */
export interface ReplayFile {
  readonly scenario: {
    /** The module that exports the scenario; left out for racewalk's own. */
    readonly module?: string | undefined;
    readonly name: string;
    /** Under which name the module exports it. */
    readonly export?: string | undefined;
  };
  /** Left out for a plain machine. */
  readonly rung?: ReplayRung | undefined;
  readonly options: {
    readonly cpus?: number | undefined;
    readonly faults: number;
    /** Left out in files from before there was a choice: sequential consistency. */
    readonly memory?: MemoryOrder | undefined;
    readonly stepsMax: number;
    readonly all: boolean;
    /** Data races were looked for because the command line wanted it; left out where the scenario decides. */
    readonly dataRaces?: boolean | undefined;
    /** What the command line made fail in every schedule; left out where the scenario decides. */
    readonly fail?: readonly string[] | undefined;
    /** Actors of the scenario that do not come; left out where all do. */
    readonly leftOut?: readonly string[] | undefined;
    /** Properties that nobody looked at, for they break earlier; left out where all were. */
    readonly unarmed?: readonly string[] | undefined;
  };
  /** What found the schedule; it is not needed to replay it. */
  readonly seed?: string | undefined;
  readonly strategy?: string | undefined;
  readonly verdict: {
    readonly kind: string;
    readonly signature: string;
    readonly message: string;
  };
  /** Steps of the whole execution. */
  readonly steps: number;
  readonly choices: readonly ReplayChoice[];
  readonly digests: readonly ReplayDigest[];
  /** The same schedule by the names of places; left out in old files, and where it would be too long. */
  readonly course?: Course | undefined;
  /** For a report about the order of locks: the schedules that made its dependencies; the last one is `choices`. */
  readonly dependencies?: readonly (readonly ReplayChoice[])[] | undefined;
}

export interface ReplayRung {
  readonly label: string;
  readonly patches: readonly string[];
  /** Sections left out although the era models them, by id. */
  readonly elided: readonly string[];
  /** Sections modelled although the era leaves them out, by id. */
  readonly filled: readonly string[];
}

export interface ReplayChoice {
  /** At which question, counted from 0. */
  readonly at: number;
  /** The thread that goes on, or the value drawn. */
  readonly pick: number;
  /** What the choice lets happen; empty for those of a very long schedule. */
  readonly label: string;
}

export interface ReplayDigest {
  /** After so many steps. */
  readonly step: number;
  /** 16 hexadecimal digits. */
  readonly digest: string;
}

/** The text of a replay file: always the same for the same content. */
export function formatReplayFile(file: ReplayFile): string {
  const content = ordered(file);
  const lines = [...Object.entries(content), ['checksum', checksumOf(content)] as const]
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${JSON.stringify(key)}: ${layOut(value)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

/**
 * Reads a replay file.
 * @param filename for the message
 * @throws UsageError if it is none, is damaged, was edited, or is from a newer racewalk
 */
export function parseReplayFile(text: string, filename: string): ReplayFile {
  const found = parseJson(text, filename);
  checkFormat(found, filename);
  const result = schema.safeParse(found);
  if (!result.success) {
    throw new UsageError(
      `${filename} is not a complete replay file:\n${z.prettifyError(result.error)}\n${recordAgain}`,
    );
  }
  const { scenario, rung, options, seed, strategy, verdict, steps } = result.data;
  const { digests, checksum } = result.data;
  const choices = choicesOf(result.data.choices);
  const dependencies = result.data.dependencies?.map(choicesOf);
  const about = { scenario, rung, options, seed, strategy, verdict };
  const course = courseOf(result.data);
  const file = { ...about, steps, choices, digests, course, dependencies };
  if (checksum !== checksumOf(ordered(file))) {
    throw new UsageError(
      `${filename} was edited: its checksum does not fit its content. ` +
        `Take the original back from version control, or record it again with racewalk explore`,
    );
  }
  return file;
}

const formatName = 'racewalk-replay';
const formatVersion = 1;
const recordAgain =
  'Take the file back from where it came from, or record it again with racewalk explore';

const count = z.int().nonnegative();

const schema = z.strictObject({
  format: z.literal(formatName),
  version: z.literal(formatVersion),
  scenario: z.strictObject({
    module: z.string().optional(),
    name: z.string(),
    export: z.string().optional(),
  }),
  rung: z
    .strictObject({
      label: z.string(),
      patches: z.array(z.string()),
      elided: z.array(z.string()),
      filled: z.array(z.string()),
    })
    .optional(),
  options: z.strictObject({
    cpus: z.int().positive().max(limits.cpusMax).optional(),
    faults: count,
    memory: z.enum(['sc', 'tso']).optional(),
    stepsMax: z.int().positive().max(limits.stepsCeiling),
    all: z.boolean(),
    dataRaces: z.boolean().optional(),
    fail: z.array(z.string()).optional(),
    leftOut: z.array(z.string()).optional(),
    unarmed: z.array(z.string()).optional(),
  }),
  seed: z.string().optional(),
  strategy: z.string().optional(),
  verdict: z.strictObject({ kind: z.string(), signature: z.string(), message: z.string() }),
  steps: count,
  choices: choiceRows,
  dependencies: z.array(choiceRows).optional(),
  digests: z.array(z.strictObject({ step: count, digest: z.string().regex(/^[0-9a-f]{16}$/) })),
  ...courseLists,
  checksum: z.string(),
});

function parseJson(text: string, filename: string): unknown {
  if (text.length > limits.replayBytesMax) {
    throw new UsageError(`${filename} is too large for a replay file. ${recordAgain}`);
  }
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') throw new UsageError(`${filename} is empty. ${recordAgain}`);
  try {
    return JSON.parse(trimmed);
  } catch (error) {
    if (trimmed.startsWith('{') && !trimmed.endsWith('}')) {
      throw new UsageError(`${filename} is truncated: its end is missing. ${recordAgain}`);
    }
    const detail = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `${filename} is not JSON (${detail}). Give a file that racewalk explore or prove has written`,
    );
  }
}

/** Says more than the schema could where somebody else's file, or another version's, was given. */
function checkFormat(found: unknown, filename: string): void {
  const { format, version } = (found ?? {}) as { format?: unknown; version?: unknown };
  if (format !== formatName) {
    throw new UsageError(
      `${filename} is JSON, but no replay file of racewalk. ` +
        `Give a file that racewalk explore or prove has written (*.replay.json)`,
    );
  }
  if (typeof version === 'number' && version > formatVersion) {
    throw new UsageError(
      `${filename} has version ${String(version)} of the format, and this racewalk reads ` +
        `version ${String(formatVersion)}. Install a newer racewalk to replay it`,
    );
  }
}

/** The content with its keys in the one order that is written and hashed. */
function ordered(file: ReplayFile): Record<string, unknown> {
  const { scenario, rung, options, verdict } = file;
  return {
    format: formatName,
    version: formatVersion,
    scenario: { module: scenario.module, name: scenario.name, export: scenario.export },
    rung: rung && {
      label: rung.label,
      patches: rung.patches,
      elided: rung.elided,
      filled: rung.filled,
    },
    options: {
      cpus: options.cpus,
      faults: options.faults,
      memory: options.memory,
      stepsMax: options.stepsMax,
      all: options.all,
      dataRaces: options.dataRaces,
      fail: options.fail,
      leftOut: options.leftOut,
      unarmed: options.unarmed,
    },
    seed: file.seed,
    strategy: file.strategy,
    verdict: { kind: verdict.kind, signature: verdict.signature, message: verdict.message },
    steps: file.steps,
    choices: rowsOf(file.choices),
    digests: file.digests.map(({ step, digest }) => ({ step, digest })),
    ...listsOf(file.course),
    dependencies: file.dependencies?.map(rowsOf),
  };
}

function checksumOf(content: Record<string, unknown>): string {
  return hash64(JSON.stringify(content));
}

/** One line for each element of a list, one line for everything else: diffs stay readable. */
function layOut(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return JSON.stringify(value);
  return `[\n${value.map((element) => `    ${JSON.stringify(element)}`).join(',\n')}\n  ]`;
}
