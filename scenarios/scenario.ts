// A scenario is a question: an initial state, the threads that act on it, what must hold, and, for a kernel, the
// series of patches that it can be asked of. The same function takes plain machines, with no kernel at all.
import { type Composition, type KernelClass, type Rung, type Series } from '../src/kernel/patch.js';
import {
  type Cpu,
  framed,
  Machine,
  type Path,
  type Property,
  UsageError,
} from '../src/machine/index.js';

/** A thread of a scenario: a path, or a path placed on a task or a CPU by on(). */
export type ScenarioActor<C> = ((cpu: C) => Path<unknown>) | Placed<C>;

/** See on() and at(). */
export interface Placed<C> {
  readonly path: (cpu: C) => Path<unknown>;
  readonly current: unknown;
  readonly cpu: number | undefined;
}

interface Common {
  /** As on the command line; unique among the scenarios of a module. */
  readonly name: string;
  /** One sentence: what goes wrong. */
  readonly about: string;
  /** The document that the race is from. */
  readonly source?: string;
  /** Number of CPUs; by default one per thread, so that placement hides nothing. */
  readonly cpus?: number;
  /** How many allocations may fail in one schedule; by default none. */
  readonly faults?: number;
}

type Actors<C> = Readonly<Record<string, ScenarioActor<C>>>;
type Properties<S> = readonly Property[] | ((state: S) => readonly Property[]);

/** A scenario without a kernel. */
export interface MachineScenario<S> extends Common {
  readonly series?: never;
  readonly setup: (m: Machine) => S;
  readonly actors: (state: NoInfer<S>) => Actors<Cpu>;
  readonly properties?: Properties<NoInfer<S>>;
}

/** A scenario on a kernel: the series says which trees it can run on. */
export interface KernelScenario<K extends object, C, S> extends Common {
  readonly series: Series<K, C>;
  readonly setup: (k: NoInfer<K>, m: Machine) => S;
  readonly actors: (state: NoInfer<S & { readonly k: K }>) => Actors<C>;
  /** Properties of this scenario alone, or of any kernel of the era: those are handed the kernel. */
  readonly properties?: Properties<NoInfer<S & { readonly k: K }>>;
}

/** A scenario whose types are forgotten: what the scheduler, the command line and the workers handle. */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly source?: string | undefined;
  readonly cpus?: number | undefined;
  readonly faults: number;
  /** The series it runs on; undefined for a plain machine. */
  readonly series: Series<object, unknown> | undefined;
  /**
   * Builds a machine in the initial state.
   * @throws UsageError for a rung that does not exist, or a property that does not hold at the start
   */
  readonly build: (options?: BuildOptions) => Built;
}

export interface BuildOptions {
  /** Which patches; for a plain machine it must be left out. */
  readonly composition?: Composition;
  /** Add call frames to every path, for trace gear. */
  readonly frames?: boolean;
}

/** A scenario on one rung, ready to run. */
export interface Built {
  readonly machine: Machine;
  readonly rung: Rung<object> | undefined;
  readonly properties: readonly Property[];
}

/** Defines a scenario. `setup` comes before `actors`: their types follow from it. */
export function scenario<S>(definition: MachineScenario<S>): Scenario;
export function scenario<K extends object, C, S>(definition: KernelScenario<K, C, S>): Scenario;
export function scenario(definition: AnyDefinition): Scenario {
  const { name, about, source, cpus, faults = 0, series } = definition;
  const build = (options: BuildOptions = {}): Built => {
    const machine = new Machine({ cpus, faults });
    const rung = composeRung(definition, options.composition);
    const k = rung === undefined ? undefined : makeKernel(rung, machine, options.frames ?? false);
    const state = { ...(definition.setup(k ?? machine, machine) as object | undefined), k };
    const actors = Object.entries(definition.actors(state)).map(([actor, body]) =>
      place(actor, body),
    );
    if (actors.length === 0) throw new UsageError(`the scenario "${name}" has no actors`);
    const given = definition.properties ?? [];
    const properties = typeof given === 'function' ? given(state) : given;
    machine.arm(actors, properties);
    return { machine, rung, properties };
  };
  return { name, about, source, cpus, faults, series, build };
}

/** What the two overloads have in common once types are forgotten. */
interface AnyDefinition extends Common {
  readonly series?: Series<object, unknown>;
  readonly setup: (k: never, m: Machine) => unknown;
  readonly actors: (state: never) => Actors<never>;
  readonly properties?: Properties<never>;
}

function composeRung(
  definition: AnyDefinition,
  composition: Composition | undefined,
): Rung<object> | undefined {
  if (definition.series !== undefined) return definition.series.compose(composition ?? {});
  if (composition === undefined) return undefined;
  throw new UsageError(
    `the scenario "${definition.name}" runs on a plain machine: it has no rungs and no patches; leave them out`,
  );
}

function makeKernel(rung: Rung<object>, machine: Machine, frames: boolean): object {
  const Kernel: KernelClass<object> = frames ? framed(rung.Kernel) : rung.Kernel;
  return new Kernel(machine);
}

function place(
  name: string,
  body: ScenarioActor<never>,
): Placed<never> & { readonly name: string } {
  return typeof body === 'function'
    ? { name, path: body, current: undefined, cpu: undefined }
    : { name, ...body };
}

/** An actor that acts on a task: `cpu.current` is that task. */
export function on<C>(task: object, path: (cpu: C) => Path<unknown>): Placed<C> {
  return { path, current: task, cpu: undefined };
}

/** The same actor, placed on a CPU, counted from 0. */
export function at<C>(cpu: number, actor: ScenarioActor<C>): Placed<C> {
  return typeof actor === 'function' ? { path: actor, current: undefined, cpu } : { ...actor, cpu };
}
