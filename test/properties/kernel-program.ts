// A kernel on any rung, with whatever mutants, actors and properties a test wants: finer than a scenario.
import type { Program } from '../../scheduler/index.js';
import {
  type Composition,
  type For315,
  type KernelClass,
  taskMigration,
} from '../../src/kernel/index.js';
import { type Actor, framed, type Property } from '../../src/machine/index.js';
import { boot } from '../kernel/go-on.js';

/** Builds the initial state and says who acts on it. */
export type Staging = (k: For315) => readonly Actor[];

/** A program whose kernel is composed as asked; by default the seven patches, and nothing of what came later. */
export function kernelProgram(
  staging: Staging,
  properties: (k: For315) => readonly Property[],
  composition: Composition<For315> = {},
): Program {
  const rung = taskMigration.compose({ upTo: '0007', ...composition });
  const traced: KernelClass<For315> = framed(rung.Kernel);
  return {
    name: rung.label,
    build: (gear) => {
      const k = boot(gear === 'trace' ? traced : rung.Kernel);
      k.machine.arm(staging(k), properties(k));
      return k.machine;
    },
  };
}
