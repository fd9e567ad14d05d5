// The default of every schedule: the running thread goes on; when it cannot, the next one in turn does.
import type { Strategy, View } from '../strategy.js';

export class GoOn implements Strategy {
  readonly name: string = 'go-on';
  #view: View | undefined = undefined;

  beginBlock(): void {
    // Nothing here is left to chance.
  }

  begin(view: View): void {
    this.#view = view;
  }

  choose(current: number): number {
    return (this.#view as View).runnable.preferred(current);
  }

  draw(): number {
    return 0;
  }

  learn(): void {
    // There is nothing to learn.
  }
}
