import { describe, expect, it } from 'vitest';
import { ThreadSet } from '../../src/machine/thread-set.js';

/** The set of some threads. */
function setOf(...threads: number[]): ThreadSet {
  const set = new ThreadSet();
  for (const thread of threads) set.add(thread);
  return set;
}

const far = 100_003;

describe('a set of threads', () => {
  it('grows with the highest thread in it, and gives its threads in order', () => {
    const set = setOf(far, 3, 129, 0, 3);
    expect([set.count, set.sorted()]).toEqual([4, [0, 3, 129, far]]);
    expect([0, 1, 2, 3].map((n) => set.at(n))).toEqual([0, 3, 129, far]);
    set.remove(129);
    expect([set.count, set.sorted(), set.has(129), set.has(far)]).toEqual([
      3,
      [0, 3, far],
      false,
      true,
    ]);
  });

  it('knows that nobody, and who is beyond its end, is not in it', () => {
    const set = setOf(1);
    expect([-1, 0, 31, 32, 4096, far].filter((thread) => set.has(thread))).toEqual([]);
    set.remove(far);
    expect(set.sorted()).toEqual([1]);
  });

  it('takes in and gives back sets that reach further than itself, and less far', () => {
    const set = setOf(1, 40);
    set.addAll(setOf(2, far));
    expect([set.count, set.sorted()]).toEqual([4, [1, 2, 40, far]]);
    set.removeAll(setOf(40, far, far + 1000));
    set.removeAll(setOf(2));
    expect([set.count, set.sorted()]).toEqual([1, [1]]);
  });

  it('prefers the given thread, then the next one in turn, from wherever that is asked', () => {
    const set = setOf(5, 700);
    expect([5, 4, 6, 701, far, -1].map((from) => set.preferred(from))).toEqual([
      5, 5, 700, 5, 5, 5,
    ]);
    expect(new ThreadSet().preferred(far)).toBe(-1);
  });

  it('is the first so many threads after it was filled, whoever was in it before', () => {
    const set = setOf(far);
    set.fill(70);
    expect([set.count, set.at(69), set.has(far)]).toEqual([70, 69, false]);
  });

  it('tells of each thread that comes into it, once, and of none that was there', () => {
    const arrived: number[] = [];
    const set = setOf(1, 2);
    set.arrivals = {
      arrived: (thread) => void arrived.push(thread),
      renewed: (thread, delay) => void arrived.push(-thread, delay),
    };
    set.add(2);
    set.add(40);
    set.addAll(setOf(1, 33, 40, 64));
    set.renew(7, 500);
    expect(arrived).toEqual([40, 33, 64, -7, 500]);
  });

  it('goes round', () => {
    const set = setOf(3, 64);
    expect([set.after(-1), set.after(3), set.after(64), set.after(40)]).toEqual([3, 64, 3, 64]);
    expect([setOf(5).after(5), setOf().after(5)]).toEqual([5, -1]);
  });

  it('writes its threads to a list, in order', () => {
    const list = new Int32Array(5).fill(-1);
    setOf(64, 3, 31, far).writeTo(list);
    expect([...list]).toEqual([3, 31, 64, far, -1]);
  });
});
