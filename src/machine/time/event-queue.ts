// The queue of a discrete-event simulation: which thread's event comes first. A heap with four children to a node in
// one typed array that grows, so that an event costs no allocation and a node's children lie side by side. Ties are
// the caller's: two events of one time come in the order of the numbers that he gives them.

/** A power of two above every thread's index: a tie and a thread share one number. */
const threadsRoom = 2 ** 20;
/** Numbers to a node: the time, then tie and thread. */
const width = 2;
const children = 4;
const roomAtFirst = 64;

export class EventQueue {
  /** How many events there are. */
  count = 0;
  #heap = new Float64Array(width * roomAtFirst);

  /** Forgets all events. */
  clear(): void {
    this.count = 0;
  }

  /** When the first event is due; there must be one. */
  get time(): number {
    return this.#heap[0] as number;
  }

  /** The tie of the first event. */
  get tie(): number {
    return Math.floor((this.#heap[1] as number) / threadsRoom);
  }

  /** Whose the first event is. */
  get thread(): number {
    return (this.#heap[1] as number) - this.tie * threadsRoom;
  }

  /** @param tie a whole number below 2^33: the smaller one comes first */
  add(time: number, tie: number, thread: number): void {
    const at = this.count++;
    if (width * this.count > this.#heap.length) this.#grow();
    this.#raise(at, time, tie, thread);
  }

  removeFirst(): void {
    const last = width * --this.count;
    const heap = this.#heap;
    if (last === 0) return;
    const order = heap[last + 1] as number;
    const tie = Math.floor(order / threadsRoom);
    this.#sink(heap[last] as number, tie, order - tie * threadsRoom);
  }

  /** The same as removeFirst() and add(), at half the price. */
  replaceFirst(time: number, tie: number, thread: number): void {
    this.#sink(time, tie, thread);
  }

  #grow(): void {
    const larger = new Float64Array(2 * this.#heap.length);
    larger.set(this.#heap);
    this.#heap = larger;
  }

  // Tie and thread come here apart: their sum is too large for a small integer, and V8 would allocate 16 bytes to pass
  // it wherever it does not inline the call, which on a busy machine is now and then.

  /** Puts an event where node `from` is free, or above it. */
  #raise(from: number, time: number, tie: number, thread: number): void {
    const order = tie * threadsRoom + thread;
    const heap = this.#heap;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const parentTime = heap[width * parent] as number;
      const parentOrder = heap[width * parent + 1] as number;
      if (parentTime < time || (parentTime === time && parentOrder <= order)) break;
      heap[width * at] = parentTime;
      heap[width * at + 1] = parentOrder;
      at = parent;
    }
    heap[width * at] = time;
    heap[width * at + 1] = order;
  }

  /** Puts an event where the first one was, or below it. */
  #sink(time: number, tie: number, thread: number): void {
    const order = tie * threadsRoom + thread;
    const heap = this.#heap;
    const end = width * this.count;
    let at = 0;
    for (;;) {
      let child = children * at + width;
      if (child >= end) break;
      let least = child;
      let leastTime = heap[child] as number;
      let leastOrder = heap[child + 1] as number;
      const stop = Math.min(child + children * width, end);
      for (child += width; child < stop; child += width) {
        const childTime = heap[child] as number;
        if (childTime > leastTime) continue;
        const childOrder = heap[child + 1] as number;
        if (childTime === leastTime && childOrder > leastOrder) continue;
        least = child;
        leastTime = childTime;
        leastOrder = childOrder;
      }
      if (time < leastTime || (time === leastTime && order <= leastOrder)) break;
      heap[at] = leastTime;
      heap[at + 1] = leastOrder;
      at = least;
    }
    heap[at] = time;
    heap[at + 1] = order;
  }
}
