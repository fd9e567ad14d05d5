// What every struct of a kernel has: its memory, and the names that go with it.
import type { Allocated, Memory, Named } from '../machine/index.js';

export abstract class Struct implements Allocated, Named {
  readonly memory: Memory;
  readonly name: string;
  readonly label: string;

  constructor(memory: Memory) {
    this.memory = memory;
    this.name = memory.name;
    this.label = memory.label;
  }
}
