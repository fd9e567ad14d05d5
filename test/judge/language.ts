// A small language of concurrent programs, as plain data, so that a program can be generated, shrunk and printed. Every
// program means something, whatever is left out of it. What it means is in interpret.ts.

/** Cells that hold numbers, all 0 at first. */
export const cellNames = ['x', 'y', 'z'] as const;
export type CellName = (typeof cellNames)[number];

/** Cells that hold an allocated object or null, all null at first. */
export const pointerNames = ['p', 'q'] as const;
export type PointerName = (typeof pointerNames)[number];

/** Two mutexes, two spinlocks, a rwlock and an rwsem. */
export const lockNames = ['m', 'n', 's', 't', 'rw', 'sem'] as const;
export type LockName = (typeof lockNames)[number];

/** Objects that can be on the list `L`; the first is on it from the start. */
export const nodeNames = ['n1', 'n2'] as const;
export type NodeName = (typeof nodeNames)[number];

/**
 * A number, or what the path remembers: `a` is what it learnt last, `leaked` is what helpers have left in the array and
 * the object that they were given.
 */
export type Value = number | 'a' | 'leaked';

export type Block = readonly Statement[];

type Mode = 'read' | 'write';

/** How a helper, which is a named path, is called. Its body begins with `a` being the argument. */
export type CallForm =
  /** Its result is thrown away. */
  | 'ignored'
  /** It returns its `a`. */
  | 'returns'
  /** It takes and returns a frozen tuple. */
  | 'tuple'
  /** It pushes its `a` to an array of the caller. */
  | 'pushes'
  /** It adds its `a` to a field of an object of the caller. */
  | 'mutates';

export type Statement =
  // Cells. What is read is `a` afterwards.
  | { readonly do: 'read'; readonly cell: CellName }
  | { readonly do: 'write'; readonly cell: CellName; readonly value: Value }
  /** A read and a write: two steps. */
  | { readonly do: 'increment'; readonly cell: CellName }
  | { readonly do: 'fetch_add'; readonly cell: CellName; readonly n: number }
  | { readonly do: 'xchg'; readonly cell: CellName; readonly value: Value }
  | {
      readonly do: 'cmpxchg';
      readonly cell: CellName;
      readonly expected: number;
      readonly value: Value;
    }
  // Control: no steps of their own.
  | { readonly do: 'if'; readonly is: number; readonly then: Block; readonly otherwise: Block }
  | { readonly do: 'repeat'; readonly times: number; readonly body: Block }
  | {
      readonly do: 'call';
      readonly form: CallForm;
      readonly argument: Value;
      readonly body: Block;
    }
  // Locks.
  | { readonly do: 'lock'; readonly lock: LockName; readonly mode: Mode; readonly body: Block }
  | {
      readonly do: 'trylock';
      readonly lock: LockName;
      readonly mode: Mode;
      readonly body: Block;
      readonly otherwise: Block;
    }
  /** down_write(sem), the body, downgrade_write(sem), what is after it, up_read(sem). */
  | { readonly do: 'downgrade'; readonly body: Block; readonly after: Block }
  /** Takes a lock for good. */
  | { readonly do: 'take'; readonly lock: LockName; readonly mode: Mode }
  /** Gives up what it may not have. */
  | { readonly do: 'unlock'; readonly lock: LockName; readonly mode: Mode }
  // Waiting, on the one wait queue and the one completion.
  | {
      readonly do: 'wait_event';
      readonly cell: CellName;
      readonly is: number;
      readonly exclusive: boolean;
    }
  /** Looks, queues and sleeps: a wake-up in between is lost. */
  | { readonly do: 'sleep'; readonly cell: CellName; readonly is: number }
  | { readonly do: 'wake_up'; readonly all: boolean }
  | { readonly do: 'wait_for_completion' }
  | { readonly do: 'try_wait_for_completion' }
  | { readonly do: 'complete'; readonly all: boolean }
  /** Goes round until the cell has the value: a livelock where it never will. */
  | { readonly do: 'spin'; readonly cell: CellName; readonly is: number }
  // Threads: the maker goes on with `meanwhile`, and then waits or not. What it waits for is `a`.
  | {
      readonly do: 'spawn';
      readonly body: Block;
      readonly meanwhile: Block;
      readonly join: boolean;
    }
  // Memory.
  | { readonly do: 'kmalloc'; readonly pointer: PointerName; readonly value: Value }
  | { readonly do: 'kfree'; readonly pointer: PointerName; readonly clear: boolean }
  /** Reads the pointer and then what it points to, or writes there. */
  | { readonly do: 'follow'; readonly pointer: PointerName; readonly write: boolean }
  // The list.
  | { readonly do: 'list_add'; readonly node: NodeName; readonly tail: boolean }
  | { readonly do: 'list_del'; readonly node: NodeName; readonly init: boolean }
  | { readonly do: 'list_first' }
  // Telling.
  | { readonly do: 'emit'; readonly value: Value }
  | { readonly do: 'BUG_ON'; readonly is: number }
  | { readonly do: 'WARN_ON'; readonly is: number };

