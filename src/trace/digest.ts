// Digests of the machine's state along an execution. A replay file carries them, so that a replay on a changed
// model says at which step the two part, not only that they do.
import { limits } from '../limits.js';
import type { Machine } from '../machine/index.js';
import { hash64 } from './hash.js';

/** The state after so many steps. */
export interface StateDigest {
  readonly step: number;
  /** 16 hexadecimal digits. */
  readonly digest: string;
}

/** Equal for equal states, whatever led to them. */
export function digestOf(machine: Machine): string {
  return hash64(machine.stateLines().join('\n'));
}

/** Takes a digest every few steps, wider spaced the longer the execution gets. */
export class DigestSeries {
  #spacing: number = limits.digestSteps;
  #digests: StateDigest[] = [];

  restart(): void {
    this.#spacing = limits.digestSteps;
    this.#digests = [];
  }

  /** After a step: `steps` is how many there were so far. */
  look(machine: Machine, steps: number): void {
    if (steps % this.#spacing !== 0) return;
    if (this.#digests.length === limits.digestsMax) {
      this.#spacing *= 2;
      this.#digests = this.#digests.filter(({ step }) => step % this.#spacing === 0);
      if (steps % this.#spacing !== 0) return;
    }
    this.#digests.push({ step: steps, digest: digestOf(machine) });
  }

  /** All digests, and one of the state that the execution ended in. */
  end(machine: Machine, steps: number): StateDigest[] {
    const before = this.#digests.filter(({ step }) => step < steps);
    return [...before, { step: steps, digest: digestOf(machine) }];
  }
}
