// A series: an era and its patches in order. A rung is any subset of them, composed into one class; its label
// says what is missing, and every rung carries the elisions that its answers rest on.
import { UsageError } from '../machine/index.js';
import { type Elision, isInForce } from './elision.js';
import type { Layer } from './layers.js';
import { type KernelClass, type Patch, pathNames } from './patch.js';

export interface SeriesPatch<K> {
  /** As on the command line: `0005`. */
  readonly name: string;
  /** The commit it became upstream, abbreviated; left out where that was not checked. */
  readonly commit?: string;
  /** One line. */
  readonly subject: string;
  readonly mixin: Patch<K>;
}

export interface SeriesParts<K> {
  /** One sentence for `racewalk list`. */
  readonly about: string;
  /** The era before any patch. */
  readonly era: KernelClass<K>;
  readonly patches: readonly SeriesPatch<K>[];
  /** Older forms of what the era has, applied before the patches; in no rung but those that name them. */
  readonly variants?: readonly SeriesPatch<K>[];
  /**
   * Names of rungs beside those of patches, and what they stand for, lowest first: variants, or the first patches of
   * the series.
   */
  readonly rungs: Readonly<Record<string, readonly string[]>>;
  readonly elisions: readonly Elision<K>[];
  /** The lock classes of the era, for mutants chosen by name. */
  readonly locks: readonly string[];
}

export interface Composition<K> {
  /** A rung: all patches up to it. Default: the whole series, or `base` where `with` names patches. */
  readonly upTo?: string | undefined;
  /** Patches beyond that. */
  readonly with?: readonly string[] | undefined;
  /** Patches to leave out. */
  readonly without?: readonly string[] | undefined;
  /** Elisions to switch on: their sections are left out, though modelled by default. */
  readonly elide?: readonly string[] | undefined;
  /** Elisions to switch off: their sections are modelled, though left out by default. */
  readonly fill?: readonly string[] | undefined;
  /** Applied after everything else, in order. */
  readonly mutants?: readonly Patch<K>[] | undefined;
}

export interface Rung<K> {
  readonly series: string;
  /** `base`, `0005`, `0006 without 0005`, `base with 0006`. */
  readonly label: string;
  /** Names of the patches it is made of, in order. */
  readonly applied: readonly string[];
  /** Patches of the series that stand before the last applied one and were left out. */
  readonly missing: readonly string[];
  /** What this rung's paths leave out. */
  readonly elisions: readonly Elision<K>[];
  readonly Kernel: KernelClass<K>;
  /** What was laid over the era, lowest first: its patches, switched elisions and mutants, each with a name. */
  readonly layers: readonly Layer<K>[];
}

export interface Series<K> extends SeriesParts<K> {
  readonly name: string;
  /** The names of all rungs, lowest first: what a ladder goes through. */
  readonly ladder: readonly string[];
  /**
   * @throws UsageError for a name that the series does not have, and where a patch is left out that another
   *   one needs
   */
  compose(composition?: Composition<K>): Rung<K>;
}

export function series<K>(name: string, parts: SeriesParts<K>): Series<K> {
  const isPrefix = (names: readonly string[]) =>
    names.every((patch, i) => patch === parts.patches[i]?.name);
  const prefixes = Object.values(parts.rungs).filter(isPrefix);
  const aliased = new Set(prefixes.map((patches) => patches.length));
  const ladder = [
    ...Object.keys(parts.rungs),
    ...parts.patches.filter((_, i) => !aliased.has(i + 1)).map((patch) => patch.name),
  ];
  const whole: Series<K> = {
    ...parts,
    name,
    ladder,
    compose: (composition = {}) => compose(whole, composition),
  };
  return whole;
}

function compose<K>(of: Series<K>, composition: Composition<K>): Rung<K> {
  const { elide = [], fill = [], mutants = [] } = composition;
  const applied = choose(of, composition);
  const picked = allOf(of).filter((patch) => applied.includes(patch.name));
  for (const patch of picked) refuseWithoutNeeded(of, patch, picked);
  const switches = [
    ...elide.map((id) => switchOf(of, id, 'modelled')),
    ...fill.map((id) => switchOf(of, id, 'left out')),
  ];
  const layers: readonly Layer<K>[] = [
    ...picked.map(({ name, mixin }) => ({ name, mixin })),
    ...switches.map((mixin, i) => ({ name: `switch ${[...elide, ...fill][i] ?? ''}`, mixin })),
    ...mutants.map((mixin, i) => ({ name: `mutant ${String(i)} ${mixin.label ?? ''}`, mixin })),
  ];
  const Kernel = layers.reduce<KernelClass<K>>((Base, { mixin }) => mixin(Base), of.era);
  const paths = new Set(pathNames(Kernel));
  const last = of.patches.findLastIndex((patch) => applied.includes(patch.name));
  const missing = of.patches
    .slice(0, last + 1)
    .map((patch) => patch.name)
    .filter((patch) => !applied.includes(patch));
  return {
    series: of.name,
    label: [
      labelOf(of, applied, missing),
      ...elide.map((id) => `eliding ${id}`),
      ...fill.map((id) => `filling ${id}`),
      ...mutants.map((mutant) => mutant.label ?? 'a mutant'),
    ].join(', '),
    applied,
    missing,
    elisions: of.elisions.filter((e) => paths.has(e.path) && isInForce(e, elide, fill)),
    Kernel,
    layers,
  };
}

