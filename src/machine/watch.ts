// Evaluates properties at their moments, and again only when a cell that they peeked has changed.
import { Cell, isTold, load, observe, PeekError, store, tellAccesses, watch } from './cell.js';
import type { Drop } from './drops/drop.js';
import { stillMeant } from './drops/still-meant.js';
import { ModelError, UsageError } from './errors.js';
import type { Journal } from './journal.js';
import { limits } from '../limits.js';
import { Broken, type Moment, type Property, type Rule } from './property.js';

/** Who is told when a watched cell changes. */
export interface Watcher {
  /** The last look of this execution, by its number; 0 for the one at the initial state. */
  readonly lastLook: number;
  /** What it saw in its last look is noted here, if it wants to know. */
  readonly seen?: Cell<unknown>[];
  changed(): void;
}

/** Where a watch reports. */
export interface WatchHost {
  readonly journal: Journal;
  /** A property may have to be looked at after the present step. */
  propertiesChanged(): void;
  violate(property: string, message: string): void;
}

/** One rule of one property, armed on a machine. */
class ArmedRule implements Watcher {
  readonly moment: Moment;
  lastLook = 0;
  /** What the last look saw: a change of any of this would have been a reason for another one. */
  readonly seen: Cell<unknown>[] = [];
  #seenAtStart: readonly Cell<unknown>[] = [];
  #armed = false;
  /** Never the same again, so that what was seen in an earlier execution counts for nothing. */
  #lookCount = 0;
  /** Only rules without an event of their own need to know what they looked at. */
  readonly #watches: boolean;
  readonly #property: Property;
  readonly #step: Rule<unknown>['step'];
  readonly #state: Cell<unknown>;
  readonly #host: WatchHost;
  /** Logged like all state: going back into a critical section brings the pending look back. */
  readonly #dirty: Cell<boolean>;

  constructor(property: Property, rule: Rule<unknown>, state: Cell<unknown>, host: WatchHost) {
    this.moment = rule.moment;
    this.#watches = rule.moment.kind === 'always' || rule.moment.kind === 'whenever free';
    this.#property = property;
    this.#step = rule.step;
    this.#state = state;
    this.#host = host;
    this.#dirty = new Cell<boolean>(state, 'dirty', false, { isUncontended: true });
  }

  get dirty(): boolean {
    return load(this.#dirty);
  }

  /** The look at the initial state is over. */
  arm(): void {
    this.clean();
    this.#armed = true;
    this.#seenAtStart = [...this.seen];
  }

  restart(): void {
    this.lastLook = 0;
    this.seen.splice(0, this.seen.length, ...this.#seenAtStart);
  }

  changed(): void {
    // Whether it is looked at now depends on who holds the lock.
    if (this.moment.kind === 'whenever free') this.moment.lock.isHeldForWriting();
    if (!load(this.#dirty)) store(this.#dirty, true, this.#host.journal);
    this.#host.propertiesChanged();
  }

  clean(): void {
    if (load(this.#dirty)) store(this.#dirty, false, this.#host.journal);
  }

  /** The sentence that says what is broken, or undefined. */
  look(payload: unknown): string | undefined {
    let next: unknown;
    const before = load(this.#state);
    try {
      next = this.#watches ? this.#observed(before) : this.#step(before, payload);
    } catch (error) {
      if (error instanceof PeekError) return `it cannot be looked at: ${error.message}`;
      const detail = error instanceof Error ? error.message : String(error);
      throw new ModelError(`the property "${this.#property.name}" threw: ${detail}`, {
        cause: error,
      });
    }
    if (next instanceof Broken) return next.message;
    if (next !== before) {
      store(this.#state, next, this.#host.journal);
      // The other rules of the property have something new to look at; this one has just looked.
      this.clean();
    }
    return undefined;
  }

  /** One more look: from now on only what it sees is a reason for the next one, its own property's news included. */
  #observed(before: unknown): unknown {
    // What it will see is no longer the same: that concerns whoever changes what it has seen until now.
    if (isTold()) for (const cell of this.seen) load(cell);
    this.seen.length = 0;
    if (this.#armed) this.lastLook = ++this.#lookCount;
    return observe(this, () => {
      watch(this.#state, this);
      return this.#step(before, undefined);
    });
  }

  judge(payload: unknown): void {
    const message = this.look(payload);
    if (message !== undefined) this.#host.violate(this.#property.name, message);
  }
}

/** The step that changed something has looked at the lock: for all others that is part of no step. */
function isKeptWaiting(moment: Moment): boolean {
  if (moment.kind !== 'whenever free') return false;
  const told = tellAccesses(undefined);
  const isHeld = moment.lock.isHeldForWriting();
  tellAccesses(told);
  return isHeld;
}

/** All properties of one machine. */
export class PropertyWatch {
  readonly #onChange: ArmedRule[] = [];
  readonly #atEnd: ArmedRule[] = [];
  readonly #host: WatchHost;

  constructor(host: WatchHost) {
    this.#host = host;
  }

  /**
   * Arms properties on the initial state, as far as they can be asked of a machine that leaves these things out.
   * @throws UsageError when one does not hold there
   */
  arm(properties: readonly Property[], drops: readonly Drop[]): void {
    for (const property of stillMeant(properties, drops)) {
      const state = new Cell<unknown>(undefined, `property ${property.name}`, property.initial);
      for (const rule of property.rules) {
        this.#armRule(property, new ArmedRule(property, rule, state, this.#host));
      }
    }
  }

  #armRule(property: Property, rule: ArmedRule): void {
    const moment = rule.moment;
    if (moment.kind === 'at end') {
      this.#atEnd.push(rule);
    } else if (moment.kind === 'at event') {
      moment.event.listeners.push((payload: unknown) => {
        rule.judge(payload);
      });
    } else {
      const message = rule.look(undefined);
      if (message !== undefined) {
        throw new UsageError(
          `the property "${property.name}" does not hold in the initial state: ${message}`,
        );
      }
      rule.arm();
      this.#onChange.push(rule);
    }
  }

  /** Whether any rule is looked at when something has changed. */
  get looksAtChanges(): boolean {
    return this.#onChange.length > 0;
  }

  /** A new execution begins: what counts is what the rules saw of the initial state. */
  restart(): void {
    for (const rule of this.#onChange) rule.restart();
  }

  /**
   * Looks at every property that may have changed and whose moment is now, again where one rule's news concern
   * another one; true if none is left waiting.
   */
  lookAtChanges(): boolean {
    for (let round = 0; round < limits.propertyRoundsMax; round++) {
      let looked = false;
      let waiting = false;
      for (const rule of this.#onChange) {
        if (!rule.dirty) continue;
        if (isKeptWaiting(rule.moment)) {
          waiting = true;
          continue;
        }
        rule.clean();
        rule.judge(undefined);
        looked = true;
      }
      if (!looked) return !waiting;
    }
    throw new ModelError('the rules of a property change its state for ever, each after the other');
  }

  lookAtEnd(): void {
    for (const rule of this.#atEnd) rule.judge(undefined);
  }
}
