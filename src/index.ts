// The public API of racewalk, and nothing else: what a scenario, a property, a patch or a test of one's own needs.
// The searches are in `racewalk/scheduler`, the models in `racewalk/scenarios` and `racewalk/properties`.
export type {
  Allocated,
  BitLock,
  ChosenLock,
  LockKind,
  Seqcount,
  Seqlock,
  Cell,
  Completion,
  Condition,
  ListHead,
  Mutex,
  Named,
  MachineOptions,
  MachineProfile,
  ObjectType,
  Path,
  PercpuRef,
  PercpuRwsem,
  Predicate,
  Property,
  RawSpinlock,
  RcuPointer,
  Rule,
  Rwlock,
  RwlockPolicy,
  Rwsem,
  RwsemPolicy,
  Spinlock,
  Step,
  TaskState,
  Hrtimer,
  HrtimerRestart,
  ThreadHandle,
  TimerFunction,
  TimerList,
  TimerOptions,
  Verdict,
  Wait,
  WaitQueue,
  Work,
  WorkFunction,
  Workqueue,
  WorkqueueOptions,
} from './machine/index.js';
export {
  always,
  atEnd,
  atEvent,
  broken,
  Cpu,
  describe,
  Lock,
  Loop,
  Machine,
  MachineEvent,
  Memory,
  ModelError,
  monitor,
  onChange,
  onChangeWhenFree,
  onEnd,
  onEvent,
  path,
  PerCpu,
  signature,
  UsageError,
  wheneverFree,
} from './machine/index.js';
export type { Elision } from './kernel/elision.js';
export type { KernelClass, Mutant, Patch } from './kernel/patch.js';
export { dropLock, requires } from './kernel/patch.js';
export type { Composition, Rung, Series } from './kernel/series.js';
export { series } from './kernel/series.js';
export { limits } from './limits.js';
export type { Scenario, ScenarioActor } from '../scenarios/index.js';
export { at, balancer, hardirq, on, programOf, scenario, softirq } from '../scenarios/index.js';
export type { ColumnOptions } from './trace/columns.js';
export { renderColumns } from './trace/columns.js';
export type { ReplayFile } from './trace/replay-file.js';
export { formatReplayFile, parseReplayFile } from './trace/replay-file.js';
export type { Trace, TraceEntry } from './trace/trace.js';
