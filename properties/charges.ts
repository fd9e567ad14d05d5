// Who is charged for what: I-20, I-21 and I-23, for any controller that counts and answers these questions.
import {
  always,
  atEnd,
  broken,
  type Cell,
  type MachineEvent,
  monitor,
  onEnd,
  onEvent,
  type Property,
} from '../src/machine/index.js';

/** A counter of charges; its parent counts them too. */
export interface ChargeCounter {
  readonly label: string;
  readonly counter: Cell<number>;
  readonly limit: Cell<number>;
  /** Undefined for the one that is not counted. */
  readonly parent: ChargeCounter | undefined;
}

/** What the properties ask of a controller. */
export interface ChargeView<C extends ChargeCounter> {
  /** Every counter that counts. */
  counters(): readonly C[];
  /** Who holds a charge of just this counter, when nothing is in flight. */
  ownersOf(counter: C): readonly object[];
}

/**
 * I-20: in the end each counter is the number of charges that owners hold of it and of those below it: no charge is
 * lost, none is left over.
 */
export function chargesAddUp<C extends ChargeCounter>(view: ChargeView<C>): Property {
  return atEnd('I-20 the counters are the charges that are held', () => {
    const all = view.counters();
    for (const counter of all) {
      const below = all.filter((other) => isIn(other, counter));
      const held = below.reduce((sum, other) => sum + view.ownersOf(other).length, 0);
      const counted = counter.counter.peek();
      if (counted !== held) {
        return `${counter.label} counts ${String(counted)}, but ${String(held)} are held`;
      }
    }
    return true;
  });
}

/** I-20, its other half: no counter is ever below 0. */
export function neverNegative<C extends ChargeCounter>(view: ChargeView<C>): Property {
  return always('I-20 no counter is below 0', () => {
    const below = view.counters().find(({ counter }) => counter.peek() < 0);
    return below === undefined ? true : `${below.label} counts ${String(below.counter.peek())}`;
  });
}

/**
 * I-21: in the end no counter is above its limit, but for charges that were made without looking at it, and a limit
 * that was lowered. Before the end a counter may be: who charges first and looks then takes back what was too much.
 */
export function limitHolds<C extends ChargeCounter>(
  view: ChargeView<C>,
  forced: MachineEvent<{ to: C }>,
): Property {
  return monitor<readonly C[]>(
    'I-21 nobody but who may is charged beyond the limit',
    [],
    onEvent(forced, (excused, { to }) => (excused.includes(to) ? excused : [...excused, to])),
    onEnd((excused) => {
      const over = view
        .counters()
        .find((c) => c.counter.peek() > c.limit.peek() && !excused.includes(c));
      return over === undefined
        ? excused
        : broken(
            `${over.label} counts ${String(over.counter.peek())}, beyond its limit of ${String(over.limit.peek())}`,
          );
    }),
  );
}

/** What I-23 listens to. */
interface PidEvents<T, C> {
  /** The pid of the task is free. */
  readonly released: MachineEvent<{ task: T }>;
  readonly uncharged: MachineEvent<{ task: T }>;
  /** A fork was refused, for the limit of `by`. The counter still holds what it tried to charge. */
  readonly refused: MachineEvent<{ by: C }>;
}

/** Whose charge was returned, and who has lost his pid before. */
interface Returned<T> {
  readonly uncharged: readonly T[];
  readonly late: readonly T[];
}

/** I-23: when the pid of a task is free, its charge has been returned. */
export function pidFreeIsChargeFree<T extends { readonly label: string }, C>(
  events: PidEvents<T, C>,
): Property {
  return monitor<readonly T[]>(
    'I-23 the charge of a task is free when its pid is',
    [],
    onEvent(events.uncharged, (uncharged, { task }) => [...uncharged, task]),
    onEvent(events.released, (uncharged, { task }) =>
      uncharged.includes(task) ? uncharged : broken(`${task.label} has no pid, and is charged`),
    ),
  );
}

/** I-23, as a user sees it: no fork is refused for want of charges that tasks without a pid still hold. */
export function refusedOnlyIfFull<T extends object, C extends ChargeCounter>(
  view: ChargeView<C>,
  events: PidEvents<T, C>,
): Property {
  const start: Returned<T> = { uncharged: [], late: [] };
  const lateIn = (late: readonly T[], by: C): number => {
    const below = view.counters().filter((counter) => isIn(counter, by));
    const owners = below.flatMap((counter) => view.ownersOf(counter));
    return late.filter((task) => owners.includes(task)).length;
  };
  return monitor(
    'I-23 a fork is refused only where those with a pid fill the limit',
    start,
    onEvent(events.uncharged, ({ uncharged, late }: Returned<T>, { task }) => ({
      uncharged: [...uncharged, task],
      late: late.filter((other) => other !== task),
    })),
    onEvent(events.released, (returned: Returned<T>, { task }) =>
      returned.uncharged.includes(task)
        ? returned
        : { ...returned, late: [...returned.late, task] },
    ),
    onEvent(events.refused, (returned: Returned<T>, { by }) => {
      const late = lateIn(returned.late, by);
      return late === 0 || by.counter.peek() - late > by.limit.peek()
        ? returned
        : broken(`a fork is refused by ${by.label}: ${String(late)} of its charges have no pid`);
    }),
  );
}

function isIn(counter: ChargeCounter, group: ChargeCounter): boolean {
  let at: ChargeCounter | undefined = counter;
  while (at !== undefined && at !== group) at = at.parent;
  return at === group;
}
