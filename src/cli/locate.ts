// Finds the scenario that the user means: one of racewalk's by name, or one of a module of the user's own.
import { pathToFileURL } from 'node:url';
import { isAbsolute, resolve } from 'node:path';
import { allScenarios, type Scenario } from '../../scenarios/index.js';
import { UsageError } from '../machine/index.js';
import type { ScenarioRef } from './job.js';

/** What the command line calls SCENARIO: a name, `module.mjs`, or `module.mjs#name`. */
export function parseScenario(text: string): ScenarioRef {
  const [path = '', name] = text.split('#', 2);
  if (/\.(mjs|js)$/.test(path)) return { module: absolute(path), name };
  if (/\.(ts|mts|cts)$/.test(path)) {
    throw new UsageError(
      `${path} is TypeScript, which Node 20 does not run; compile it, or write the scenario as .mjs`,
    );
  }
  return { module: undefined, name: text };
}

function absolute(path: string): string {
  return isAbsolute(path) ? path : resolve(path);
}

/**
 * The scenario itself. Only for workers: loading a user's module runs it.
 * @throws UsageError where there is none
 */
export async function locate(ref: ScenarioRef): Promise<Scenario> {
  if (ref.module !== undefined) return choose(await scenariosOf(ref.module), ref.name, ref.module);
  const found = allScenarios.find((scenario) => scenario.name === ref.name);
  if (found !== undefined) return found;
  throw new UsageError(
    `there is no scenario "${ref.name ?? ''}"; there are: ${names(allScenarios)}; ` +
      'a scenario of your own is the path of its .mjs module',
  );
}

/**
 * Every scenario that a module exports.
 * @throws UsageError if it cannot be loaded
 */
export async function scenariosOf(module: string): Promise<Scenario[]> {
  let exports: Record<string, unknown>;
  try {
    exports = (await import(pathToFileURL(module).href)) as Record<string, unknown>;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot load ${module}: ${detail}`, { cause: error });
  }
  return [...new Set(Object.values(exports))].filter(isScenario);
}

function isScenario(value: unknown): value is Scenario {
  if (typeof value !== 'object' || value === null) return false;
  const candidate = value as Partial<Scenario>;
  return typeof candidate.name === 'string' && typeof candidate.build === 'function';
}

function choose(found: readonly Scenario[], name: string | undefined, module: string): Scenario {
  if (found.length === 0) {
    throw new UsageError(`${module} exports no scenario: export what scenario({...}) returns`);
  }
  const [only] = found;
  if (name === undefined && found.length === 1 && only !== undefined) return only;
  const chosen = found.find((scenario) => scenario.name === name);
  if (chosen !== undefined) return chosen;
  throw new UsageError(
    `${module} has no scenario "${name ?? ''}"; write MODULE#NAME with one of: ${names(found)}`,
  );
}

function names(scenarios: readonly Scenario[]): string {
  return scenarios.map((scenario) => scenario.name).join(', ');
}
