// Objects in the order of their names. They come in the order in which executions first make them, which must not
// show; sorting them only when somebody looks keeps a hundred thousand of them cheap.

export class ByName<T extends { readonly name: string }> {
  readonly #known = new Set<T>();
  readonly #all: T[] = [];
  #isSorted = true;

  /** False if it was there already. */
  add(object: T): boolean {
    if (this.#known.has(object)) return false;
    this.#known.add(object);
    this.#all.push(object);
    this.#isSorted = false;
    return true;
  }

  get all(): readonly T[] {
    if (!this.#isSorted) this.#all.sort((a, b) => (a.name < b.name ? -1 : 1));
    this.#isSorted = true;
    return this.#all;
  }
}