/** What can be chosen: the variants, then the patches. */
function allOf<K>(of: Series<K>): readonly SeriesPatch<K>[] {
  return [...(of.variants ?? []), ...of.patches];
}

/** The names of the chosen patches, in the order of the series. */
function choose<K>(of: Series<K>, composition: Composition<K>): string[] {
  const { with: extra = [], without = [] } = composition;
  const all = allOf(of).map((patch) => patch.name);
  for (const name of [...extra, ...without]) {
    if (!all.includes(name)) {
      throw new UsageError(
        `the series ${of.name} has no patch "${name}"; its patches are: ${all.join(', ')}`,
      );
    }
  }
  const chosen = new Set(rungPatches(of, composition.upTo, extra.length > 0));
  for (const name of extra) chosen.add(name);
  for (const name of without) chosen.delete(name);
  return all.filter((name) => chosen.has(name));
}

function rungPatches<K>(
  of: Series<K>,
  upTo: string | undefined,
  hasExtra: boolean,
): readonly string[] {
  const all = of.patches.map((patch) => patch.name);
  if (upTo === undefined) return hasExtra ? (of.rungs['base'] ?? []) : all;
  const alias = Object.hasOwn(of.rungs, upTo) ? of.rungs[upTo] : undefined;
  if (alias !== undefined) return alias;
  const at = all.indexOf(upTo);
  if (at < 0) {
    throw new UsageError(
      `the series ${of.name} has no rung "${upTo}"; choose one of: ${of.ladder.join(', ')}`,
    );
  }
  return all.slice(0, at + 1);
}

function refuseWithoutNeeded<K>(
  of: Series<K>,
  patch: SeriesPatch<K>,
  picked: readonly SeriesPatch<K>[],
): void {
  for (const needed of patch.mixin.requires ?? []) {
    if (picked.some((other) => other.mixin === needed)) continue;
    const name = of.patches.find((other) => other.mixin === needed)?.name ?? 'another patch';
    const rest = of.patches.map((other) => other.name).filter((other) => other !== patch.name);
    throw new UsageError(
      `${patch.name} builds on ${name}, which is left out: add ${name}, or leave ${patch.name} out as well` +
        ` (besides it, ${of.name} has: ${rest.join(', ')})`,
    );
  }
}

function switchOf<K>(of: Series<K>, id: string, byDefault: 'modelled' | 'left out'): Patch<K> {
  const decides = of.elisions.find((elision) => elision.id === id)?.decides;
  if (decides?.byDefault === byDefault) {
    return decides.byDefault === 'modelled' ? decides.elide : decides.fill;
  }
  const verb = byDefault === 'modelled' ? 'elided' : 'filled';
  const possible = of.elisions.filter((e) => e.decides?.byDefault === byDefault).map((e) => e.id);
  throw new UsageError(`"${id}" cannot be ${verb}; what can be ${verb}: ${possible.join(', ')}`);
}

/** The shorter of two ways to say it: from the highest complete rung up, or from the last patch down. */
function labelOf<K>(of: Series<K>, applied: readonly string[], missing: readonly string[]): string {
  const same = Object.entries(of.rungs).find(([, names]) => names.join() === applied.join());
  if (same !== undefined) return same[0];
  const all = of.patches.map((patch) => patch.name);
  const gap = all.findIndex((name) => !applied.includes(name));
  const complete = gap < 0 ? all.length : gap;
  const floor = nameOfPrefix(of, complete);
  const extra = applied.filter((name) => !all.slice(0, complete).includes(name));
  if (extra.length === 0) return floor;
  const variants = extra.filter((name) => !all.includes(name));
  return variants.length === 0 && missing.length <= extra.length
    ? `${applied[applied.length - 1] ?? floor} without ${missing.join(' ')}`
    : `${floor} with ${extra.join(' ')}`;
}

/** The name of the rung that is the first `count` patches. */
function nameOfPrefix<K>(of: Series<K>, count: number): string {
  const first = of.patches.slice(0, count).map((patch) => patch.name);
  const alias = Object.entries(of.rungs).find(([, names]) => names.join() === first.join());
  return alias?.[0] ?? first.at(-1) ?? 'base';
}
