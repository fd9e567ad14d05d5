// Reading replay files.
import { readFileSync, statSync } from 'node:fs';
import { UsageError } from '../machine/index.js';
import { limits } from '../limits.js';
import { parseReplayFile, type ReplayFile } from '../trace/replay-file.js';

/**
 * Reads and checks a replay file.
 * @throws UsageError that says what to do next
 */
export function readReplayFile(path: string): ReplayFile {
  return parseReplayFile(readText(path), path);
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
