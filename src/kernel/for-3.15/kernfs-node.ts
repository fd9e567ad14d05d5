// The directory of a cgroup, as far as removing it waits for others: it outlives the cgroup, so that whoever comes
// too late finds it gone.
import { Struct } from '../struct.js';
import type { Cell, Memory, Mutex } from '../../machine/index.js';
import { uninitialised } from '../uninitialised.js';
import type { cgroup } from './cgroup.js';

/** KN_DEACTIVATED_BIAS, fs/kernfs/kernfs-internal.h: added to the count of a node that is being removed. */
export const KN_DEACTIVATED_BIAS = -(2 ** 31) + 1;

/** A directory together with its base files, which are one node here. */
export class kernfs_node extends Struct {
  /** What vfs_mkdir() and vfs_rmdir() hold, of the directory and of the one it is in. */
  readonly i_mutex: Mutex;
  /** Operations that are under way on its files. */
  readonly active: Cell<number>;
  /** Whether it is found by its name. */
  readonly linked: Cell<boolean>;
  readonly parent: Cell<kernfs_node | null>;
  readonly priv: Cell<cgroup>;

  constructor(memory: Memory) {
    super(memory);
    this.i_mutex = memory.mutex('i_mutex');
    this.active = memory.cell<number>('active', 0);
    this.linked = memory.cell<boolean>('linked', false);
    this.parent = memory.cell<kernfs_node | null>('parent', null);
    this.priv = memory.cell<cgroup>('priv', uninitialised);
  }
}
