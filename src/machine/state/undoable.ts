// Which steps can be undone in the middle of an execution: those that change nothing but cells, their thread's held locks
// and who can go on. All others are undone by running an execution again up to the step before.
import * as atomics from '../atomics.js';
import { EMIT } from '../context/instant.js';
import * as list from '../list.js';
import * as mutex from '../locks/mutex.js';
import * as rwsem from '../locks/rwsem-primitives.js';
import * as memory from '../memory.js';
import { HALT, type Primitive, READ, WRITE } from '../op.js';

const undoable = new Set<unknown>(
  [atomics, list, mutex, rwsem, memory].flatMap((module): unknown[] => Object.values(module)),
);
for (const one of [READ, WRITE, HALT, EMIT]) undoable.add(one);

export function isUndoable(primitive: Primitive): boolean {
  return undoable.has(primitive);
}
