// What there is to leave out of a program: the locks that it takes and where, the second looks, and the references. It
// is what some executions come to; what none of them comes to is not in the table.
import {
  type Cell,
  type Drop,
  fieldOf,
  Lock,
  type Machine,
  type Operation,
  placeOf,
  SecondLooks,
  type Tracer,
} from '../../src/machine/index.js';
import { Execution } from '../execution.js';
import type { Program, RunOptions } from '../program.js';
import { GoOn } from '../strategies/go-on.js';
import { RandomWalk } from '../strategies/random-walk.js';

/** Executions by chance. */
const walks = 200;

export interface Survey {
  readonly drops: readonly Drop[];
  readonly executions: number;
}

/** @param program of which the machines in trace gear have frames */
export function survey(program: Program, options: RunOptions): Survey {
  const machine = program.build('trace');
  const surveyor = new Surveyor(machine);
  machine.observe(surveyor.looks);
  machine.trace(surveyor);
  const execution = new Execution(machine, new GoOn(), { ...options, all: false });
  const run = (): void => {
    surveyor.begin();
    execution.run();
  };
  run();
  const walk = new RandomWalk('survey');
  walk.beginBlock(0);
  execution.use(walk);
  let executions = 1;
  while (executions <= walks && options.interrupted?.() !== true) {
    run();
    executions++;
  }
  return { drops: surveyor.drops(), executions };
}

/** One open call: the same function may be open twice. */
interface Open {
  readonly name: string;
}

/** A lock in somebody's hands, and the calls that were open when it was taken. */
interface Taken {
  readonly lock: Lock;
  readonly thread: number;
  readonly calls: readonly Open[];
}

class Surveyor implements Tracer {
  readonly looks: SecondLooks;
  readonly #drops = new Map<string, Drop>();
  readonly #calls: Open[][] = [];
  readonly #taken: Taken[] = [];

  constructor(machine: Machine) {
    this.looks = new SecondLooks(machine);
  }

  begin(): void {
    this.#calls.length = this.#taken.length = 0;
  }

  /** Locks first, by name, everywhere before single places; then second looks, and references. */
  drops(): Drop[] {
    const all = [...this.#drops, ...this.looks.places()].sort(([a], [b]) => (a < b ? -1 : 1));
    const of = (kind: Drop['kind']): Drop[] =>
      all.flatMap(([, drop]) => (drop.kind === kind ? [drop] : []));
    return [...withEverywhere(of('lock')), ...of('recheck'), ...of('get'), ...of('put')];
  }

  enter(thread: number, name: string): void {
    this.#callsOf(thread).push({ name });
  }

  leave(thread: number): void {
    this.#callsOf(thread).pop();
  }

  step(op: Operation, result: unknown): void {
    const { lock } = op.primitive;
    if (op.subject instanceof Lock && lock !== undefined) this.#lockStep(op, op.subject, result);
    else if (isRefcount(op.subject)) this.#reference(op, op.subject);
  }

  #lockStep(op: Operation, lock: Lock, result: unknown): void {
    const { thread } = op;
    const does = op.primitive.lock?.does;
    if (op.isPending) return;
    if (does === 'acquire' || (does === 'try' && result !== false && result !== null)) {
      this.#taken.push({ lock, thread, calls: [...this.#callsOf(thread)] });
      return;
    }
    const at = this.#taken.findLastIndex((one) => one.lock === lock && one.thread === thread);
    const [taken] = at < 0 ? [] : this.#taken.splice(at, 1);
    if (taken === undefined) return;
    const now = this.#callsOf(thread);
    const common = taken.calls.findLast((call) => now.includes(call));
    const within = common?.name ?? op.slot.name;
    this.#add({ kind: 'lock', lock: lock.lockClass, within });
  }

  #reference(op: Operation, cell: Cell<number>): void {
    const kind = directionOf(op);
    if (kind === undefined) return;
    this.#add({ kind, counter: fieldOf(cell.name), place: placeOf(op.slot) });
  }

  #add(drop: Drop): void {
    this.#drops.set(JSON.stringify(drop), drop);
  }

  #callsOf(thread: number): Open[] {
    while (this.#calls.length <= thread) this.#calls.push([]);
    return this.#calls[thread] as Open[];
  }

  note(): void {
    // Private work is nothing to leave out.
  }

  emitted(): void {
    // Nor is what properties are told.
  }

  verdict(): void {
    // It follows from the steps.
  }
}

/** Before the places of a lock that has several, all of them together. */
function withEverywhere(places: readonly Drop[]): Drop[] {
  const locks = new Map<string, Drop[]>();
  for (const drop of places) {
    if (drop.kind !== 'lock') continue;
    locks.set(drop.lock, [...(locks.get(drop.lock) ?? []), drop]);
  }
  return [...locks].flatMap(([lock, drops]) =>
    drops.length === 1 ? drops : [{ kind: 'lock', lock } as const, ...drops],
  );
}

function isRefcount(subject: unknown): subject is Cell<number> {
  return (subject as Partial<Cell<unknown>> | undefined)?.isRefcount === true;
}

/** Whether a step takes a reference or gives one back; undefined for one that cannot be left out. */
function directionOf({ primitive, a }: Operation): 'get' | 'put' | undefined {
  switch (primitive.name) {
    case 'atomic_inc':
    case 'atomic_inc_not_zero':
      return 'get';
    case 'atomic_dec':
    case 'atomic_dec_and_test':
      return 'put';
    case 'atomic_add_unless':
      return (a as number) > 0 ? 'get' : 'put';
    default:
      return undefined;
  }
}
