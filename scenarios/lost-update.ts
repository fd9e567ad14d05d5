// The smallest race there is, on a plain machine: a first example for a model of one's own.
import { atEnd } from '../src/machine/index.js';
import { scenario } from './scenario.js';

export const lostUpdate = scenario({
  name: 'lost-update',
  about: 'Two threads add 1 to a counter without a lock, and one of the updates is lost.',
  setup: (m) => ({ x: m.cell('x', 0) }),
  actors: ({ x }) => ({
    *a(cpu) {
      const seen = yield* cpu.read(x);
      yield* cpu.write(x, seen + 1);
    },
    *b(cpu) {
      const seen = yield* cpu.read(x);
      yield* cpu.write(x, seen + 1);
    },
  }),
  properties: ({ x }) => [
    atEnd('both updates count', () => x.peek() === 2 || `x is ${String(x.peek())}`),
  ],
  outcome: ({ x }) => ({ x: x.peek() }),
});
