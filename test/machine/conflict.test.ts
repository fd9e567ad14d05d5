import { describe, expect, it } from 'vitest';
import {
  type Cpu,
  type Machine,
  mayConflict,
  type Memory,
  type Path,
  type Step,
} from '../../src/machine/index.js';
import { armed } from '../support/program.js';

class Thing {
  readonly memory: Memory;
  readonly x;
  readonly lock;
  readonly node;
  readonly done;
  constructor(memory: Memory) {
    this.memory = memory;
    this.x = memory.cell('x', 0);
    this.lock = memory.mutex('lock');
    this.node = memory.list<Thing>('node', this);
    this.done = memory.completion('done');
  }
}

interface Things {
  readonly a: Thing;
  readonly b: Thing;
  readonly c: Thing;
  readonly d: Thing;
  readonly list: ReturnType<typeof listOf>;
  readonly other: ReturnType<typeof listOf>;
  readonly sem: ReturnType<Machine['rwsem']>;
}

const listOf = (m: Machine, name: string) => m.list<Thing>(name);

/** On the list stand a, b and c; d is on none. */
function thingsOf(m: Machine): Things {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => m.object(Thing, name)) as [
    Thing,
    Thing,
    Thing,
    Thing,
  ];
  const things = { a, b, c, d, list: listOf(m, 'list'), other: listOf(m, 'other') };
  for (const thing of [a, b, c]) m.settleTail(thing.node, things.list);
  return { ...things, sem: m.rwsem('sem') };
}

type Makes = (cpu: Cpu, of: Things) => Step<unknown>;

/** Whether the first steps of two threads may conflict; it is the same both ways. */
function meet(first: Makes, second: Makes): boolean {
  const machine = armed((m) => {
    const things = thingsOf(m);
    const taking = (makes: Makes) =>
      function* (cpu: Cpu): Path {
        yield* makes(cpu, things);
      };
    return { actors: { first: taking(first), second: taking(second) } };
  });
  machine.begin();
  const [one, two] = [machine.thread(0).op, machine.thread(1).op];
  expect(mayConflict(two, one)).toBe(mayConflict(one, two));
  return mayConflict(one, two);
}

const read: Makes = (cpu, { a }) => cpu.read(a.x);
const write: Makes = (cpu, { a }) => cpu.write(a.x, 1);
const free: Makes = (cpu, { a }) => cpu.kfree(a);

describe('two pending operations conflict', () => {
  it.each<readonly [string, Makes, Makes]>([
    ['a read and a write of one cell', read, write],
    ['two writes of one cell', write, write],
    [
      'two acquisitions of one mutex',
      (cpu, { a }) => cpu.mutex_lock(a.lock),
      (cpu, { a }) => cpu.mutex_lock(a.lock),
    ],
    [
      'an acquisition and a trylock',
      (cpu, { a }) => cpu.mutex_lock(a.lock),
      (cpu, { a }) => cpu.mutex_trylock(a.lock),
    ],
    [
      'a reader and a writer of one rwsem',
      (cpu, { sem }) => cpu.down_read(sem),
      (cpu, { sem }) => cpu.down_write(sem),
    ],
    ['kfree and a read of a field', free, read],
    ['kfree and a lock of the object', free, (cpu, { a }) => cpu.mutex_lock(a.lock)],
    [
      'kfree and a list operation on its node',
      free,
      (cpu, { a, list }) => cpu.list_move(a.node, list),
    ],
    ['kfree and a completion of the object', free, (cpu, { a }) => cpu.complete(a.done)],
    ['kfree and kfree', free, free],
    [
      'adding to a list and looking whether it is empty',
      (cpu, { d, list }) => cpu.list_add(d.node, list),
      (cpu, { list }) => cpu.list_empty(list),
    ],
    [
      'deleting neighbours',
      (cpu, { a }) => cpu.list_del(a.node),
      (cpu, { b }) => cpu.list_del(b.node),
    ],
  ])('%s', (_, first, second) => {
    expect(meet(first, second)).toBe(true);
  });
});

describe('two pending operations do not conflict', () => {
  it.each<readonly [string, Makes, Makes]>([
    ['two reads of one cell', read, read],
    ['writes of two cells', write, (cpu, { b }) => cpu.write(b.x, 1)],
    [
      'two readers of one rwsem',
      (cpu, { sem }) => cpu.down_read(sem),
      (cpu, { sem }) => cpu.down_read(sem),
    ],
    ['two locks', (cpu, { a }) => cpu.mutex_lock(a.lock), (cpu, { b }) => cpu.mutex_lock(b.lock)],
    ['kfree and a field of another object', free, (cpu, { b }) => cpu.write(b.x, 1)],
    ['kfree and a lock that is part of nothing freed', free, (cpu, { sem }) => cpu.down_write(sem)],
    [
      'operations on two lists',
      (cpu, { d, other }) => cpu.list_add(d.node, other),
      (cpu, { b }) => cpu.list_del(b.node),
    ],
    [
      'looking at one list twice',
      (cpu, { list }) => cpu.list_empty(list),
      (cpu, { list }) => cpu.list_empty(list),
    ],
    [
      'spawns',
      (cpu) => cpu.spawn('child', function* () {}),
      (cpu) => cpu.spawn('child', function* () {}),
    ],
  ])('%s', (_, first, second) => {
    expect(meet(first, second)).toBe(false);
  });
});
