import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../../src/machine/index.js';

interface Event {
  readonly time: number;
  readonly tie: number;
  readonly thread: number;
}

const events = fc.array(
  fc.record({
    time: fc.nat(20),
    tie: fc.oneof(fc.nat(3), fc.constant(2 ** 33 - 1)),
    thread: fc.nat(131_071),
  }),
  { maxLength: 300 },
);

const inOrder = (a: Event, b: Event): number =>
  a.time - b.time || a.tie - b.tie || a.thread - b.thread;

const first = ({ time, tie, thread }: EventQueue): Event => ({ time, tie, thread });

describe('an event queue', () => {
  it('gives its events by time, then tie, then thread', () => {
    fc.assert(
      fc.property(events, (all) => {
        const queue = new EventQueue();
        for (const { time, tie, thread } of all) queue.add(time, tie, thread);
        const taken = all.map(() => {
          const event = first(queue);
          queue.removeFirst();
          return event;
        });
        expect(taken).toEqual(all.toSorted(inOrder));
        expect(queue.count).toBe(0);
      }),
    );
  });

  it('exchanges its first event as if it were taken out and the other one put in', () => {
    fc.assert(
      fc.property(events, events, (all, others) => {
        fc.pre(all.length > 0);
        const queue = new EventQueue();
        for (const { time, tie, thread } of all) queue.add(time, tie, thread);
        let model = all.toSorted(inOrder);
        for (const other of others) {
          expect(first(queue)).toEqual(model[0]);
          queue.replaceFirst(other.time, other.tie, other.thread);
          model = [...model.slice(1), other].sort(inOrder);
        }
        expect([first(queue), queue.count]).toEqual([model[0], all.length]);
      }),
    );
  });

  it('is empty after it was cleared', () => {
    const queue = new EventQueue();
    queue.add(7, 0, 1);
    queue.clear();
    queue.add(9, 0, 2);
    expect([queue.count, queue.time, queue.thread]).toEqual([1, 9, 2]);
  });
});
