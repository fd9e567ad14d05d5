// What other folders may know of the machine. load(), store() and their friends stay inside: a path has no way
// to a value but a step.
export type { Actor } from './actor.js';
export type { AccessListener, Cell, Show } from './cell.js';
export { mayConflict } from './conflict.js';
export { PerCpu } from './context/per-cpu.js';
export { Cpu } from './cpu/cpu.js';
export type { Drop } from './drops/drop.js';
export { fieldOf, placeOf } from './drops/drop.js';
export { SecondLooks } from './drops/second-looks.js';
export { foreignYield, ModelError, UsageError } from './errors.js';
export { framed, path, pathNames } from './frames.js';
export {
  type FaultPlace,
  faultPlace,
  type FaultTally,
  sumOfTallies,
} from './faults/fault-places.js';
export type { Allocated, Gfp, ObjectType } from './heap.js';
export { Memory } from './heap.js';
export type { DataPurpose, Host } from './host.js';
export type { HoldMode } from './locks/held.js';
export type { LockdepWatches } from './lockdep/lockdep.js';
export type { Irq, OrderSighting, Sighting, UseSighting } from './lockdep/sighting.js';
export type { ListHead } from './list.js';
export { fairVerdict } from './liveness/fair-verdict.js';
export { Loop } from './liveness/loop.js';
export { Lock } from './locks/lock.js';
export type { Mutex } from './locks/mutex.js';
export type { BitLock } from './locks/bit-lock.js';
export type { ChosenLock, LockKind } from './locks/chosen.js';
export type { Seqcount, Seqlock } from './locks/seqlock.js';
export type { PercpuRwsem } from './locks/percpu-rwsem.js';
export type { Rwlock } from './locks/rwlock.js';
export type { Rwsem } from './locks/rwsem.js';
export type { RawSpinlock, Spinlock } from './locks/spinlock.js';
export type { RefcountMisuse } from './machine.js';
export { Machine } from './machine.js';
export type { Named } from './names.js';
export { identify, showValue } from './names.js';
export type { StepObserver } from './tracer.js';
export type { Effect, LockUse, Operation, Path, Primitive, Signal, Step } from './op.js';
export type { OutcomeLook, OutcomeValue, Results } from './outcome.js';
export type {
  MachineOptions,
  MachineProfile,
  MemoryOrder,
  RwlockPolicy,
  RwsemPolicy,
  LockProfile,
} from './profile.js';
export { defaultProfile, profileOf } from './profile.js';
export type { PercpuRef } from './rcu/percpu-ref.js';
export type { RcuPointer } from './rcu/rcu-pointer.js';
export type { Moment, Predicate, Property, Rule } from './property.js';
export {
  always,
  atEnd,
  atEvent,
  Broken,
  broken,
  MachineEvent,
  monitor,
  onChange,
  onChangeWhenFree,
  onEnd,
  onEvent,
  wheneverFree,
} from './property.js';
export type { ThreadHandle } from './spawn.js';
export { WayBack } from './state/way-back.js';
export { StateTracker, type TrackerOptions } from './state/state-tracker.js';
export type { Thread } from './thread.js';
export type { Arrivals, ThreadSet } from './thread-set.js';
export { AS_ARMED, AT_ANY_TIME, delayOf } from './time/delay.js';
export type {
  Hrtimer,
  HrtimerRestart,
  TimerFunction,
  TimerList,
  TimerOptions,
} from './time/timer.js';
export { EventQueue } from './time/event-queue.js';
export type { Tracer } from './tracer.js';
export type { DataRace, RacingAccess, Verdict, VerdictKind, Wait } from './verdict.js';
export type { Completion } from './waiting/completion.js';
export type { TaskState } from './waiting/sleeper.js';
export type { Condition } from './waiting/wait-event.js';
export type { WaitQueue } from './waiting/wait-queue.js';
export type { Work, WorkFunction, Workqueue, WorkqueueOptions } from './waiting/workqueue.js';
export { describe, isFailure, okVerdict, signature } from './verdict.js';
