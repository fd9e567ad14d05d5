// The machine: cells, locks, CPUs and threads, and what a step does to them. It knows nothing of cgroups, and
// of the scheduler only that there is a host to ask.
import { type AccessListener, type Cell, store, tellAccesses } from './cell.js';
import type { Actor, PlacedThread, Primed } from './actor.js';
import { Allocator } from './allocator.js';
import { Contexts } from './context/contexts.js';
import { Placement } from './context/placement.js';
import type { Processor } from './context/processor.js';
import { cpuMaker } from './cpu/cpu-maker.js';
import { foreignYield, ModelError } from './errors.js';
import { Faults } from './faults/faults.js';
import { Fields } from './fields.js';
import { CallStack } from './frames.js';
import type { Allocated, ObjectType } from './heap.js';
import type { Host } from './host.js';
import { generatorOf } from './generator-of.js';
import { Journal } from './journal.js';
import { leftoversOf } from './leftovers.js';
import { limits } from '../limits.js';
import { LoopWatch } from './liveness/loop-watch.js';
import { Lockdep } from './lockdep/lockdep.js';
import { type ListHead, settleTail } from './list.js';
import { mustHaveLeftAll } from './locks/leftovers.js';
import { type Feed, type Operation, StepResults } from './op.js';
import { Outcome } from './outcome.js';
import { type MachineOptions, type MachineProfile, profileOf } from './profile.js';
import { MachineEvent, type Property } from './property.js';
import { RaceDetector } from './races/detector.js';
import { Rcu } from './rcu/rcu.js';
import type { SpawnRequest } from './spawn.js';
import { Thread, ThreadIdentity } from './thread.js';
import { ThreadSet } from './thread-set.js';
import type { CallListener, StepObserver, Tracer } from './tracer.js';
import { BufferedContexts } from './tso/buffered-contexts.js';
import { StoreBuffers } from './tso/store-buffers.js';
import { okVerdict, type Verdict, type Wait } from './verdict.js';
import { stateLines } from './state-lines.js';
import { isOver, judgeStuck } from './stuck.js';
import { deadlockMessage, findWaitCycle, mayWaitInCycle } from './waits.js';
import { PropertyWatch, type WatchHost } from './watch.js';
import { Watchers } from './watchers.js';

/** A change of a reference counter that no correct code makes: 0 to 1, or below 0. */
export interface RefcountMisuse {
  readonly counter: string;
  readonly from: number;
  readonly to: number;
}

export class Machine extends Fields implements WatchHost {
  readonly journal = new Journal();
  readonly runnable = new ThreadSet();
  /** Preemption and interrupts. */
  readonly contexts: Contexts;
  readonly rcu = new Rcu(this);
  /** What is stored and not visible yet, under TSO. */
  readonly storeBuffers: StoreBuffers | undefined;
  readonly allocator: Allocator;
  readonly faults: Faults;
  /** Threads that go round in loops. */
  readonly loops = new LoopWatch(this);
  readonly lockdep = new Lockdep();
  /** What an execution comes to, for whoever counts that. */
  readonly outcome = new Outcome(this);
  /** Emitted when a reference counter rises from 0 or falls below it. */
  readonly refcountMisused = new MachineEvent<RefcountMisuse>('refcount misused');
  host: Host = { goOn: () => false, draw: () => 0 };
  /** Something wants to know of each step: a tracer, or a property whose cells have changed. */
  attention = false;
  /**
   * No thread of this machine has ever had to do with a section, an interrupt or sleeping by hand, so none is in atomic
   * context. Never set again: it only saves looking, and what is looked at is memory of each thread.
   */
  isPlain = true;
  readonly results = new StepResults();
  /** A thread is being primed to its first announcement, so it may not go on. */
  priming = false;
  /** A thread that was brought back is being fed what it has seen: it takes no steps. */
  feed: Feed | undefined = undefined;
  /** What happens is only tried out: nobody hears of it, and it is no verdict. */
  muted = false;
  /** What this execution has come to so far. */
  verdict: Verdict = okVerdict;
  /** The verdict is final: no thread goes on. */
  halted = false;
  /** Let an execution go on after a failure (`--all`). */
  keepGoing = false;
  threadCount = 0;
  /** Threads that have ended. */
  endedCount = 0;
  /** Threads that must end before the execution is over: see PlacedThread. */
  unfinished = 0;
  /** There are threads that are none of the model's: store buffers, a load balancer. */
  hasIdleThreads = false;
  /** Threads of the initial state that must end. */
  #tasks = 0;
  readonly profile: MachineProfile;
  readonly placement: Placement;
  /** Where the profile asks for it. */
  readonly races: RaceDetector | undefined;
  readonly #threads: Thread[] = [];
  readonly #makeCpu: ReturnType<typeof cpuMaker>;
  actors: readonly Actor[] = [];
  readonly watch: PropertyWatch;
  #propertiesPending = false;
  readonly #callListeners: CallListener[] = [];
  readonly watchers = new Watchers();
  #settled = false;
  /** Some CPU has, or once had, more than one thread. */
  #sharesCpus = false;

