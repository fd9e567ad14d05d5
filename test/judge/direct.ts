// A second meaning of a part of the language, without the machine: cells, mutexes, spinlocks, control, helpers, threads.
// States are plain data, and all of them are visited. It judges the interpreter, the machine and the enumerator, which
// everything else is judged by.
import type { Engine } from './engine.js';
import {
  type Block,
  type CallForm,
  type CellName,
  everyStatement,
  type LockName,
  type ProgramText,
  type Statement,
  type Value,
} from './language.js';

type ExclusiveName = Exclude<LockName, 'rw' | 'sem'>;
const exclusive: readonly LockName[] = ['m', 'n', 's', 't'];

/** What a path remembers. */
interface Knowledge {
  readonly a: number;
  readonly pushed: readonly number[];
  readonly box: number;
}

/** What is still to be done: statements, and the ends of what has begun. */
type Task =
  | Statement
  | { readonly do: 'store'; readonly cell: CellName }
  | { readonly do: 'release'; readonly lock: ExclusiveName }
  | { readonly do: 'return'; readonly form: CallForm; readonly to: Knowledge }
  | { readonly do: 'join'; readonly child: string };

const unseenKinds = ['emit', 'WARN_ON', 'BUG_ON', 'if', 'repeat', 'call', 'return'] as const;
const lockKinds = ['lock', 'trylock', 'take', 'unlock', 'release'] as const;
const stepKinds = [
  ...(['read', 'write', 'increment', 'store', 'fetch_add', 'xchg', 'cmpxchg'] as const),
  ...(['spawn', 'join'] as const),
] as const;

function isOneOf<K extends Task['do']>(
  task: Task,
  kinds: readonly K[],
): task is Extract<Task, { readonly do: K }> {
  return (kinds as readonly Task['do'][]).includes(task.do);
}

interface Fiber {
  readonly name: string;
  readonly tasks: readonly Task[];
  readonly knows: Knowledge;
  readonly children: number;
  /** Why it never goes on. */
  readonly stopped: string | undefined;
}

interface State {
  readonly cells: Readonly<Record<CellName, number>>;
  readonly holders: Readonly<Partial<Record<ExclusiveName, string>>>;
  readonly fibers: readonly Fiber[];
}

const known = new Set<Task['do']>([...unseenKinds, ...lockKinds, ...stepKinds]);

/** Whether the program has a meaning here. */
export function isDirect({ threads }: ProgramText): boolean {
  return threads.every((block) =>
    [...everyStatement(block)].every(
      (statement) =>
        known.has(statement.do) && (!('lock' in statement) || exclusive.includes(statement.lock)),
    ),
  );
}

/** Every state in which the program can end, with as much as this model knows of it, line by line. */
export function directEnds(text: ProgramText): Set<string> {
  const start: State = {
    cells: { x: 0, y: 0, z: 0 },
    holders: {},
    fibers: text.threads.map((block, t) => settled(newFiber(`t${String(t)}`, block))),
  };
  const seen = new Set<string>();
  const ends = new Set<string>();
  const open = [start];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const key = JSON.stringify(state);
    if (seen.has(key)) continue;
    seen.add(key);
    const here = state;
    const able = here.fibers.filter((fiber) => isAble(fiber, here));
    if (able.length === 0) ends.add(endText(here));
    for (const fiber of able) open.push(step(fiber, here));
  }
  return ends;
}

function newFiber(name: string, tasks: Block): Fiber {
  const knows = { a: 0, pushed: [], box: 0 };
  return { name, tasks, knows, children: 0, stopped: undefined };
}

function isAble({ tasks: [task], stopped }: Fiber, { holders, fibers }: State): boolean {
  if (task === undefined || stopped !== undefined) return false;
  if (task.do === 'lock' || task.do === 'take') {
    return holders[task.lock as ExclusiveName] === undefined;
  }
  if (task.do !== 'join') return true;
  const child = fibers.find(({ name }) => name === task.child);
  return child?.tasks.length === 0 && child.stopped === undefined;
}

