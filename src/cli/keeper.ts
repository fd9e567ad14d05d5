// Keeps a checkpoint of a search up to date while it runs, every half second.
import { type Question, readCheckpoint, writeCheckpoint } from './checkpoint.js';

/** Where a search lays down what it knows, and where it finds what an earlier one has laid down. */
export interface Keeping {
  /** Path of the checkpoint to write; undefined for none. */
  readonly checkpoint: string | undefined;
  /** Path of the checkpoint to begin with; undefined to begin anew. It is kept up to date unless another one is named. */
  readonly resume: string | undefined;
}

/** Milliseconds between two checkpoints. */
const keepMilliseconds = 500;

export class Keeper<State> {
  readonly #path: string | undefined;
  readonly #resume: string | undefined;
  readonly #kind: string;
  readonly #question: Question;
  #keptAt = performance.now();

  constructor({ checkpoint, resume }: Keeping, kind: string, question: Question) {
    this.#path = checkpoint ?? resume;
    this.#resume = resume;
    this.#kind = kind;
    this.#question = question;
  }

  /**
   * What an earlier search has laid down; undefined to begin anew.
   * @throws UsageError if it was another search
   */
  begin(): State | undefined {
    if (this.#resume === undefined) return undefined;
    return readCheckpoint(this.#resume, this.#kind, this.#question) as State;
  }

  /** Lays down the state if it is time. */
  keep(state: () => State): void {
    if (this.#path === undefined || performance.now() - this.#keptAt < keepMilliseconds) return;
    this.keepNow(state);
  }

  /** @throws UsageError if it cannot be written */
  keepNow(state: () => State): void {
    if (this.#path === undefined) return;
    writeCheckpoint(this.#path, this.#kind, this.#question, state());
    this.#keptAt = performance.now();
  }
}
