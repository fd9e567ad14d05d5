// A directory, for its lock alone.
import type { Memory, Mutex } from '../../machine/index.js';
import { Struct } from '../struct.js';

export class inode extends Struct {
  readonly i_mutex: Mutex;

  constructor(memory: Memory) {
    super(memory);
    this.i_mutex = memory.mutex('i_mutex');
  }
}
