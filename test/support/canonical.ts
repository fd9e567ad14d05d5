// Which Mazurkiewicz trace an execution belongs to. Two steps of different threads depend on each other if they touch
// the same thing and do not both read it or both add to it (touching.ts); a spawn precedes the child's first step, a
// join follows its last one, and neither depends on anything else. In the Foata normal form each step has a level, one
// more than the highest level of the steps before it that it depends on; what each thread did at which level is the
// whole form. It is written without a look at how the product decides dependence, because it judges that.
import { enumerate, type EnumerateOptions, type Program } from '../../scheduler/index.js';
import type { Machine, Operation, ThreadHandle } from '../../src/machine/index.js';
import { StepTracer } from './step-tracer.js';
import { type Remembered, type Touch, Touching, type Way } from './touching.js';

/** The highest levels at which one thing was read, added to and changed so far. */
type Last = Record<Way, number>;

/** Listens to executions and knows the normal form of the one that runs. */
export class CanonicalForm extends StepTracer {
  readonly #machine: Machine;
  readonly #touching: Touching;
  readonly #codes = new Map<unknown, Map<string, string>>();
  #codeCount = 0;
  #lasts = new Map<unknown, Last>();
  /** By thread index: the level of its last step, or of the spawn that made it. */
  #levels: number[] = [];
  /** By thread index: its steps. */
  #steps: string[] = [];

  /** @param remembered what there is in the program besides cells and locks */
  constructor(
    machine: Machine,
    remembered: Remembered = { queues: [], completions: [], nodes: [] },
  ) {
    super();
    this.#machine = machine;
    this.#touching = new Touching(remembered);
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
    this.#touching.restart();
    return threads.sort().join('\n');
  }

  override step(op: Operation, result: unknown): void {
    const { name } = op.primitive;
    if (name === 'halt') return;
    const touches = this.#touching.of(op, result);
    if (touches === undefined) throw new Error(`the normal form knows nothing of ${name}()`);
    const own = this.#levels[op.thread] ?? 0;
    const level = 1 + Math.max(own, this.#endOfJoined(op), this.#dependsOn(touches));
    this.#note(touches, level);
    this.#levels[op.thread] = level;
    const writes = touches.some(([, way]) => way === 'writes');
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

  #endOfJoined({ primitive, subject }: Operation): number {
    if (primitive.name !== 'join') return 0;
    return this.#levels[(subject as ThreadHandle).index] ?? 0;
  }

  /** The highest level of an earlier step that one with these touches depends on. */
  #dependsOn(touches: readonly Touch[]): number {
    let highest = 0;
    for (const [thing, way] of touches) {
      const { reads, adds, writes } = this.#lastOf(thing);
      if (way !== 'reads') highest = Math.max(highest, reads);
      if (way !== 'adds') highest = Math.max(highest, adds);
      highest = Math.max(highest, writes);
    }
    return highest;
  }

  #note(touches: readonly Touch[], level: number): void {
    for (const [thing, way] of touches) {
      const last = this.#lastOf(thing);
      last[way] = Math.max(last[way], level);
    }
  }

  #lastOf(thing: unknown): Last {
    let last = this.#lasts.get(thing);
    if (last === undefined) this.#lasts.set(thing, (last = { reads: 0, adds: 0, writes: 0 }));
    return last;
  }
}

/**
 * What a step acts on: for spawn and join the thread by its name, since handles are made anew. Where schedule() sleeps is
 * looked up when it is announced, so it may differ between executions of one trace.
 */
function subjectOf(op: Operation, result: unknown): unknown {
  if (op.primitive.name === 'spawn') return (result as ThreadHandle).name;
  if (op.primitive.name === 'join') return (op.subject as ThreadHandle).name;
  return op.primitive.name === 'schedule' ? undefined : op.subject;
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
