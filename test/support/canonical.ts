// Which Mazurkiewicz trace an execution belongs to. Two steps of different threads depend on each other if they
// name the same thing and do not both read it; a spawn precedes the child's first step, a join follows its last
// one, and neither depends on anything else. In the Foata normal form each step has a level, one more than the
// highest level of the steps before it that it depends on; what each thread did at which level is the whole form.
// It is written without a look at how the product decides dependence, because it judges that.
import { enumerate, type EnumerateOptions, type Program } from '../../scheduler/index.js';
import type { Machine, Operation, ThreadHandle } from '../../src/machine/index.js';
import { StepTracer } from './step-tracer.js';

/** The highest levels at which one thing was read and changed so far. */
interface Last {
  read: number;
  write: number;
}

/** Listens to executions and knows the normal form of the one that runs. */
export class CanonicalForm extends StepTracer {
  readonly #machine: Machine;
  readonly #codes = new Map<unknown, Map<string, string>>();
  #codeCount = 0;
  #lasts = new Map<unknown, Last>();
  /** By thread index: the level of its last step, or of the spawn that made it. */
  #levels: number[] = [];
  /** By thread index: its steps. */
  #steps: string[] = [];

  constructor(machine: Machine) {
    super();
    this.#machine = machine;
    machine.trace(this);
  }

  /** The form of the execution that has ended, and a clean sheet for the next. */
  take(): string {
    const threads: string[] = [];
    for (let thread = 0; thread < this.#machine.threadCount; thread++) {
      const { name, ended, op } = this.#machine.thread(thread);
      const stuck = ended ? '' : `stuck in ${op.primitive.name} ${nameOf(op.subject)}`;
      threads.push(`${name}: ${this.#steps[thread] ?? ''}${stuck}`);
    }
    this.#lasts = new Map();
    this.#levels = [];
    this.#steps = [];
    return threads.sort().join('\n');
  }

  override step(op: Operation, result: unknown): void {
    const { name } = op.primitive;
    if (name === 'halt') return;
    const writes = changes(op, result);
    const level = 1 + Math.max(this.#levels[op.thread] ?? 0, this.#dependsOn(op, writes));
    this.#levels[op.thread] = level;
    const code = this.#codeOf(name, subjectOf(op, result));
    const before = this.#steps[op.thread] ?? '';
    this.#steps[op.thread] = before + code + String.fromCharCode(2 * level + Number(writes));
    if (name === 'spawn') this.#levels[(result as ThreadHandle).index] = level;
  }

  /** A letter for each pair of a primitive and what it acts on, so that comparing executions is cheap. */
  #codeOf(primitive: string, subject: unknown): string {
    let codes = this.#codes.get(subject);
    if (codes === undefined) this.#codes.set(subject, (codes = new Map<string, string>()));
    let code = codes.get(primitive);
    if (code === undefined) codes.set(primitive, (code = String.fromCharCode(++this.#codeCount)));
    return code;
  }

  /** The highest level of an earlier step of another thread that this one depends on; notes this one. */
  #dependsOn(op: Operation, writes: boolean): number {
    const { name } = op.primitive;
    if (name === 'spawn') return 0;
    if (name === 'join') return this.#levels[(op.subject as ThreadHandle).index] ?? 0;
    let last = this.#lasts.get(op.subject);
    if (last === undefined) this.#lasts.set(op.subject, (last = { read: 0, write: 0 }));
    const own = this.#levels[op.thread] ?? 0;
    if (!writes) {
      last.read = Math.max(last.read, 1 + Math.max(own, last.write));
      return last.write;
    }
    const before = Math.max(last.read, last.write);
    last.write = 1 + Math.max(own, before);
    return before;
  }
}

/** What a step acts on: for spawn and join the thread by its name, since handles are made anew. */
function subjectOf(op: Operation, result: unknown): unknown {
  if (op.primitive.name === 'spawn') return (result as ThreadHandle).name;
  if (op.primitive.name === 'join') return (op.subject as ThreadHandle).name;
  return op.subject;
}

/** Primitives that only look, or turn out to only have looked. */
function changes(op: Operation, result: unknown): boolean {
  switch (op.primitive.name) {
    case 'read':
    case 'atomic_read':
    case 'join':
      return false;
    case 'cmpxchg':
      return result === op.a;
    case 'atomic_add_unless':
    case 'mutex_trylock':
    case 'spin_trylock':
      return result === true;
    case 'write':
    case 'xchg':
    case 'fetch_add':
    case 'atomic_inc':
    case 'atomic_dec':
    case 'atomic_dec_and_test':
    case 'set_bits':
    case 'clear_bits':
    case 'set_bit':
    case 'clear_bit':
    case 'spawn':
      return true;
    default:
      if (/lock|^(down|up)_/.test(op.primitive.name)) return true;
      throw new Error(`the normal form knows nothing of ${op.primitive.name}()`);
  }
}

function nameOf(subject: unknown): string {
  return (subject as { readonly name?: string } | undefined)?.name ?? '';
}

/** Runs every schedule and counts the traces that they belong to. */
export function countTraces(
  program: Program,
  options: Pick<EnumerateOptions, 'interrupted'> = {},
): { readonly traces: number; readonly schedules: number } {
  const seen = new Set<string>();
  const machine = program.build('search');
  const form = new CanonicalForm(machine);
  const { runs } = enumerate(
    { name: program.name, build: () => machine },
    { ...options, all: true, onRun: () => void seen.add(form.take()) },
  );
  return { traces: seen.size, schedules: runs };
}
