// struct ptr_heap, lib/prio_heap.c, v3.14: a heap of bounded size with the greatest on top, which gives way to a smaller
// one where there is no room. From memory of that file; css_scan_tasks() was its only user.

/** What is in a heap; the first is the greatest. */
export type PrioHeap<T> = readonly T[];

/**
 * heap_insert(): the heap with the element, and which element it has no room for, if any: the element itself where all
 * others are smaller.
 */
export function heap_insert<T>(
  heap: PrioHeap<T>,
  max: number,
  p: T,
  gt: (a: T, b: T) => boolean,
): readonly [heap: PrioHeap<T>, dropped: T | undefined] {
  if (heap.length < max) return [siftUp(heap, p, gt), undefined];
  const [top] = heap;
  if (top === undefined || gt(p, top)) return [heap, p];
  return [siftDown([p, ...heap.slice(1)], gt), top];
}

function siftUp<T>(heap: PrioHeap<T>, p: T, gt: (a: T, b: T) => boolean): PrioHeap<T> {
  const ptrs = [...heap, p];
  let pos = heap.length;
  while (pos > 0) {
    const parent = (pos - 1) >> 1;
    if (!gt(p, ptrs[parent] as T)) break;
    ptrs[pos] = ptrs[parent] as T;
    pos = parent;
  }
  ptrs[pos] = p;
  return ptrs;
}

function siftDown<T>(ptrs: T[], gt: (a: T, b: T) => boolean): PrioHeap<T> {
  let pos = 0;
  for (;;) {
    const [left, right] = [2 * pos + 1, 2 * pos + 2];
    let largest = pos;
    if (left < ptrs.length && gt(ptrs[left] as T, ptrs[largest] as T)) largest = left;
    if (right < ptrs.length && gt(ptrs[right] as T, ptrs[largest] as T)) largest = right;
    if (largest === pos) return ptrs;
    [ptrs[pos], ptrs[largest]] = [ptrs[largest] as T, ptrs[pos] as T];
    pos = largest;
  }
}
