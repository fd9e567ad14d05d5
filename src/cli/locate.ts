// Finds the scenario that the user means: one of racewalk's by name, or one of a module of the user's own. Only for
// workers: loading a user's module runs it.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { allScenarios, type Built, ruleScenarios, type Scenario } from '../../scenarios/index.js';
import { Machine, ModelError, UsageError } from '../machine/index.js';
import type { ScenarioRef } from './job.js';

/**
 * The scenario itself.
 * @throws UsageError where there is none
 */
export async function locate(ref: ScenarioRef): Promise<Scenario> {
  if (ref.module !== undefined) return choose(await scenariosOf(ref.module), ref.name, ref.module);
  const own = [...allScenarios, ...ruleScenarios()];
  const found = own.find((scenario) => scenario.name === ref.name);
  if (found !== undefined) return found;
  throw new UsageError(
    `there is no scenario "${ref.name ?? ''}"; there are: ${names(allScenarios)}; ` +
      'racewalk list --rules names the small programs of the rules; ' +
      'a scenario of your own is the path of its .mjs module',
  );
}

/**
 * Every scenario that a module exports.
 * @throws UsageError if it cannot be loaded
 */
export async function scenariosOf(module: string): Promise<Scenario[]> {
  if (!existsSync(module)) {
    throw new UsageError(`there is no file ${module}; SCENARIO is a name, or the path of a module`);
  }
  let exports: Record<string, unknown>;
  try {
    exports = (await import(pathToFileURL(module).href)) as Record<string, unknown>;
  } catch (error) {
    const help = error instanceof SyntaxError ? `; node --check ${module} shows where` : '';
    throw new UsageError(`cannot load ${module}: ${inModule(error, module)}${help}`, {
      cause: error,
    });
  }
  const found = [...new Set(Object.values(exports))].filter(isScenario);
  if (found.length > 0) return found.map((scenario) => guarded(scenario, module));
  throw new UsageError(`${module} exports no scenario: export what scenario({...}) returns`);
}

function isScenario(value: unknown): value is Scenario {
  if (typeof value !== 'object' || value === null) return false;
  const candidate = value as Partial<Scenario>;
  return typeof candidate.name === 'string' && typeof candidate.build === 'function';
}

/** What a user's setup throws is for the user, and no fault of racewalk. */
function guarded(scenario: Scenario, module: string): Scenario {
  return {
    ...scenario,
    build: (options) => {
      let built: Built;
      try {
        built = scenario.build(options);
      } catch (error) {
        if (error instanceof UsageError || error instanceof ModelError) throw error;
        throw new UsageError(
          `the scenario "${scenario.name}" could not be set up: ${inModule(error, module)}`,
          { cause: error },
        );
      }
      // Two copies would not know each other's locks and errors.
      if (built.machine instanceof Machine) return built;
      throw new UsageError(
        `${module} uses another copy of racewalk than the one that runs; ` +
          'start the one that is installed beside it, with npx racewalk in its folder',
      );
    },
  };
}

/** The error's message, and where in the module it was thrown. */
function inModule(error: unknown, module: string): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}`;
  const place = (error.stack ?? '').split(`${pathToFileURL(module).href}:`)[1];
  const line = /^\d+/.exec(place ?? '')?.[0];
  return `${error.name}: ${error.message}${line === undefined ? '' : ` (line ${line})`}`;
}

function choose(found: readonly Scenario[], name: string | undefined, module: string): Scenario {
  const [only] = found;
  if (name === undefined && found.length === 1 && only !== undefined) return only;
  const chosen = found.find((scenario) => scenario.name === name);
  if (chosen !== undefined) return chosen;
  const fault = name === undefined ? 'has several scenarios' : `has no scenario "${name}"`;
  const ways = found.map((scenario) => `${module}#${scenario.name}`).join(', ');
  throw new UsageError(`${module} ${fault}; choose from: ${ways}`);
}

function names(scenarios: readonly Scenario[]): string {
  return scenarios.map((scenario) => scenario.name).join(', ');
}
