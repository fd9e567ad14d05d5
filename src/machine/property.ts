// A property says what must hold and when. It is a small automaton: a state of its own, and rules that look at
// the machine at their moments and either go on with a next state or say what is broken. A plain predicate is
// the automaton with nothing to remember.
import type { Lock } from './locks/lock.js';

/** Something that a path announces to the properties by `cpu.emit`; no step of its own. */
export class MachineEvent<in out Payload> {
  readonly name: string;
  /** The name of the thread that announces it, for as long as its listeners are told. */
  emitter = '';
  /** Set by the machine that the event belongs to: who listens. */
  readonly listeners: ((payload: Payload) => void)[] = [];

  constructor(name: string) {
    this.name = name;
  }
}

/** When a rule looks. */
export type Moment =
  /** After every step that changed a cell which the rule peeked at the last time. */
  | { readonly kind: 'always' }
  /** The same, but only in states in which nobody holds the lock for writing. */
  | { readonly kind: 'whenever free'; readonly lock: Lock }
  /** Whenever the event is emitted. */
  | { readonly kind: 'at event'; readonly event: MachineEvent<never> }
  /** When every thread has ended. */
  | { readonly kind: 'at end' };

/** What a rule answers when the property is broken. */
export class Broken {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** The answer of a rule that found its property broken; the message is one sentence without a full stop. */
export function broken(message: string): Broken {
  return new Broken(message);
}

/** One look of a property. `State` is plain data that is never changed in place. */
export interface Rule<State> {
  readonly moment: Moment;
  readonly step: (state: State, payload: unknown) => State | Broken;
}

export interface Property {
  /** A short true sentence, with the number of the invariant where it has one. */
  readonly name: string;
  readonly initial: unknown;
  readonly rules: readonly Rule<unknown>[];
}

/** True if it holds; false, or a sentence that says what is wrong, if not. */
export type Predicate = () => boolean | string;

/** Must hold in every state, between any two steps. */
export function always(name: string, holds: Predicate): Property {
  return stateless(name, { kind: 'always' }, holds);
}

/** Must hold in every state in which nobody holds the lock for writing. */
export function wheneverFree(lock: Lock, name: string, holds: Predicate): Property {
  return stateless(name, { kind: 'whenever free', lock }, holds);
}

/** Must hold when every thread has ended. */
export function atEnd(name: string, holds: Predicate): Property {
  return stateless(name, { kind: 'at end' }, holds);
}

/** Must hold whenever the event is emitted. */
export function atEvent<Payload>(
  event: MachineEvent<Payload>,
  name: string,
  holds: (payload: Payload) => boolean | string,
): Property {
  return monitor(
    name,
    undefined,
    onEvent(event, (state, payload) => answer(state, holds(payload))),
  );
}

/** A property over history. */
export function monitor<State>(
  name: string,
  initial: State,
  ...rules: readonly Rule<NoInfer<State>>[]
): Property {
  return { name, initial, rules: rules as unknown as readonly Rule<unknown>[] };
}

/** A monitor's rule for an event. */
export function onEvent<Payload, State>(
  event: MachineEvent<Payload>,
  step: (state: State, payload: Payload) => State | Broken,
): Rule<State> {
  return {
    moment: { kind: 'at event', event: event as unknown as MachineEvent<never> },
    step: step as (state: State, payload: unknown) => State | Broken,
  };
}

/** A monitor's rule for every change of what it peeks. */
export function onChange<State>(step: (state: State) => State | Broken): Rule<State> {
  return { moment: { kind: 'always' }, step };
}

/** A monitor's rule for every change of what it peeks, seen once nobody holds the lock for writing. */
export function onChangeWhenFree<State>(
  lock: Lock,
  step: (state: State) => State | Broken,
): Rule<State> {
  return { moment: { kind: 'whenever free', lock }, step };
}

/** A monitor's rule for the end of the execution. */
export function onEnd<State>(step: (state: State) => State | Broken): Rule<State> {
  return { moment: { kind: 'at end' }, step };
}

function stateless(name: string, moment: Moment, holds: Predicate): Property {
  return monitor(name, undefined, { moment, step: (state) => answer(state, holds()) });
}

function answer<State>(state: State, holds: boolean | string): State | Broken {
  if (holds === true) return state;
  return new Broken(holds === false ? 'it does not hold' : holds);
}
