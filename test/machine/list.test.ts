import { describe, expect, it } from 'vitest';
import type { Memory } from '../../src/machine/index.js';
import {
  type Allocated,
  always,
  type Cpu,
  type ListHead,
  type Path,
  type Step,
} from '../../src/machine/index.js';
import { everySchedule, executionOf, fine, sentenceOf } from '../support/run.js';

class Item implements Allocated {
  readonly memory: Memory;
  readonly node: ListHead<Item>;
  constructor(memory: Memory) {
    this.memory = memory;
    this.node = memory.list<Item>('node', this);
  }
  get name(): string {
    return this.memory.name;
  }
}

interface Lists {
  readonly head: ListHead<Item>;
  readonly other: ListHead<Item>;
  readonly a: Item;
  readonly b: Item;
  readonly c: Item;
}

interface After {
  readonly verdict: string;
  readonly result: unknown;
  readonly head: readonly string[];
  readonly other: readonly string[];
}

/** Lets one thread work on a list of a and b, beside an empty one; c is on no list. */
function work(body: (cpu: Cpu, lists: Lists) => Path<unknown>): After {
  let lists: Lists | undefined;
  let result: unknown;
  const verdict = sentenceOf((m) => {
    const [a, b, c] = [m.object(Item, 'a'), m.object(Item, 'b'), m.object(Item, 'c')];
    const [head, other] = [m.list<Item>('head'), m.list<Item>('other')];
    m.settleTail(a.node, head);
    m.settleTail(b.node, head);
    const made = { head, other, a, b, c };
    lists = made;
    return {
      actors: {
        *worker(cpu) {
          result = yield* body(cpu, made);
        },
      },
      properties: [
        always('the lists are sound', () => head.peekDefect() ?? other.peekDefect() ?? true),
      ],
    };
  });
  const names = (list: ListHead<Item> | undefined): string[] =>
    list === undefined || verdict !== fine ? [] : list.peekAll().map(({ name }) => name);
  return { verdict, result, head: names(lists?.head), other: names(lists?.other) };
}