  constructor(options: MachineOptions = {}) {
    const profile = profileOf(options);
    super(undefined, profile);
    this.profile = profile;
    this.placement = new Placement(profile.cpus);
    const buffers = profile.memory === 'tso' ? new StoreBuffers(this) : undefined;
    this.storeBuffers = buffers;
    this.contexts =
      buffers === undefined ? new Contexts(this) : new BufferedContexts(this, buffers);
    this.watch = new PropertyWatch(this);
    this.allocator = new Allocator(this);
    this.faults = new Faults(this, profile.faults, profile.fail);
    if (this.faults.places !== undefined) this.#callListeners.push(this.faults);
    this.races = profile.dataRaces ? new RaceDetector(this) : undefined;
    this.#makeCpu = cpuMaker(this, this.#callListeners);
  }

  // --- Building the initial state ---------------------------------------------------------------------------

  /** Something that paths announce to properties. */
  event<Payload = undefined>(name: string): MachineEvent<Payload> {
    return new MachineEvent<Payload>(name);
  }

  /**
   * An object that exists from the start, under a name of its own.
   * @throws UsageError if the name is taken
   */
  object<T extends Allocated>(type: ObjectType<T>, name: string): T {
    return this.allocator.named(type, name);
  }

  /** Gives a cell its value in the initial state. */
  settle<T>(cell: Cell<T>, value: NoInfer<T>): void {
    this.#onlyInSetup('settle');
    store(cell, value, this.journal);
  }

  /** Appends a node to a list in the initial state. */
  settleTail(node: ListHead<unknown>, head: ListHead<unknown>): void {
    this.#onlyInSetup('settleTail');
    settleTail(node, head, this);
  }

  /** Has every object shown to `see`, once, when it is first made; for properties over all objects of a type. */
  onAllocation(see: (object: Allocated) => void): void {
    this.allocator.watch(see);
  }

  /**
   * Ends setup: the present state is the initial one, these threads exist from its start, in this order, and the
   * properties must hold in it.
   * @throws UsageError if one does not
   */
  arm(actors: readonly Actor[], properties: readonly Property[]): void {
    this.actors = actors;
    for (const { cpu, interrupt, balance } of actors) {
      if (cpu === undefined) continue;
      const processor = this.placement.processor(cpu);
      if (interrupt === undefined && balance === undefined) processor.reserved = true;
    }
    for (const actor of actors) {
      const role = actor.interrupt?.kind ?? (actor.balance === undefined ? 'task' : 'idle');
      this.#place(new ThreadIdentity(actor.name), { ...actor, role });
      if (role === 'task') this.#tasks++;
    }
    this.watch.arm(properties, this.profile.drop);
    this.#settled = true;
    this.journal.settle();
    this.#propertiesPending = false;
    this.attention = this.#isWatched;
  }

  /** Turns trace gear on for all later executions. */
  trace(tracer: Tracer): void {
    this.watchers.tracer = tracer;
    this.attention = true;
    this.listenToCalls(tracer);
  }

