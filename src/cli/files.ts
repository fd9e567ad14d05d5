// Reading and writing replay files.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../machine/index.js';
import { limits } from '../limits.js';
import { formatReplayFile, parseReplayFile, type ReplayFile } from '../trace/replay-file.js';

/**
 * Reads and checks a replay file.
 * @throws UsageError that says what to do next
 */
export function readReplayFile(path: string): ReplayFile {
  return parseReplayFile(readText(path), path);
}

/** Writes a replay file and returns its path; undefined where it cannot be written, which stderr says. */
export function writeReplayFile(
  file: ReplayFile,
  directory: string,
  name: string,
): string | undefined {
  const path = join(directory, name);
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(path, formatReplayFile(file));
    return path;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `racewalk: cannot write the replay file: ${detail}\n` +
        'Name a directory that can be written with --out; the failure itself is reported all the same\n',
    );
    return undefined;
  }
}

function readText(path: string): string {
  try {
    if (statSync(path).size > limits.replayBytesMax) {
      throw new UsageError(`${path} is too large for a replay file`);
    }
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot read ${path}: ${detail}`, { cause: error });
  }
}