// --- What is no step ------------------------------------------------------------------------------------------

/** The fiber before its next step. */
function settled(fiber: Fiber): Fiber {
  let now = fiber;
  for (;;) {
    const next = unseen(now);
    if (next === undefined) return now;
    now = next;
  }
}

/** What comes after the first task if that is no step. */
function unseen(fiber: Fiber): Fiber | undefined {
  const [task, ...rest] = fiber.tasks;
  if (task === undefined || fiber.stopped !== undefined) return undefined;
  if (!isOneOf(task, unseenKinds)) return undefined;
  const { knows } = fiber;
  switch (task.do) {
    case 'emit':
    case 'WARN_ON':
      return { ...fiber, tasks: rest };
    case 'BUG_ON':
      return knows.a === task.is ? { ...fiber, stopped: 'halt ' } : { ...fiber, tasks: rest };
    case 'if':
      return { ...fiber, tasks: [...(knows.a === task.is ? task.then : task.otherwise), ...rest] };
    case 'repeat': {
      const rounds = Array.from({ length: task.times }, () => task.body);
      return { ...fiber, tasks: [...rounds.flat(), ...rest] };
    }
    case 'call': {
      const inside = { a: valueOf(task.argument, knows), pushed: [], box: 0 };
      const end: Task = { do: 'return', form: task.form, to: knows };
      return { ...fiber, knows: inside, tasks: [...task.body, end, ...rest] };
    }
    case 'return':
      return { ...fiber, knows: returned(task.form, task.to, knows.a), tasks: rest };
  }
}

function valueOf(value: Value, { a, pushed, box }: Knowledge): number {
  if (value === 'a') return a;
  return value === 'leaked' ? pushed.reduce((sum, n) => sum + n, box) : value;
}

function returned(form: CallForm, caller: Knowledge, a: number): Knowledge {
  switch (form) {
    case 'ignored':
      return caller;
    case 'returns':
    case 'tuple':
      return { ...caller, a };
    case 'pushes':
      return { ...caller, pushed: [...caller.pushed, a] };
    case 'mutates':
      return { ...caller, box: caller.box + a };
  }
}

// --- Steps ----------------------------------------------------------------------------------------------------

/** What a step changes; what it does not name stays. */
interface Change {
  readonly cells?: Partial<State['cells']>;
  readonly holders?: Readonly<Record<string, string | undefined>>;
  readonly a?: number;
  /** To be done before the rest. */
  readonly first?: readonly Task[];
  readonly child?: Fiber;
  readonly stopped?: string;
}

function step(fiber: Fiber, state: State): State {
  const [task, ...rest] = fiber.tasks;
  if (task === undefined) return state;
  const change = changeOf(task, fiber, state);
  const { a = fiber.knows.a, first = [], child, stopped } = change;
  const next = settled({
    ...fiber,
    knows: { ...fiber.knows, a },
    tasks: stopped === undefined ? [...first, ...rest] : fiber.tasks,
    children: fiber.children + (child === undefined ? 0 : 1),
    stopped,
  });
  const others = state.fibers.map((other) => (other === fiber ? next : other));
  return {
    cells: { ...state.cells, ...change.cells },
    holders: { ...state.holders, ...change.holders },
    fibers: child === undefined ? others : sorted([...others, settled(child)]),
  };
}

