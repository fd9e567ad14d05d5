// The fork, exit and migration paths of v6.12, as one rung: more than ten years of changes that no single hunk stands for.
// Read in a tree of torvalds/linux after v6.7 whose functions are those that v6.12 is known to have; see each file.
import type { KernelClass, Patch } from '../../../patch.js';
import type { For315 } from '../../for-3.15.js';
import { attach } from './attach.js';
import { cssSets, type CssSets } from './css-sets.js';
import { exit, type Release } from './exit.js';
import { fork, type ForkHooks } from './fork.js';
import type { Until612 } from './history.js';
import { iter } from './iter.js';
import { migrate, type Mgctx } from './migrate.js';

/** What it adds. */
export type Today = CssSets & Mgctx & ForkHooks & Release;

/** It stands on every earlier patch of the series, which says so: see task-migration.ts. */
export const v612: Patch<For315, Today> = (Base) => {
  const lists = cssSets(Base as unknown as KernelClass<Until612>);
  const parts = attach(migrate(iter(lists)));
  return exit(fork(parts)) as unknown as KernelClass<For315 & Today>;
};