  /** Tells of every call of a path in all later executions; it needs paths whose calls are frames. */
  listenToCalls(listener: CallListener): void {
    this.#callListeners.push(listener);
    for (const thread of this.#threads)
      thread.calls ??= new CallStack(thread.index, this.#callListeners);
  }

  /** Shows every step of all later executions to an observer. */
  observe(observer: StepObserver): void {
    this.watchers.observers.push(observer);
    this.attention = true;
  }

  /**
   * Has every cell that a step reads or changes told to a listener, in all later executions: what the step itself does,
   * and what properties look at when it has ended. Not told: what is looked at to find out who can go on. Telling stops
   * when the thread announces its next step; whoever decides who goes on resumes it.
   */
  listen(listener: AccessListener): void {
    this.watchers.accesses = listener;
    this.attention = true;
  }

  /** Somebody looks at every step. */
  get #isWatched(): boolean {
    return !this.watchers.isEmpty || this.loops.isActive || this.lockdep.watchesInterrupts;
  }

  #onlyInSetup(what: string): void {
    if (this.#settled)
      throw new ModelError(`${what}() belongs to setup; a path changes state by a step on cpu`);
  }

  // --- Executions -------------------------------------------------------------------------------------------

  /** Goes back to the initial state and primes the actors. */
  begin(): void {
    this.#abandon();
    this.journal.undoTo(0);
    this.watch.restart();
    this.lockdep.begin();
    this.verdict = okVerdict;
    this.halted = this.#propertiesPending = false;
    this.loops.restart();
    this.faults.places?.restart();
    this.attention = this.#isWatched;
    this.endedCount = 0;
    const actors = this.actors;
    this.threadCount = actors.length;
    this.unfinished = this.#tasks;
    this.runnable.fill(actors.length);
    this.watchers.begin();
    for (let i = 0; i < actors.length; i++) this.#prime(this.thread(i), actors[i] as Actor);
  }

  /** Lets the threads of the last execution forget what they waited for. */
  #abandon(): void {
    for (let t = 0; t < this.threadCount; t++) {
      const thread = this.thread(t);
      if (thread.op.isPending) thread.op.primitive.forget?.(thread.op);
      thread.restart();
    }
    this.placement.forgetVisits();
  }

  /** Gives the next index to a thread and makes it runnable; it has no path yet. */
  #place(identity: ThreadIdentity, at: PlacedThread, creator?: Thread): Thread {
    const index = this.threadCount++;
    if (index === limits.threadsMax) {
      throw new ModelError(`more than ${String(limits.threadsMax)} threads in one execution`);
    }
    const role = at.role ?? 'task';
    const cpu = at.cpu ?? (role === 'task' ? this.placement.next(index, creator) : 0);
    const processor = this.placement.processor(cpu);
    let thread = this.#threads[index];
    if (thread === undefined) {
      thread = new Thread(index, this, identity, processor, this.#makeCpu);
      if (this.#callListeners.length > 0) thread.calls = new CallStack(index, this.#callListeners);
      this.#threads.push(thread);
    }
    thread.identity = identity;
    thread.become(role);
    thread.mustEnd = at.mustEnd ?? role === 'task';
    store(thread.home, processor, this.journal);
    thread.cpu.bind(at.current);
    thread.restart();
    this.#settleOn(thread, processor, creator !== undefined);
    if (this.contexts.admits(thread)) this.runnable.add(index);
    return thread;
  }

  /** Puts a thread on its CPU, for this execution or for all of them. */
  #settleOn(thread: Thread, processor: Processor, isSpawned: boolean): void {
    const { index, role } = thread;
    if (thread.isHandler) this.isPlain = false;
    if (thread.isHandler) this.attention = this.lockdep.watchInterrupts();
    if (role === 'idle') {
      this.#sharesCpus = this.hasIdleThreads = true;
      if (!isSpawned) for (const one of this.placement.processors) one.handlers.push(index);
      return;
    }
    if (processor.threads.length + processor.handlers.length > 0) {
      this.#sharesCpus = true;
      this.contexts.share(processor);
    }
    this.placement.settle(processor, thread, isSpawned);
  }

