// What the command line calls SCENARIO.
import { isAbsolute, resolve } from 'node:path';
import { UsageError } from '../machine/errors.js';
import type { ScenarioRef } from './job.js';

/** A name, `module.mjs`, or `module.mjs#name`. */
export function parseScenario(text: string): ScenarioRef {
  const [, path, name] = /^(.*\.(?:mjs|js))(?:#(.*))?$/.exec(text) ?? [];
  if (path !== undefined) return { module: isAbsolute(path) ? path : resolve(path), name };
  const [, typed] = /^(.*\.[mc]?tsx?)(?:#.*)?$/.exec(text) ?? [];
  if (typed !== undefined) {
    throw new UsageError(
      `${typed} is TypeScript, which Node 20 does not run; compile it, or write the scenario as .mjs`,
    );
  }
  return { module: undefined, name: text };
}
