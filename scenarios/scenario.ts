// A scenario is a question: an initial state, the threads that act on it, what must hold, and, for a kernel, the
// series of patches that it can be asked of. The same function takes plain machines, with no kernel at all.
import { tellingCalls } from '../src/kernel/calls.js';
import type { KernelClass } from '../src/kernel/patch.js';
import type { Composition, Rung, Series } from '../src/kernel/series.js';
import {
  type Actor,
  type Cpu,
  type FaultPlace,
  framed,
  Machine,
  type MachineOptions,
  type Path,
  pathNames,
  type Property,
  type Results,
  UsageError,
} from '../src/machine/index.js';

/** A thread of a scenario: a path, or a path placed on a task or a CPU by on() or at(). */
export type ScenarioActor<C> = ((cpu: C) => Path<unknown>) | Placed<C>;

/** See on() and at(). */
export interface Placed<C> {
  readonly path: (cpu: C) => Path<unknown>;
  readonly current: unknown;
  readonly cpu: number | undefined;
  readonly interrupt?: Actor['interrupt'];
  readonly balance?: Actor['balance'];
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
  /** Places where a step fails in every schedule, besides: `find_css_set:2`, the 2nd allocation in find_css_set(). */
  readonly fail?: readonly string[];
  /** What the machine is otherwise: its memory order, its kinds of locks, what it looks out for. */
  readonly machine?: Omit<MachineOptions, 'cpus' | 'faults' | 'fail'>;
}

type Actors<C> = Readonly<Record<string, ScenarioActor<C>>>;
type Properties<S> = readonly Property[] | ((state: S) => readonly Property[]);
/**
 * The values that tell one outcome from another, for --outcomes: peeked cells, and what the actors have returned. By
 * default it is what they have returned.
 */
type OutcomeOf<S> = (state: S, results: Results) => Readonly<Record<string, unknown>>;

/** A scenario without a kernel. */
export interface MachineScenario<S> extends Common {
  readonly series?: never;
  readonly setup: (m: Machine) => S;
  readonly actors: (state: NoInfer<S>) => Actors<Cpu>;
  readonly properties?: Properties<NoInfer<S>>;
  readonly outcome?: OutcomeOf<NoInfer<S>>;
}

/** A scenario on a kernel: the series says which trees it can run on. */
export interface KernelScenario<K extends object, S> extends Common {
  readonly series: Series<K>;
  /** Patches with which it cannot be asked, and why: their model lacks a function that it calls. */
  readonly notOn?: Readonly<Record<string, string>>;
  /** False where every rung answers alike, or takes long: a ladder asks it only if it is named. */
  readonly inLadder?: boolean;
  readonly setup: (k: NoInfer<K>, m: Machine) => S;
  /** `cpu` fits the paths of every kernel; what its `current` is follows from on(). */
  readonly actors: (state: NoInfer<S & { readonly k: K }>) => Actors<Cpu<never>>;
  readonly properties?: Properties<NoInfer<S & { readonly k: K }>>;
  readonly outcome?: OutcomeOf<NoInfer<S & { readonly k: K }>>;
}

/** A scenario whose types are forgotten: what the scheduler, the command line and the workers handle. */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly source?: string | undefined;
  readonly cpus?: number | undefined;
  readonly faults: number;
  /** The series it runs on; undefined for a plain machine. */
  readonly series: AnySeries | undefined;
  /** A ladder asks it without being told to. */
  readonly inLadder: boolean;
  /** Why it cannot be asked with these patches; undefined where it can. */
  readonly refuses: (patches: readonly string[]) => string | undefined;
  /**
   * Builds a machine in the initial state.
   * @throws UsageError for a rung that does not exist, an actor to be left out that there is not, or a property that does
   * not hold at the start
   */
  readonly build: (options?: BuildOptions) => Built;
}

/** A series whose kernel is not known. */
export type AnySeries = Series<object>;

export interface BuildOptions {
  /** Which patches, by default the rung `base`; for a plain machine it must be left out. */
  readonly composition?: Composition<object> | undefined;
  /** Add call frames to every path, for trace gear. */
  readonly frames?: boolean;
  /** What the machine shall be, whatever the scenario says. */
  readonly machine?: MachineOptions | undefined;
  /** Actors that do not come, by name. */
  readonly leaveOut?: readonly string[] | undefined;
  /** Properties that nobody looks at, by name: what they would find ends no execution. */
  readonly unarmed?: readonly string[] | undefined;
  /** Gets the names of the functions of the kernel that are called. */
  readonly called?: Set<string> | undefined;
}

/** A scenario on one rung, ready to run. */
export interface Built {
  readonly machine: Machine;
  readonly rung: Rung<object> | undefined;
  /** The text of the model: its functions, and those of the kernel. Its hash says which model an answer is about. */
  readonly source: string;
  readonly properties: readonly Property[];
  /** The names of all its actors, those that were left out included. */
  readonly actors: readonly string[];
}