/** Threads that were made in another order are the same. */
function sorted(fibers: readonly Fiber[]): Fiber[] {
  return [...fibers].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function changeOf(task: Task, fiber: Fiber, state: State): Change {
  const { name, knows } = fiber;
  if (isOneOf(task, lockKinds)) return lockChange(task, name, state);
  if (!isOneOf(task, stepKinds)) throw new Error(`${task.do} is no step`);
  switch (task.do) {
    case 'read':
      return { a: state.cells[task.cell] };
    case 'write':
      return { cells: { [task.cell]: valueOf(task.value, knows) } };
    case 'increment':
      return { a: state.cells[task.cell], first: [{ do: 'store', cell: task.cell }] };
    case 'store':
      return { cells: { [task.cell]: knows.a + 1 } };
    case 'fetch_add':
      return {
        a: state.cells[task.cell],
        cells: { [task.cell]: state.cells[task.cell] + task.n },
      };
    case 'xchg':
      return { a: state.cells[task.cell], cells: { [task.cell]: valueOf(task.value, knows) } };
    case 'cmpxchg': {
      const old = state.cells[task.cell];
      const now = old === task.expected ? valueOf(task.value, knows) : old;
      return { a: old, cells: { [task.cell]: now } };
    }
    case 'spawn': {
      const suffix = fiber.children === 0 ? '' : `#${String(fiber.children + 1)}`;
      const child = newFiber(`${name}/child${suffix}`, task.body);
      const join: Task[] = task.join ? [{ do: 'join', child: child.name }] : [];
      return { child, first: [...task.meanwhile, ...join] };
    }
    case 'join': {
      const child = state.fibers.find((other) => other.name === task.child);
      return { a: resultOf(child?.knows ?? knows).length % 3 };
    }
  }
}

type LockTask = Extract<Task, { readonly do: (typeof lockKinds)[number] }>;

function lockChange(task: LockTask, name: string, { holders }: State): Change {
  switch (task.do) {
    case 'take':
      return { holders: { [task.lock]: name } };
    case 'lock': {
      const lock = task.lock as ExclusiveName;
      return { holders: { [lock]: name }, first: [...task.body, { do: 'release', lock }] };
    }
    case 'trylock': {
      const lock = task.lock as ExclusiveName;
      if (holders[lock] !== undefined) return { first: task.otherwise };
      return { holders: { [lock]: name }, first: [...task.body, { do: 'release', lock }] };
    }
    case 'release':
    case 'unlock': {
      const lock = task.lock as ExclusiveName;
      if (holders[lock] === name) return { holders: { [lock]: undefined } };
      return { stopped: `${kindOf(lock)}_unlock ${lock}` };
    }
  }
}

const kindOf = (lock: LockName): string => (lock === 'm' || lock === 'n' ? 'mutex' : 'spin');

// --- Ends -----------------------------------------------------------------------------------------------------

function resultOf({ a, pushed, box }: Knowledge): string {
  return `a=${String(a)} pushed=${pushed.join()} box=${String(box)}`;
}

function endText({ cells, holders, fibers }: State): string {
  return [
    ...Object.entries(cells).map(([name, value]) => `${name}=${String(value)}`),
    ...exclusive.map((lock) => {
      const holder = holders[lock as ExclusiveName];
      return `${lock}: ${holder === undefined ? '' : `${holder} for writing`}`;
    }),
    ...fibers.map(fiberText),
  ]
    .sort()
    .join('\n');
}

function fiberText({ name, tasks: [task], knows, stopped }: Fiber): string {
  if (stopped !== undefined) return `${name}: stopped in ${stopped}`;
  if (task === undefined) return `${name}: ${resultOf(knows)}`;
  if (task.do === 'join') return `${name}: waits in join ${task.child}`;
  const lock = 'lock' in task ? task.lock : 'm';
  return `${name}: waits in ${kindOf(lock)}_lock ${lock}`;
}

/** The lines of an end state that are about what is known here. */
function linesKnown(end: string): string {
  const lines = end.split('\n').filter((line) => /^([xyz]=|[mnst]: |t\d)/.test(line));
  return lines.sort().join('\n');
}

/** What the language means, said twice. */
export const directly: Engine = {
  name: 'direct',
  disagreements: ({ text, reference }) => {
    if (!isDirect(text)) return [];
    const mine = directEnds(text);
    const machines = new Set([...reference.endStates].map(linesKnown));
    const missing = [...mine].filter((end) => !machines.has(end));
    const wrong = [...machines].filter((end) => !mine.has(end));
    return [
      ...missing.slice(0, 1).map((end) => `the machine never ends so:\n${end}`),
      ...wrong.slice(0, 1).map((end) => `no end of the program:\n${end}`),
    ];
  },
};
