// A loop that may go round for ever, and waiting at its head. Where a round has changed nothing that it depends on,
// the next one would be the same: the thread waits until something is different. Not modelled: how long a round takes.
import type { Named } from '../names.js';
import { type Operation, Primitive } from '../op.js';
import type { Snapshot } from './snapshot.js';

/** One entry of a path into a loop: make a new one each time, `const retry = new Loop('retry')`. */
export class Loop implements Named {
  /** What people call it: the C label, or what the loop is for. */
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  get label(): string {
    return this.name;
  }
}

/** Why a thread waits at a loop's head. */
export interface Spin {
  /** The state in which a further round would be the same. */
  readonly since: Snapshot;
  /**
   * Undefined where the thread only looks: any change of state lets it go on. Otherwise its rounds change things for
   * others to see, and these are the threads that have brought everything back to where it was: one that is not among
   * them must go on first.
   */
  readonly movers: ReadonlySet<number> | undefined;
  /** When it began, in steps. */
  readonly tick: number;
  /** Nobody else can go on: it may look again whether its movers have left the circle. */
  revived: boolean;
}

/** Waiting for a reason to go round again. Operation field `a` is the Spin. */
export const SPIN = new Primitive({
  name: 'spin',
  effect: 'reads',
  announce: (op) => {
    op.machine.loops.spins(op);
  },
  isEnabled: (op) => op.machine.loops.mayGoRound(op),
  forget: (op) => {
    op.machine.loops.forget(op);
  },
  act: (op) => {
    op.machine.loops.goRound(op);
  },
  narrate: (op) => `${(op.subject as Loop).label}: go round again`,
});

export const spinOf = (op: Operation): Spin => op.a as Spin;
