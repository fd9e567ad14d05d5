// Makes a program small enough for the plain enumerator, by leaving out statements from the end of its longest thread.
import { type Block, blocksOf, type ProgramText, type Statement, withBlocks } from './language.js';

/** Interleavings of a program's threads, if nothing ever blocked, that are few enough. */
const interleavingsMax = 4_000;
/** The most statements of one kind of step, whatever the interleavings. */
const eventsMax = 24;

/** The program itself, or what is left of it when it is small enough. */
export function fitted(program: ProgramText): ProgramText {
  let threads = program.threads;
  while (!isSmall(threads, program.faults)) {
    const sizes = threads.map((block) => sizeOf(block, program.faults));
    const longest = sizes.indexOf(Math.max(...sizes));
    threads = threads.map((block, t) => (t === longest ? shorter(block) : block));
  }
  return { ...program, threads };
}

function isSmall(threads: readonly Block[], faults: number): boolean {
  const sizes: number[] = [];
  for (const block of threads) collectSizes(block, faults, sizes);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return total <= eventsMax && interleavings(sizes) <= interleavingsMax;
}

/** In how many orders threads of these lengths can be interleaved. */
export function interleavings(sizes: readonly number[]): number {
  let ways = 1;
  let total = 0;
  for (const size of sizes) {
    for (let n = 1; n <= size; n++) ways = (ways * ++total) / n;
  }
  return ways;
}

/** The most steps that the block takes, those of threads that it makes included. */
function sizeOf(block: Block, faults: number): number {
  const sizes: number[] = [];
  collectSizes(block, faults, sizes);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Adds the most steps of the block, and of each thread that it makes. */
function collectSizes(block: Block, faults: number, sizes: number[]): void {
  const own = sizes.push(0) - 1;
  let steps = 0;
  for (const statement of block) steps += stepsOf(statement, faults, sizes);
  sizes[own] = steps;
}

function stepsOf(statement: Statement, faults: number, sizes: number[]): number {
  const inside = (block: Block): number =>
    block.reduce((sum, inner) => sum + stepsOf(inner, faults, sizes), 0);
  if (statement.do === 'if') {
    return Math.max(inside(statement.then), inside(statement.otherwise));
  }
  if (statement.do === 'trylock') {
    return Math.max(2 + inside(statement.body), 1 + inside(statement.otherwise));
  }
  if (statement.do === 'spawn') {
    collectSizes(statement.body, faults, sizes);
    return 1 + Number(statement.join) + inside(statement.meanwhile);
  }
  const within = blocksOf(statement).reduce((sum, block) => sum + inside(block), 0);
  if (statement.do === 'repeat') return statement.times * within;
  if (statement.do === 'call') return within;
  if (statement.do === 'lock') return within + (statement.lock === 'sem' ? 3 : 2);
  if (statement.do === 'downgrade') return within + 4;
  return simpleSteps(statement, faults);
}

/** The most steps of statements without others inside. */
function simpleSteps(statement: Statement, faults: number): number {
  if (statement.do === 'kmalloc') return 1 + 2 * faults;
  if (statement.do === 'kfree') return statement.clear ? 3 : 2;
  return unlikeOne.get(statement.do) ?? 1;
}

const unlikeOne = new Map<Statement['do'], number>([
  ['wait_event', 6],
  ['sleep', 4],
  ['take', 2],
  ['wait_for_completion', 2],
  ['spin', 2],
  ['increment', 2],
  ['follow', 2],
  ['emit', 0],
  ['BUG_ON', 0],
  ['WARN_ON', 0],
]);

/** Without its last statement, or with a shorter one in its place. */
function shorter(block: Block): Block {
  const last = block.at(-1);
  if (last === undefined) return block;
  const blocks = blocksOf(last);
  const at = blocks.findLastIndex(({ length }) => length > 0);
  if (block.length > 1 || at < 0) return block.slice(0, -1);
  const inner = blocks.map((each, n) => (n === at ? shorter(each) : each));
  return [...block.slice(0, -1), withBlocks(last, inner)];
}
