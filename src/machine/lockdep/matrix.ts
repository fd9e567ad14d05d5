// Bits for each pair of classes, in one typed array that grows by doubling: to look one up costs one read.
const firstSize = 16;

export class PairBits {
  #size = firstSize;
  #bits = new Uint8Array(firstSize * firstSize);

  /** Makes room for the classes 0 to `count` - 1. */
  reserve(count: number): void {
    while (this.#size < count) this.#double();
  }

  has(from: number, to: number, bit: number): boolean {
    return ((this.#bits[from * this.#size + to] as number) & bit) !== 0;
  }

  set(from: number, to: number, bit: number): void {
    const at = from * this.#size + to;
    this.#bits[at] = (this.#bits[at] as number) | bit;
  }

  clear(): void {
    this.#bits.fill(0);
  }

  #double(): void {
    const size = this.#size * 2;
    const bits = new Uint8Array(size * size);
    for (let row = 0; row < this.#size; row++) {
      bits.set(this.#bits.subarray(row * this.#size, (row + 1) * this.#size), row * size);
    }
    this.#size = size;
    this.#bits = bits;
  }
}