  /** A thread is moved to a CPU. */
  moveTo(processor: Processor, thread: Thread): void {
    const from = thread.processor;
    this.#sharesCpus = true;
    this.placement.visit(processor, thread);
    this.contexts.share(processor);
    store(thread.home, processor, this.journal);
    this.contexts.refresh(from);
    this.contexts.refresh(processor);
  }

  /** Runs a new thread to its first announcement. */
  #prime(thread: Thread, actor: Primed): void {
    const outer = this.priming;
    this.priming = true;
    // An actor that is no generator function would fail here, and that is its panic as well.
    try {
      thread.generator = generatorOf(thread, actor, this.actors);
      const step = thread.generator.next();
      if (step.done === true) this.ended(thread, step.value);
      else if (step.value !== thread.op) throw foreignYield(thread.name);
    } catch (error) {
      this.threw(thread, error);
    } finally {
      this.priming = outer;
    }
  }

  /** A thread starts another one. */
  spawn(creator: Thread, request: SpawnRequest): Thread {
    const identity = request.identity ?? creator.identity.nextChild(request.name);
    const thread = this.#place(identity, request, creator);
    if (thread.mustEnd) this.unfinished++;
    this.watchers.spawned(creator, thread);
    this.#prime(thread, request);
    return thread;
  }

  /** Starts a thread that is none of the model's, on the CPU of the thread that needs it. */
  startPseudo(identity: ThreadIdentity, creator: Thread, path: Primed['path']): Thread {
    const at = { current: undefined, cpu: creator.processor.id, role: 'idle' } as const;
    const thread = this.#place(identity, { ...at, mustEnd: false }, creator);
    this.#prime(thread, { path });
    return thread;
  }

  /** A thread's path has returned. */
  ended(thread: Thread, result: unknown): void {
    if (thread.op.isMade) {
      throw new ModelError(
        `the last step of ${thread.name}, ${thread.op.primitive.name}(), was made without yield* and never taken`,
      );
    }
    mustHaveLeftAll(thread);
    thread.ended = true;
    thread.result = result;
    this.endedCount++;
    this.runnable.remove(thread.index);
    if (thread.mustEnd && --this.unfinished === 0) this.#becomeQuiet();
    for (const joiner of thread.joiners) if (joiner.isEnabled) this.unblock(joiner);
    if (this.attention) this.blockEnded(thread);
  }

  /** Every thread that must end has ended: what need not happen does not happen any more. */
  get isQuiet(): boolean {
    return this.unfinished === 0;
  }

  #becomeQuiet(): void {
    if (this.endedCount === this.threadCount) return;
    for (let t = 0; t < this.threadCount; t++) {
      const { isIdle, op } = this.thread(t);
      if (isIdle && !op.isEnabled) this.runnable.remove(t);
    }
  }

  /** Nothing can go on: judges the state that is left. */
  finish(): void {
    this.watchers.pauseTelling();
    if (this.verdict.kind !== 'ok') return;
    if (isOver(this)) this.watch.lookAtEnd();
    else this.conclude(judgeStuck(this));
  }

  /** The present state as sorted lines; see there. */
  stateLines(): string[] {
    return stateLines(this);
  }

  thread(index: number): Thread {
    return this.#threads[index] as Thread;
  }

  threadName(index: number): string {
    return this.thread(index).name;
  }

  // --- What steps do ----------------------------------------------------------------------------------------

  /** After each step while something wants attention. */
  traceStep(op: Operation, result: unknown): void {
    if (this.muted) return;
    const told = tellAccesses(undefined);
    if (this.loops.isActive) this.loops.step(op, result);
    this.watchers.step(op, result);
    tellAccesses(told);
  }

  /** The thread has come to its next step: what its last one began is over. */
  announced(op: Operation): void {
    this.blockEnded(op.slot);
    const told = tellAccesses(undefined);
    op.announce();
    // Who makes a thread goes on with his own step.
    if (this.priming) tellAccesses(told);
  }

  /** At the end of an atomic block: what a step and the actions after it have changed together is judged. */
  blockEnded(thread: Thread): void {
    if (this.lockdep.watchesInterrupts) this.lockdep.stands(thread);
    if (!this.#propertiesPending) return;
    if (this.watch.lookAtChanges()) this.#propertiesPending = false;
    this.attention = this.#propertiesPending || this.#isWatched;
  }

  propertiesChanged(): void {
    this.#propertiesPending = true;
    this.attention = true;
  }

  /** The thread cannot take its pending operation now. */
  block(op: Operation): void {
    this.runnable.remove(op.thread);
  }

  /** The thread could take its pending operation now. */
  unblock(op: Operation): void {
    const thread = op.slot;
    if (!thread.stopped && this.contexts.admits(thread)) this.runnable.add(op.thread);
  }

  /** The same for many. */
  unblockAll(threads: ThreadSet): void {
    if (!this.#sharesCpus) this.runnable.addAll(threads);
    else for (const thread of threads.sorted()) this.unblock(this.thread(thread).op);
  }

  /** The thread has come to a stop for others: is that a deadlock? */
  blockOnLock(op: Operation): void {
    this.block(op);
    const told = tellAccesses(undefined);
    const cycle = mayWaitInCycle(this, op.thread) ? findWaitCycle(this, op.thread) : undefined;
    if (cycle !== undefined) this.#deadlock(cycle);
    tellAccesses(told);
  }

  /** For properties: what should have been given back by now; see there. */
  peekLeftovers(): string[] {
    return leftoversOf(this);
  }

  refcountChanged(counter: Cell<unknown>, from: number, to: number): void {
    if (to < 0 || (from === 0 && to > 0))
      this.emit(this.refcountMisused, { counter: counter.name, from, to });
  }

  emit<Payload>(event: MachineEvent<Payload>, payload: Payload): void {
    if (this.muted) return;
    this.watchers.tracer?.emitted(event as unknown as MachineEvent<never>, payload);
    for (const listener of event.listeners) listener(payload);
  }

  note(index: number, text: () => string): void {
    if (!this.muted) this.watchers.tracer?.note(index, text());
  }

  // --- Verdicts ---------------------------------------------------------------------------------------------

  useAfterFree(op: Operation, cell: Cell<unknown>): undefined {
    this.panic(op, `use after free: ${op.primitive.name}() on ${cell.name}`);
    return undefined;
  }

  /** The thread has done what no kernel survives: it never goes on. */
  panic(op: Operation, message: string): void {
    const thread = op.slot;
    thread.stopped = true;
    this.runnable.remove(op.thread);
    op.keepPending();
    this.conclude({ kind: 'panic', thread: thread.name, message });
  }

  /** A path threw: for its thread that is a panic. Errors about the model itself are passed on. */
  threw(thread: Thread, error: unknown): void {
    if (error instanceof ModelError) throw error;
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    thread.stopped = true;
    this.runnable.remove(thread.index);
    this.conclude({ kind: 'panic', thread: thread.name, message: `the model threw ${message}` });
  }

  /** A rule about locks or contexts, by its number in docs/rules.md. */
  breakRule(rule: string, message: string): void {
    this.conclude({ kind: 'lock rule', rule, message });
  }

  warn(index: number, message: string): void {
    this.conclude({ kind: 'warning', thread: this.threadName(index), message });
  }

  violate(property: string, message: string): void {
    this.conclude({ kind: 'violation', property, message });
  }

  limit(name: string, message: string): void {
    this.conclude({ kind: 'limit', limit: name, message });
    this.halted = true;
  }

  #deadlock(cycle: readonly Wait[]): void {
    this.conclude({ kind: 'deadlock', cycle, message: deadlockMessage(cycle) });
  }

  /** The first verdict of an execution stands. */
  conclude(verdict: Verdict): void {
    if (this.muted) return;
    if (this.verdict.kind === 'ok') {
      this.verdict = verdict;
      this.watchers.tracer?.verdict(verdict);
    }
    // A livelock goes on as it is: there is nothing to come.
    if (!this.keepGoing || verdict.kind === 'livelock') this.halted = true;
  }
}