/** Defines a scenario. `setup` comes before `actors`: their types follow from it. */
export function scenario<S>(definition: MachineScenario<S>): Scenario;
export function scenario<K extends object, S>(definition: KernelScenario<K, S>): Scenario;
export function scenario(typed: unknown): Scenario {
  const definition = typed as Definition;
  const { name, about, source, cpus, faults = 0, fail, series } = definition;
  const options = { ...definition.machine, cpus, faults, fail };
  const build = (given: BuildOptions = {}): Built => {
    const { composition, frames = false, machine: wanted, leaveOut = [], unarmed = [] } = given;
    const machine = new Machine({ ...options, ...wanted });
    const rung = composeRung(definition, composition);
    const places = machine.faults.places?.places ?? [];
    const k =
      rung === undefined
        ? undefined
        : makeKernel(
            rung,
            machine,
            frames || places.length > 0 || machine.profile.drop.length > 0,
            given.called,
          );
    const state = { ...(definition.setup(k ?? machine, machine) as object | undefined), k };
    const all = Object.entries(definition.actors(state)).map(actorOf);
    if (all.length === 0) throw new UsageError(`the scenario "${name}" has no actors`);
    const actors = allBut(leaveOut, all, name);
    if (rung !== undefined) checkPlaces(places, rung, actors);
    const properties = propertiesOf(definition, state);
    const { outcome } = definition;
    if (outcome !== undefined) machine.outcome.declare((results) => outcome(state, results));
    const armed = properties.filter(({ name }) => !unarmed.includes(name));
    machine.arm(actors, armed);
    const names = all.map((actor) => actor.name);
    return { machine, rung, source: sourceOf(definition, rung), properties, actors: names };
  };
  const { inLadder = true } = definition;
  const refuses = (patches: readonly string[]): string | undefined => refusal(definition, patches);
  return { name, about, source, cpus, faults, series, inLadder, refuses, build };
}

/** What the two kinds of scenario have in common once their types are forgotten. */
interface Definition extends Common {
  readonly series?: AnySeries;
  readonly notOn?: Readonly<Record<string, string>>;
  readonly inLadder?: boolean;
  readonly setup: (k: object, m: Machine) => unknown;
  readonly actors: (state: object) => Actors<Cpu<never>>;
  readonly properties?: Properties<object>;
  readonly outcome?: OutcomeOf<object>;
}

function propertiesOf({ properties = [] }: Definition, state: object): readonly Property[] {
  return typeof properties === 'function' ? properties(state) : properties;
}

function allBut(leftOut: readonly string[], actors: readonly Actor[], scenario: string): Actor[] {
  const names = actors.map(({ name }) => name);
  const unknown = leftOut.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `the scenario "${scenario}" has no actor "${unknown}" to leave out; there are ${names.join(', ')}`,
    );
  }
  const left = actors.filter(({ name }) => !leftOut.includes(name));
  if (left.length === 0) {
    throw new UsageError(`the scenario "${scenario}" is left with no actor; leave out fewer`);
  }
  return left;
}

function refusal({ name, notOn = {} }: Definition, patches: readonly string[]): string | undefined {
  const [patch, why] = Object.entries(notOn).find(([one]) => patches.includes(one)) ?? [];
  if (patch === undefined) return undefined;
  return `the scenario "${name}" cannot be asked with ${patch}: ${why ?? ''}; choose a rung below it`;
}

function composeRung(
  definition: Definition,
  composition: Composition<object> | undefined,
): Rung<object> | undefined {
  const { name, series } = definition;
  if (series !== undefined) {
    const rung = series.compose(composition ?? { upTo: 'base' });
    const why = refusal(definition, rung.applied);
    if (why !== undefined) throw new UsageError(why);
    return rung;
  }
  if (composition === undefined) return undefined;
  throw new UsageError(
    `the scenario "${name}" runs on a plain machine: it has no rungs and no patches; leave them out`,
  );
}

/** A function that the kernel does not have would never fail, and nobody would notice. */
function checkPlaces(
  places: readonly FaultPlace[],
  { Kernel, label }: Rung<object>,
  actors: readonly Actor[],
): void {
  const known = [...pathNames(Kernel), ...actors.map(({ name }) => name)];
  for (const { text, path } of places) {
    if (known.includes(path)) continue;
    const near = known.filter((name) => name.includes(path) || path.includes(name)).sort();
    const hint = near.length === 0 ? '' : `; there are ${near.join(', ')}`;
    throw new UsageError(`"${text}": ${label} has no function ${path}()${hint}`);
  }
}

function sourceOf(definition: Definition, rung: Rung<object> | undefined): string {
  const { setup, actors, properties } = definition;
  const own = [setup, actors, properties].filter((part) => typeof part === 'function');
  return [...own.map(String), ...(rung === undefined ? [] : classSources(rung.Kernel))].join('\n');
}

/** A class as text, and those that it extends. */
function classSources(kernel: KernelClass<object>): string[] {
  const sources: string[] = [];
  let at = kernel as object | null;
  while (typeof at === 'function' && at !== Function.prototype) {
    sources.push(String(at));
    at = Object.getPrototypeOf(at) as object | null;
  }
  return sources;
}

function makeKernel(
  rung: Rung<object>,
  machine: Machine,
  frames: boolean,
  called: Set<string> | undefined,
): object {
  const Kernel: KernelClass<object> = frames ? framed(rung.Kernel) : rung.Kernel;
  return new (called === undefined ? Kernel : tellingCalls(Kernel, called))(machine);
}

function actorOf([name, body]: [string, ScenarioActor<Cpu<never>>]): Actor {
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

/** A hard interrupt of a CPU: its handler, and how often it may come. It comes wherever interrupts are on there. */
export function hardirq<C>(cpu: number, path: (cpu: C) => Path<unknown>, times = 1): Placed<C> {
  return { path, current: undefined, cpu, interrupt: { kind: 'hardirq', times } };
}

/** A softirq of a CPU. It comes wherever softirqs and interrupts are on there, and no other handler runs. */
export function softirq<C>(cpu: number, path: (cpu: C) => Path<unknown>, times = 1): Placed<C> {
  return { path, current: undefined, cpu, interrupt: { kind: 'softirq', times } };
}

/** The load balancer: it may move an actor to a CPU, wherever that actor can be preempted. */
export function balancer<C>(actor: string, to: number, times = 1): Placed<C> {
  return { path: noPath, current: undefined, cpu: to, balance: { actor, times } };
}

function* noPath(): Path {
  // The load balancer runs none.
}
