// What there is in every program of the language: cells, locks, a wait queue, a completion, a list, an event.
import type {
  Allocated,
  Cell,
  Completion,
  ListHead,
  Machine,
  MachineEvent,
  Memory,
  Mutex,
  Rwlock,
  Rwsem,
  Spinlock,
  WaitQueue,
} from '../../src/machine/index.js';
import type { CellName, LockName, NodeName, PointerName, ProgramText } from './language.js';

/** What paths allocate, and what is on the list. */
export class Thing implements Allocated {
  readonly memory: Memory;
  readonly value: Cell<number>;
  readonly node: ListHead<Thing>;

  constructor(memory: Memory) {
    this.memory = memory;
    this.value = memory.cell('value', 0);
    this.node = memory.list<Thing>('node', this);
  }
}

export interface World {
  readonly machine: Machine;
  readonly cells: Readonly<Record<CellName, Cell<number>>>;
  readonly pointers: Readonly<Record<PointerName, Cell<Thing | null>>>;
  readonly mutexes: Readonly<Record<'m' | 'n', Mutex>>;
  readonly spinlocks: Readonly<Record<'s' | 't', Spinlock>>;
  readonly rw: Rwlock;
  readonly sem: Rwsem;
  readonly locks: Readonly<Record<LockName, Mutex | Spinlock | Rwlock | Rwsem>>;
  readonly queue: WaitQueue;
  readonly done: Completion;
  readonly list: ListHead<Thing>;
  readonly nodes: Readonly<Record<NodeName, Thing>>;
  readonly said: MachineEvent<number>;
}

/** Sets up the machine of a program. */
export function makeWorld(machine: Machine, { rwlock, rwsem }: ProgramText): World {
  const mutexes = { m: machine.mutex('m'), n: machine.mutex('n') };
  const spinlocks = { s: machine.spinlock('s'), t: machine.spinlock('t') };
  const rw = machine.rwlock('rw', rwlock);
  const sem = machine.rwsem('sem', rwsem);
  const list = machine.list<Thing>('L');
  const nodes = { n1: machine.object(Thing, 'n1'), n2: machine.object(Thing, 'n2') };
  machine.settle(nodes.n1.value, 1);
  machine.settle(nodes.n2.value, 2);
  machine.settleTail(nodes.n1.node, list);
  return {
    machine,
    cells: { x: machine.cell('x', 0), y: machine.cell('y', 0), z: machine.cell('z', 0) },
    pointers: {
      p: machine.cell<Thing | null>('p', null),
      q: machine.cell<Thing | null>('q', null),
    },
    mutexes,
    spinlocks,
    rw,
    sem,
    locks: { ...mutexes, ...spinlocks, rw, sem },
    queue: machine.waitqueue('queue'),
    done: machine.completion('done'),
    list,
    nodes,
    said: machine.event<number>('said'),
  };
}