export type Do = Statement['do'];

/** What must hold, and when. All hold of the initial state. */
export type PropertyText =
  /** Never is the first cell 1 and the second one 1. */
  | { readonly holds: 'always'; readonly cells: readonly [CellName, CellName] }
  /** The list is sound, and the node is not on it while the cell is 2. */
  | { readonly holds: 'always of the list'; readonly cell: CellName; readonly node: NodeName }
  /** Two cells are equal whenever nobody holds the lock for writing. */
  | {
      readonly holds: 'whenever free';
      readonly lock: LockName;
      readonly cells: readonly [CellName, CellName];
    }
  | { readonly holds: 'at end'; readonly cell: CellName; readonly isNot: number }
  /** What is said is not what the cell holds. */
  | { readonly holds: 'at event'; readonly cell: CellName }
  /** A monitor: the second cell is not changed for the first time after the first one was. */
  | { readonly holds: 'in order'; readonly cells: readonly [CellName, CellName] }
  /** A monitor: once the cell was 1, nothing is said. */
  | { readonly holds: 'silence after'; readonly cell: CellName }
  /** A monitor: it is not said exactly so often. */
  | { readonly holds: 'not said'; readonly times: number }
  /** A monitor: when the lock is free, the cell is seen to have changed at most once. */
  | { readonly holds: 'changes once'; readonly lock: LockName; readonly cell: CellName };

export type Holds = PropertyText['holds'];

export interface ProgramText {
  /** 2 to 4 threads that exist from the start. */
  readonly threads: readonly Block[];
  readonly properties: readonly PropertyText[];
  readonly rwlock: 'reader-preferring' | 'queued';
  readonly rwsem: 'fifo' | 'stealing' | 'reader-preferring';
  /** How many allocations of one execution may fail. */
  readonly faults: number;
}

/** The fields of statements that hold blocks, in the order in which they are written. */
const blockFields = ['then', 'body', 'otherwise', 'after', 'meanwhile'] as const;

type BlockField = (typeof blockFields)[number];

/** The blocks of a statement, in the order in which they are written. */
export function blocksOf(statement: Statement): readonly Block[] {
  const parts = statement as Readonly<Partial<Record<BlockField, Block>>>;
  return blockFields.flatMap((field) => {
    const block = parts[field];
    return block === undefined ? [] : [block];
  });
}

/** The same statement with other blocks, as many as it has. */
export function withBlocks(statement: Statement, blocks: readonly Block[]): Statement {
  const fields = blockFields.filter((field) => field in statement);
  const changed = fields.map((field, n) => [field, blocks[n] ?? []] as const);
  return { ...statement, ...Object.fromEntries(changed) };
}

/** Every statement of a block, at any depth. */
export function* everyStatement(block: Block): Generator<Statement, void, void> {
  for (const statement of block) {
    yield statement;
    for (const inner of blocksOf(statement)) yield* everyStatement(inner);
  }
}
