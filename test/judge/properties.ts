// The properties of the language as properties of the machine.
import {
  always,
  atEnd,
  atEvent,
  type Broken,
  broken,
  monitor,
  onChange,
  onChangeWhenFree,
  onEnd,
  onEvent,
  type Property,
  wheneverFree,
} from '../../src/machine/index.js';
import type { PropertyText } from './language.js';
import type { World } from './world.js';

/** Names are unique, since a program may have several of one kind. */
export function propertyOf(text: PropertyText, index: number, world: World): Property {
  const { cells, locks, said } = world;
  const name = `${String(index)} ${text.holds}`;
  switch (text.holds) {
    case 'always': {
      const [first, second] = text.cells;
      return always(name, () => !(cells[first].peek() === 1 && cells[second].peek() === 1));
    }
    case 'always of the list':
      return always(name, () => {
        const { list, nodes } = world;
        const defect = list.peekDefect();
        if (defect !== undefined) return defect;
        return cells[text.cell].peek() !== 2 || nodes[text.node].node.peekEmpty();
      });
    case 'whenever free': {
      const [first, second] = text.cells;
      const lock = locks[text.lock];
      return wheneverFree(lock, name, () => cells[first].peek() === cells[second].peek());
    }
    case 'at end':
      return atEnd(name, () => cells[text.cell].peek() !== text.isNot);
    case 'at event':
      return atEvent(said, name, (value) => cells[text.cell].peek() !== value);
    case 'in order':
    case 'silence after':
    case 'not said':
    case 'changes once':
      return monitorOf(text, name, world);
  }
}

type MonitorText = Extract<
  PropertyText,
  { readonly holds: 'in order' | 'silence after' | 'not said' | 'changes once' }
>;

function monitorOf(text: MonitorText, name: string, { cells, locks, said }: World): Property {
  switch (text.holds) {
    case 'in order': {
      const [first, second] = text.cells.map((cell) => cells[cell]);
      return monitor<'new' | 'first' | 'second'>(
        name,
        'new',
        onChange((state: 'new' | 'first' | 'second') => {
          if (state === 'second') return state;
          if (second?.peek() !== 0) return state === 'first' ? broken('out of order') : 'second';
          return first?.peek() === 0 ? state : 'first';
        }),
      );
    }
    case 'silence after':
      return monitor<boolean>(
        name,
        false,
        onChange((state: boolean) => state || cells[text.cell].peek() === 1),
        onEvent(said, (state: boolean): boolean | Broken => (state ? broken('said') : state)),
      );
    case 'not said':
      return monitor<number>(
        name,
        0,
        onEvent(said, (count: number) => count + 1),
        onEnd((count: number): number | Broken => (count === text.times ? broken('said') : count)),
      );
    case 'changes once': {
      const cell = cells[text.cell];
      return monitor<readonly [number, number]>(
        name,
        [0, 0],
        onChangeWhenFree(locks[text.lock], (state: readonly [number, number]) => {
          const [changes, last] = state;
          const now = cell.peek();
          if (now === last) return state;
          return changes === 1 ? broken(`it is ${String(now)}`) : ([changes + 1, now] as const);
        }),
      );
    }
  }
}
