// Checkpoint files: what a search knows, laid down now and then, so that one that was ended by force can be taken up again.
// A line of JSON says of which search it is; what follows is the search's own, in node's form of structured data. A
// new one is written beside the old one and then takes its name, so there is a whole one at every moment.
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { UsageError } from '../machine/errors.js';

const format = 'racewalk checkpoint';
const formatVersion = 1;

/** What a search was asked, by the names of its options: a checkpoint of another question is no use. */
export type Question = Readonly<Record<string, unknown>>;

interface Header {
  readonly format: string;
  readonly version: number;
  /** Of which search: `explore`, `prove`. */
  readonly kind: string;
  readonly question: Question;
  readonly bytes: number;
  /** SHA-256 of the rest. */
  readonly sum: string;
}

/**
 * Writes a checkpoint, in place of the one that is there.
 * @param state plain data: what structuredClone() takes
 * @throws UsageError if it cannot be written
 */
export function writeCheckpoint(
  path: string,
  kind: string,
  question: Question,
  state: unknown,
): void {
  const body = serialize(state);
  const header: Header = {
    format,
    version: formatVersion,
    kind,
    question,
    bytes: body.length,
    sum: sumOf(body),
  };
  const next = `${path}.new`;
  try {
    const file = openSync(next, 'w');
    try {
      writeWhole(file, Buffer.from(`${JSON.stringify(header)}\n`));
      writeWhole(file, body);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(next, path);
  } catch (error) {
    throw new UsageError(`cannot write the checkpoint ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** One call may write a part only. */
function writeWhole(file: number, data: Uint8Array): void {
  for (let at = 0; at < data.length;) at += writeSync(file, data, at);
}

/**
 * Reads a checkpoint of the same search.
 * @returns the state, as it was written
 * @throws UsageError for a file that is none, is damaged, or is of another search
 */
export function readCheckpoint(path: string, kind: string, question: Question): unknown {
  const bytes = readBytes(path);
  const end = bytes.indexOf('\n');
  const header = headerOf(bytes.subarray(0, Math.max(end, 0)).toString('utf8'), path);
  if (header.version !== formatVersion) {
    throw new UsageError(
      `${path} has version ${String(header.version)} of the format, and this racewalk reads ${String(formatVersion)}; ` +
        'go on with the racewalk that has written it',
    );
  }
  const body = bytes.subarray(end + 1);
  if (body.length !== header.bytes || sumOf(body) !== header.sum) {
    throw new UsageError(`${path} is damaged: it is not what was written`);
  }
  if (header.kind !== kind) {
    throw new UsageError(`${path} is a checkpoint of ${header.kind}, not of ${kind}`);
  }
  refuseOther(path, header.question, question);
  return deserialize(body) as unknown;
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`cannot read the checkpoint ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function headerOf(line: string, path: string): Header {
  let header: Partial<Header> | undefined;
  try {
    header = JSON.parse(line) as Partial<Header>;
  } catch {
    header = undefined;
  }
  if (header?.format === format && header.question !== undefined) return header as Header;
  throw new UsageError(`${path} is no checkpoint`);
}

/** Everything that the answer depends on must be what it was. */
function refuseOther(path: string, then: Question, now: Question): void {
  for (const name of new Set([...Object.keys(then), ...Object.keys(now)])) {
    const [before, after] = [then, now].map((question) => JSON.stringify(question[name]));
    if (before === after) continue;
    throw new UsageError(
      `${path} is a checkpoint of another search: ${name} was ${before ?? 'not given'}, and is ${after ?? 'not given'} now; ` +
        'resume with what the search was begun with, or begin a new one',
    );
  }
}

function sumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
