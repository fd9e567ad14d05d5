import { describe, expect, it } from 'vitest';
import { createdName, identify, showValue } from '../../src/machine/names.js';
import { type Cpu, Memory, type Path } from '../../src/machine/index.js';
import { everySchedule } from '../support/run.js';

class Thing {
  readonly memory: Memory;
  constructor(memory: Memory) {
    this.memory = memory;
  }
}

describe('a name', () => {
  it('of a created object says who made it, and as which of that type', () => {
    expect(createdName('css_set', 'main/worker', 2)).toBe('css_set:main/worker/2');
  });

  it('of a field begins with the name of its owner, and its label reads as in C', () => {
    const memory = new Memory('task:fork/1', 'child');
    const cell = memory.cell('flags', 0);
    expect([cell.name, cell.label]).toEqual(['task:fork/1.flags', 'child->flags']);
    const lock = memory.spinlock('lock');
    expect([lock.name, lock.label, lock.lockClass]).toEqual([
      'task:fork/1.lock',
      'child->lock',
      'lock',
    ]);
    expect(lock.holder.name).toBe('task:fork/1.lock.holder');
    const node = memory.list('list');
    expect([node.name, node.label, node.next.name]).toEqual([
      'task:fork/1.list',
      'child->list',
      'task:fork/1.list.next',
    ]);
  });

  it('of a thread or an object is the same in every schedule', () => {
    const { looks, schedules } = everySchedule((m) => {
      const x = m.cell('x', 0);
      const names = { a: [] as string[], b: [] as string[] };
      const body = (id: 'a' | 'b') =>
        function* (cpu: Cpu): Path {
          names[id] = [];
          function* child(cpu: Cpu): Path {
            const thing = yield* cpu.kmalloc(Thing);
            names[id].push(thing === null ? 'nothing' : thing.memory.name);
            yield* cpu.read(x);
          }
          const first = yield* cpu.spawn('worker', child);
          const second = yield* cpu.spawn('worker', child);
          names[id].push(first.name, second.name);
        };
      return { actors: { a: body('a'), b: body('b') }, look: () => names };
    });
    expect(schedules).toBeGreaterThan(100);
    expect(looks).toEqual([
      {
        a: ['Thing:a/worker/1', 'Thing:a/worker#2/1', 'a/worker', 'a/worker#2'],
        b: ['Thing:b/worker/1', 'Thing:b/worker#2/1', 'b/worker', 'b/worker#2'],
      },
    ]);
  });
});

describe('a value', () => {
  it('reads as people write it', () => {
    const memory = new Memory('task:fork/1', 'child');
    expect([null, undefined, true, 1, 'text', memory, [memory, 2], {}].map(showValue)).toEqual([
      'NULL',
      'nothing',
      'true',
      '1',
      '"text"',
      'child',
      '[child, 2]',
      'object',
    ]);
  });

  it('is identified by its name where it has one', () => {
    const memory = new Memory('task:fork/1', 'child');
    expect([null, undefined, 1, '1', memory, [memory, 2], {}].map(identify)).toEqual([
      'null',
      'undefined',
      '1',
      '"1"',
      '#task:fork/1',
      '[#task:fork/1,2]',
      '#?',
    ]);
  });
});
