// How choices stand in a replay file: one line for each with its label; of a very long schedule only the beginning has
// labels, and what follows is packed, a thousand choices in a line: `gap.pick` in base 36, separated by blanks, where
// the gap is how many questions lie between a choice and the one before.
import { z } from 'zod';
import type { ReplayChoice } from './replay-file.js';

const count = z.int().nonnegative();
const packedRow = /^[0-9a-z]+\.[0-9a-z]+(?: [0-9a-z]+\.[0-9a-z]+)*$/;

/** A choice, or a line of packed ones. */
export const choiceRows = z.array(
  z.union([
    z.strictObject({ at: count, pick: count, label: z.string() }),
    z.string().regex(packedRow),
  ]),
);

type Row = z.infer<typeof choiceRows>[number];

const radix = 36;
const choicesPerRow = 1_000;

/** The choices as lines; those without a label are packed. */
export function rowsOf(choices: readonly ReplayChoice[]): Row[] {
  const rows: Row[] = [];
  let packed: string[] = [];
  let before = 0;
  const flush = (): void => {
    if (packed.length > 0) rows.push(packed.join(' '));
    packed = [];
  };
  for (const { at, pick, label } of choices) {
    if (label === '') {
      packed.push(`${(at - before).toString(radix)}.${pick.toString(radix)}`);
      if (packed.length === choicesPerRow) flush();
    } else {
      flush();
      rows.push({ at, pick, label });
    }
    before = at;
  }
  flush();
  return rows;
}

/** The reverse. */
export function choicesOf(rows: readonly Row[]): ReplayChoice[] {
  const choices: ReplayChoice[] = [];
  let before = 0;
  for (const row of rows) {
    if (typeof row !== 'string') {
      choices.push(row);
      before = row.at;
      continue;
    }
    for (const pair of row.split(' ')) {
      const point = pair.indexOf('.');
      before += Number.parseInt(pair.slice(0, point), radix);
      choices.push({ at: before, pick: Number.parseInt(pair.slice(point + 1), radix), label: '' });
    }
  }
  return choices;
}