describe('a list', () => {
  it('tells its first, the next and whether it is empty', () => {
    const { result } = work(function* (cpu, { head, other, a, b, c }) {
      return [
        yield* cpu.list_first(head),
        yield* cpu.list_next(a.node, head),
        yield* cpu.list_next(b.node, head),
        yield* cpu.list_first(other),
        yield* cpu.list_empty(head),
        yield* cpu.list_empty(other),
        yield* cpu.list_empty(a.node),
        yield* cpu.list_empty(c.node),
      ].map((found) => (found instanceof Item ? found.name : found));
    });
    expect(result).toEqual(['a', 'b', undefined, undefined, false, true, false, true]);
  });

  it('takes a node in at its head or at its tail', () => {
    expect(work((cpu, { head, c }) => once(cpu.list_add(c.node, head))).head).toEqual([
      'c',
      'a',
      'b',
    ]);
    expect(work((cpu, { head, c }) => once(cpu.list_add_tail(c.node, head))).head).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('lets a node go, which is empty afterwards', () => {
    const after = work(function* (cpu, { a }) {
      yield* cpu.list_del_init(a.node);
      return yield* cpu.list_empty(a.node);
    });
    expect(after).toEqual({ verdict: fine, result: true, head: ['b'], other: [] });
  });

  it('lets a node go to the head or the tail of another list', () => {
    const moved = work(function* (cpu, { other, a, b }) {
      yield* cpu.list_move(a.node, other);
      yield* cpu.list_move(b.node, other);
    });
    expect([moved.head, moved.other]).toEqual([[], ['b', 'a']]);
    const movedToTail = work(function* (cpu, { other, a, b }) {
      yield* cpu.list_move_tail(a.node, other);
      yield* cpu.list_move_tail(b.node, other);
    });
    expect([movedToTail.head, movedToTail.other]).toEqual([[], ['a', 'b']]);
  });

  it('gives all of itself to the tail of another list, in order', () => {
    const after = work(function* (cpu, { head, other, c }) {
      yield* cpu.list_add(c.node, other);
      yield* cpu.list_splice_tail_init(head, other);
      return yield* cpu.list_empty(head);
    });
    expect(after).toEqual({ verdict: fine, result: true, head: [], other: ['c', 'a', 'b'] });
  });

  it('gives nothing when it is empty', () => {
    const after = work((cpu, { head, other }) => once(cpu.list_splice_tail_init(other, head)));
    expect(after).toMatchObject({ verdict: fine, head: ['a', 'b'], other: [] });
  });

  it('never shows a node that is moved as empty, in any schedule', () => {
    const { looks } = everySchedule((m) => {
      const [a, head, other] = [m.object(Item, 'a'), m.list<Item>('head'), m.list<Item>('other')];
      m.settleTail(a.node, head);
      const seen = m.cell('seen', false);
      return {
        actors: {
          *mover(cpu) {
            yield* cpu.list_move_tail(a.node, other);
            yield* cpu.list_move(a.node, head);
          },
          *looker(cpu) {
            yield* cpu.write(seen, yield* cpu.list_empty(a.node));
          },
        },
        look: () => seen.peek(),
      };
    });
    expect(looks).toEqual([false]);
  });
});

describe('poison', () => {
  it('in a deleted node stops who deletes it again', () => {
    const { verdict } = work(function* (cpu, { a }) {
      yield* cpu.list_del(a.node);
      yield* cpu.list_del(a.node);
    });
    expect(verdict).toBe(
      'list_del() followed the poison in a.node.next: it was deleted before (thread worker)',
    );
  });

  it('in a deleted node stops who walks on from it', () => {
    const { verdict } = work(function* (cpu, { head, a }) {
      yield* cpu.list_del(a.node);
      yield* cpu.list_next(a.node, head);
    });
    expect(verdict).toBe(
      'list_next_entry() followed the poison in a.node.next: it was deleted before (thread worker)',
    );
  });

  it('is gone once the deleted node is put on a list', () => {
    const after = work(function* (cpu, { head, a, other }) {
      yield* cpu.list_del(a.node);
      yield* cpu.list_add(a.node, other);
      return (yield* cpu.list_first(head))?.name;
    });
    expect(after).toEqual({ verdict: fine, result: 'b', head: ['b'], other: ['a'] });
  });

  it('leaves the list of the deleted node sound', () => {
    expect(work((cpu, { a }) => once(cpu.list_del(a.node)))).toMatchObject({
      verdict: fine,
      head: ['b'],
    });
  });
});

describe('a node on two lists', () => {
  it('is a defect of the list that it was on before', () => {
    const { verdict } = work((cpu, { other, a }) => once(cpu.list_add_tail(a.node, other)));
    expect(verdict).toBe(
      'the lists are sound: on head, a.node follows head, but its prev is other',
    );
    expect(work((cpu, { head, a }) => once(cpu.list_add_tail(a.node, head))).verdict).toBe(
      'the lists are sound: on head, a.node follows head, but its prev is b.node',
    );
  });

  it('is a defect of the list that it is still on when it is deleted from the other one', () => {
    const defects: unknown[] = [];
    executionOf((m) => {
      const [a, head, other] = [m.object(Item, 'a'), m.list<Item>('head'), m.list<Item>('other')];
      m.settleTail(a.node, head);
      return {
        actors: {
          *worker(cpu) {
            yield* cpu.list_add(a.node, other);
            yield* cpu.list_del(a.node);
            defects.push(head.peekDefect(), other.peekDefect());
            expect(() => head.peekAll()).toThrow('head does not come back to its head');
          },
        },
      };
    }).run();
    expect(defects).toEqual([
      'on head, a.node follows head, but its prev is LIST_POISON',
      undefined,
    ]);
  });
});

describe('freed memory', () => {
  it.each<readonly [string, (cpu: Cpu, lists: Lists) => Path<unknown>]>([
    ['list_empty() on a.node.next', (cpu, { a }) => once(cpu.list_empty(a.node))],
    ['list_first_entry_or_null() on a.node.next', (cpu, { head }) => once(cpu.list_first(head))],
    ['list_next_entry() on a.node.next', (cpu, { head, a }) => once(cpu.list_next(a.node, head))],
    ['list_del() on a.node.next', (cpu, { a }) => once(cpu.list_del(a.node))],
    ['list_del() on a.node.next', (cpu, { b }) => once(cpu.list_del(b.node))],
    ['list_add() on a.node.next', (cpu, { a, other }) => once(cpu.list_add(a.node, other))],
    ['list_add() on a.node.next', (cpu, { c, head }) => once(cpu.list_add(c.node, head))],
    [
      'list_move_tail() on a.node.next',
      (cpu, { b, other }) => once(cpu.list_move_tail(b.node, other)),
    ],
    [
      'list_splice_tail_init() on a.node.next',
      (cpu, { head, other }) => once(cpu.list_splice_tail_init(head, other)),
    ],
  ])('is found where a list leads there: %s', (access, body) => {
    let freed: Lists | undefined;
    const verdict = sentenceOf((m) => {
      const [a, b, c] = [m.object(Item, 'a'), m.object(Item, 'b'), m.object(Item, 'c')];
      const [head, other] = [m.list<Item>('head'), m.list<Item>('other')];
      m.settleTail(a.node, head);
      m.settleTail(b.node, head);
      const lists = (freed = { head, other, a, b, c });
      return {
        actors: {
          *worker(cpu) {
            yield* cpu.kfree(a);
            yield* body(cpu, lists);
          },
        },
      };
    });
    expect(freed?.a.memory.peekFreed()).toBe(true);
    expect(verdict).toBe(`use after free: ${access} (thread worker)`);
  });

  it('that has a circle beside its head is not walked for ever', () => {
    executionOf((m) => {
      const head = m.list<Item>('head');
      const items = ['a', 'b', 'c', 'd'].map((name) => m.object(Item, name));
      for (const { node } of items) m.settleTail(node, head);
      return {
        actors: {
          *worker(cpu) {
            const [, second, , last] = items as [Item, Item, Item, Item];
            yield* cpu.write(last.node.next, second.node);
            expect(() => head.peekAll()).toThrow('head does not come back to its head');
            expect(head.peekDefect()).toBe(
              'on head, b.node follows d.node, but its prev is a.node',
            );
          },
        },
      };
    }).run();
  });
});

/** A path of one step. */
function* once<R>(step: Step<R>): Path<R> {
  return yield* step;
}
