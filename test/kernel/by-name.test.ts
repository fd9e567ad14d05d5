// Objects in the order of their names, however many there are.
import { expect, it } from 'vitest';
import { ByName } from '../../src/kernel/by-name.js';

it('shows each object once, in the order of names and not of arrival', () => {
  const objects = new ByName<{ name: string }>();
  const [b, a, c] = [{ name: 'b' }, { name: 'a' }, { name: 'c' }];
  expect([objects.add(b), objects.add(a), objects.add(b)]).toEqual([true, true, false]);
  expect(objects.all).toEqual([a, b]);
  objects.add(c);
  expect(objects.all).toEqual([a, b, c]);
});

it('compares no names while objects come, and n log n pairs when somebody looks', () => {
  let compared = 0;
  const objects = new ByName<{ readonly name: string }>();
  for (let n = 0; n < 10_000; n++) {
    const name = String((n * 7_919) % 10_000);
    objects.add({
      get name() {
        compared++;
        return name;
      },
    });
  }
  expect(compared).toBe(0);
  expect(objects.all).toHaveLength(10_000);
  expect(compared / 2).toBeLessThan(10_000 * 14);
});
