// The heap of css_scan_tasks(): it keeps the smallest, with the greatest of them first.
import { describe, expect, it } from 'vitest';
import { heap_insert, type PrioHeap } from '../../src/kernel/for-3.15/prio-heap.js';

const gt = (a: number, b: number): boolean => a > b;

/** What is left of the numbers, and what was dropped for each. */
function insertAll(numbers: readonly number[], max: number) {
  let heap: PrioHeap<number> = [];
  const dropped = numbers.map((n) => {
    const [next, lost] = heap_insert(heap, max, n, gt);
    heap = next;
    return lost;
  });
  return { heap, dropped };
}

describe('a heap', () => {
  it('has the greatest on top, whatever the order', () => {
    for (const numbers of [
      [1, 2, 3, 4],
      [4, 3, 2, 1],
      [2, 4, 1, 3],
    ]) {
      const { heap, dropped } = insertAll(numbers, 9);
      expect(heap[0]).toBe(4);
      expect([...heap].sort()).toEqual([1, 2, 3, 4]);
      expect(dropped).toEqual([undefined, undefined, undefined, undefined]);
    }
  });

  it('drops the greatest where it is full, be that the new one', () => {
    const { heap, dropped } = insertAll([5, 1, 4, 2, 9, 3], 3);
    expect(dropped).toEqual([undefined, undefined, undefined, 5, 9, 4]);
    expect(heap[0]).toBe(3);
    expect([...heap].sort()).toEqual([1, 2, 3]);
  });
});
