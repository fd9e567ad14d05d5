// A program of the language as text for people, close to the C that it stands for.
import type { Block, ProgramText, Statement } from './language.js';

export function programText({ threads, properties, rwlock, rwsem, faults }: ProgramText): string {
  return [
    ...threads.map((block, t) => `t${String(t)}:\n${blockText(block, 1)}`),
    ...properties.map((property) => `property ${JSON.stringify(property)}`),
    `rwlock ${rwlock}, rwsem ${rwsem}, ${String(faults)} faults`,
  ].join('\n');
}

function blockText(block: Block, depth: number): string {
  return block.map((statement) => statementText(statement, depth)).join('\n');
}

function statementText(statement: Statement, depth: number): string {
  const indent = '  '.repeat(depth);
  const { do: what, ...parts } = statement;
  const words = Object.entries(parts)
    .filter(([, part]) => !Array.isArray(part))
    .map(([name, part]) => `${name}=${String(part)}`);
  const head = `${indent}${what}${words.length === 0 ? '' : `(${words.join(', ')})`}`;
  const blocks = Object.entries(parts)
    .filter((entry): entry is [string, Block] => Array.isArray(entry[1]))
    .filter(([, block]) => block.length > 0)
    .map(([name, block]) => `${indent} ${name}:\n${blockText(block, depth + 1)}`);
  return [head, ...blocks].join('\n');
}
