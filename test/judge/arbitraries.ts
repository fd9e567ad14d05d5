// Random programs of the language. Each has a theme, so that its threads have to do with each other; what is smaller is
// simpler. Sleeping in atomic context is left out, since it would be all that most programs come to.
import fc from 'fast-check';
import { fitted } from './fit.js';
import {
  type Block,
  cellNames,
  type CellName,
  type LockName,
  nodeNames,
  pointerNames,
  type ProgramText,
  type PropertyText,
  type Statement,
  type Value,
} from './language.js';

/** What most statements of a program are about. */
const themes = [
  'cells',
  'locks',
  'rwsem',
  'waiting',
  'completion',
  'threads',
  'memory',
  'list',
  'helpers',
  'everything',
] as const;
export type Theme = (typeof themes)[number];

/** Where a statement stands. */
interface Place {
  readonly theme: Theme;
  /** How many blocks deep statements may still be nested. */
  readonly depth: number;
  /** A spinlock or rwlock is held: nobody may sleep. */
  readonly atomic: boolean;
  /** What is done may be done again: there is no head of a loop in here. */
  readonly repeated: boolean;
}

type Choice = fc.WeightedArbitrary<Statement>;

const small = fc.integer({ min: 0, max: 2 });
/** Mostly two cells, so that threads meet. */
const cell: fc.Arbitrary<CellName> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...cellNames.slice(0, 2)) },
  { weight: 1, arbitrary: fc.constantFrom(...cellNames) },
);
const twoCells = fc.constantFrom<readonly [CellName, CellName]>(['x', 'y'], ['y', 'x'], ['y', 'z']);
const value: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 2 }) },
  { weight: 2, arbitrary: fc.constant('a' as const) },
  { weight: 1, arbitrary: fc.constant('leaked' as const) },
  { weight: 1, arbitrary: fc.constant(0) },
);
const mode = fc.constantFrom('write' as const, 'read' as const);
const node = fc.constantFrom(...nodeNames);
const pointer = fc.oneof(
  { weight: 4, arbitrary: fc.constant('p' as const) },
  { weight: 1, arbitrary: fc.constantFrom(...pointerNames) },
);

/** One kind of statement; what is not said is chosen by `parts`. */
function kind<K extends Statement['do']>(
  name: K,
  weight: number,
  parts: { readonly [P in Exclude<keyof Of<K>, 'do'>]: fc.Arbitrary<Of<K>[P]> },
): Choice {
  const arbitrary = fc.record({ do: fc.constant(name), ...parts }) as unknown as fc.Arbitrary<
    Of<K>
  >;
  return { weight, arbitrary };
}
type Of<K extends Statement['do']> = Extract<Statement, { readonly do: K }>;

/** Statements without others inside. */
function simple({ theme, atomic, repeated }: Place): Choice[] {
  const about = (...mine: readonly Theme[]): number =>
    mine.includes(theme) ? 6 : theme === 'everything' ? 2 : 0;
  const choices: Choice[] = [
    kind('read', 3, { cell }),
    kind('write', 4, { cell, value }),
    kind('increment', 2, { cell }),
    kind('fetch_add', 1 + about('cells') / 3, { cell, n: fc.constantFrom(1, 2) }),
    kind('xchg', about('cells') / 3, { cell, value }),
    kind('cmpxchg', about('cells') / 3, { cell, expected: small, value }),
    kind('emit', 1, { value }),
    kind('BUG_ON', 1, { is: fc.constantFrom(2, 1) }),
    kind('WARN_ON', 1, { is: fc.constantFrom(2, 1) }),
    kind('wake_up', about('waiting'), { all: fc.boolean() }),
    kind('try_wait_for_completion', about('completion') / 3, {}),
    kind('complete', about('completion'), { all: fc.boolean() }),
    kind('kmalloc', about('memory'), { pointer, value }),
    kind('kfree', about('memory'), { pointer, clear: fc.boolean() }),
    kind('follow', about('memory'), { pointer, write: fc.boolean() }),
    kind('list_add', about('list'), { node, tail: fc.boolean() }),
    kind('list_del', about('list'), { node, init: fc.boolean() }),
    kind('list_first', about('list'), {}),
    kind('unlock', about('locks', 'rwsem') / 12, { lock: lockOf(theme, atomic), mode }),
    kind('take', atomic ? 0 : about('locks', 'rwsem') / 12, { lock: kept, mode }),
  ];
  if (!repeated) choices.push(kind('spin', about('cells') / 4, { cell, is: small }));
  if (atomic) return choices;
  return [
    ...choices,
    kind('wait_event', about('waiting'), {
      cell,
      is: fc.constantFrom(1, 0, 2),
      exclusive: fc.boolean(),
    }),
    kind('sleep', about('waiting'), { cell, is: fc.constantFrom(1, 2) }),
    kind('wait_for_completion', about('completion'), {}),
  ];
}

/** What may be kept: with a spinlock the rest of the thread would have to be atomic. */
const kept = fc.constantFrom<LockName>('m', 'sem');
const spinning: readonly LockName[] = ['s', 't', 'rw'];
const sleeping: readonly LockName[] = ['m', 'n', 'sem'];

function lockOf(theme: Theme, atomic: boolean): fc.Arbitrary<LockName> {
  if (theme === 'rwsem' && !atomic) return fc.constant('sem' as const);
  return fc.constantFrom(...(atomic ? spinning : [...sleeping, ...spinning]));
}

