// The fork, exit and migration paths of v6.12, as one rung: more than ten years of changes that no single hunk stands for.
// Read in a tree of torvalds/linux after v6.7 whose functions are those that v6.12 is known to have; see each file.
import type { KernelClass, Patch } from '../../../patch.js';
import { attach } from './attach.js';
import { cssSets, type CssSets } from './css-sets.js';
import { exit, type Release } from './exit.js';
import { fork, type ForkHooks } from './fork.js';
import type { Until612 } from './history.js';
import { iter, type Walks } from './iter.js';
import { kill, type Kill } from './kill.js';
import { migrate, type Mgctx } from './migrate.js';

/** What it adds. */
export type Today = CssSets & Walks & Mgctx & Kill & ForkHooks & Release;

/** A kernel of v6.12. */
export type Kernel612 = Until612 & Today;

/** It stands on every earlier patch of the series: see task-migration.ts. */
export const v612: Patch<Until612, Today> = (Base) => {
  const killers = fork(kill(iter(cssSets(Base))));
  return exit(attach(migrate(killers))) as unknown as KernelClass<Kernel612>;
};
