// The kernel models: eras, the series of patches on them, and what composes the two.
export { type Elision, isInForce, type Switch } from './elision.js';
export * from './errno.js';
export * from './for-3.15/index.js';
export * from './v3.1/index.js';
export * from './v4.4/index.js';
export { kthreads } from './v4.10/kthreads.js';
export { rmdirWaits, V2629 } from './v2.6.29/index.js';
export {
  dropLock,
  type KernelClass,
  type LockName,
  type Mutant,
  type Patch,
  type PathName,
  pathNames,
  requires,
} from './patch.js';
export {
  type Composition,
  type Rung,
  type Series,
  type SeriesParts,
  type SeriesPatch,
  series,
} from './series.js';
// Names of structs are those of the kernel in every era, so this one comes as a module.
export * as v2626 from './v2.6.26/index.js';
export { Freezer2628 } from './v2.6.28/freezer.js';
export { freezerResume } from './v2.6.28/series.js';
export { StoppedTasks } from './v3.7/stopped-tasks.js';
export { stoppedTasks } from './v3.7/series.js';
export * from './v4.3/index.js';
export { FreezerV2 } from './v6.12-freezer/freezer.js';
export { freezerV2 } from './v6.12-freezer/series.js';
export * from './v5.7/index.js';