/** Statements with others inside. */
function nesting(place: Place): Choice[] {
  const { theme, depth, atomic } = place;
  if (depth === 0) return [];
  const about = (...mine: readonly Theme[]): number =>
    mine.includes(theme) ? 8 : theme === 'everything' ? 2 : 0;
  const inside = { ...place, depth: depth - 1 };
  const body = blockOf(inside, 2);
  const maybe = blockOf(inside, 1, 0);
  return [
    kind('if', 3, { is: small, then: body, otherwise: maybe }),
    kind('repeat', 1, {
      times: fc.constant(2),
      body: blockOf({ ...inside, repeated: true }, 2),
    }),
    kind('call', 2 + about('helpers'), {
      form: fc.constantFrom('returns', 'ignored', 'tuple', 'pushes', 'mutates'),
      argument: value,
      body,
    }),
    ...lockingOf(place, inside),
    kind('spawn', about('threads'), {
      body,
      meanwhile: maybe,
      join: atomic ? fc.constant(false) : fc.boolean(),
    }),
  ];
}

function lockingOf({ theme, atomic }: Place, inside: Place): Choice[] {
  const weight = theme === 'locks' || theme === 'rwsem' ? 8 : 2;
  const under = (lock: LockName): Place => ({
    ...inside,
    atomic: atomic || spinning.includes(lock),
  });
  const locked = lockOf(theme, atomic).chain((lock) =>
    fc.record({
      do: fc.constant('lock' as const),
      lock: fc.constant(lock),
      mode,
      body: blockOf(under(lock), 2),
    }),
  );
  const tried = lockOf(theme, atomic).chain((lock) =>
    fc.record({
      do: fc.constant('trylock' as const),
      lock: fc.constant(lock),
      mode,
      body: blockOf(under(lock), 1),
      otherwise: blockOf(inside, 1, 0),
    }),
  );
  const choices: Choice[] = [
    { weight, arbitrary: locked },
    { weight: weight / 4, arbitrary: tried },
  ];
  if (atomic) return choices;
  const parts = { body: blockOf(inside, 1), after: blockOf(inside, 1, 0) };
  return [...choices, kind('downgrade', theme === 'rwsem' ? 2 : 0, parts)];
}

const blocks = new Map<string, fc.Arbitrary<Block>>();

function blockOf(place: Place, maxLength: number, minLength = 1): fc.Arbitrary<Block> {
  const key = JSON.stringify([place, maxLength, minLength]);
  let block = blocks.get(key);
  if (block === undefined) {
    const choices = [...simple(place), ...nesting(place)]
      .map(({ weight, arbitrary }) => ({ weight: Math.round(weight * 12), arbitrary }))
      .filter(({ weight }) => weight > 0);
    block = fc.array(fc.oneof(...choices), { minLength, maxLength });
    blocks.set(key, block);
  }
  return block;
}

function propertyOf(theme: Theme): fc.Arbitrary<PropertyText> {
  const lock = lockOf(theme, false);
  const all: fc.WeightedArbitrary<PropertyText>[] = [
    { weight: 3, arbitrary: fc.record({ holds: fc.constant('always'), cells: twoCells }) },
    {
      weight: 2,
      arbitrary: fc.record({ holds: fc.constant('whenever free'), lock, cells: twoCells }),
    },
    { weight: 2, arbitrary: fc.record({ holds: fc.constant('at end'), cell, isNot: nonzero }) },
    { weight: 1, arbitrary: fc.record({ holds: fc.constant('at event'), cell }) },
    { weight: 2, arbitrary: fc.record({ holds: fc.constant('in order'), cells: twoCells }) },
    { weight: 1, arbitrary: fc.record({ holds: fc.constant('silence after'), cell }) },
    { weight: 1, arbitrary: fc.record({ holds: fc.constant('not said'), times: nonzero }) },
    { weight: 1, arbitrary: fc.record({ holds: fc.constant('changes once'), lock, cell }) },
  ];
  if (theme === 'list') {
    const arbitrary = fc.record({ holds: fc.constant('always of the list'), cell, node });
    all.push({ weight: 6, arbitrary });
  }
  return fc.oneof(...all);
}
const nonzero = fc.constantFrom(1, 2);

/** Programs of a theme, small enough to be enumerated. */
export function programsAbout(theme: Theme): fc.Arbitrary<ProgramText> {
  const threads = fc.oneof(
    { weight: 5, arbitrary: threadsOf(theme, 2, 6) },
    { weight: 4, arbitrary: threadsOf(theme, 3, 4) },
    { weight: 1, arbitrary: threadsOf(theme, 4, 2) },
  );
  return fc
    .record({
      threads,
      properties: fc.array(propertyOf(theme), { maxLength: 2 }),
      rwlock: fc.constantFrom('reader-preferring' as const, 'queued' as const),
      rwsem: fc.constantFrom('fifo' as const, 'stealing' as const, 'reader-preferring' as const),
      faults: theme === 'memory' || theme === 'everything' ? fc.constantFrom(0, 1) : fc.constant(0),
    })
    .map(fitted);
}

function threadsOf(theme: Theme, count: number, length: number): fc.Arbitrary<Block[]> {
  const place = { theme, depth: 2, atomic: false, repeated: false };
  return fc.array(blockOf(place, length, Math.ceil(length / 3)), {
    minLength: count,
    maxLength: count,
  });
}

/** Programs of all themes. */
export function programs(): fc.Arbitrary<ProgramText> {
  return fc.oneof(
    ...themes.map((theme) => ({
      weight: theme === 'waiting' || theme === 'rwsem' ? 2 : 1,
      arbitrary: programsAbout(theme),
    })),
  );
}
