// Threads that hardly ever meet, from Flanagan and Godefroid, "Dynamic partial-order reduction", POPL 2005.
// Which threads there are is a parameter: those that meet nobody multiply schedules, never executions.
import type { Program } from '../../../scheduler/index.js';
import { at, list, program, type Body } from '../../../test/support/program.js';

/** The numbers 0 to n - 1: all threads of a program of n. */
export function upTo(n: number): number[] {
  return list(n, (tid) => tid);
}

const tableSize = 128;
const messages = 4;

/** Threads insert four messages each into one hash table; from 12 threads on, some hash alike. */
export function indexer(tids: readonly number[]): Program {
  return program(`indexer(${tids.join()})`, (m) => {
    const table = list(tableSize, (h) => m.cell(`table[${String(h)}]`, 0));
    return {
      actors: named(
        tids,
        (tid) =>
          function* (cpu) {
            for (let i = 0; i < messages; i++) {
              const w = 11 * i + tid;
              let h = (7 * w) % tableSize;
              while ((yield* cpu.cmpxchg(at(table, h), 0, w)) !== 0) h = (h + 1) % tableSize;
            }
          },
      ),
    };
  });
}

const inodeCount = 32;
const blockCount = 26;

/** Threads allocate a block for an inode each; threads i and i + 13 want the same block first. */
export function filesystem(tids: readonly number[]): Program {
  return program(`filesystem(${tids.join()})`, (m) => {
    const locki = list(inodeCount, (i) => m.mutex(`locki[${String(i)}]`));
    const inode = list(inodeCount, (i) => m.cell(`inode[${String(i)}]`, 0));
    const lockb = list(blockCount, (b) => m.mutex(`lockb[${String(b)}]`));
    const busy = list(blockCount, (b) => m.cell(`busy[${String(b)}]`, false));
    return {
      actors: named(
        tids,
        (tid) =>
          function* (cpu) {
            const i = tid % inodeCount;
            yield* cpu.mutex_lock(at(locki, i));
            if ((yield* cpu.read(at(inode, i))) === 0) {
              let b = (2 * i) % blockCount;
              for (;;) {
                yield* cpu.mutex_lock(at(lockb, b));
                if (!(yield* cpu.read(at(busy, b)))) {
                  yield* cpu.write(at(busy, b), true);
                  yield* cpu.write(at(inode, i), b + 1);
                  yield* cpu.mutex_unlock(at(lockb, b));
                  break;
                }
                yield* cpu.mutex_unlock(at(lockb, b));
                b = (b + 1) % blockCount;
              }
            }
            yield* cpu.mutex_unlock(at(locki, i));
          },
      ),
    };
  });
}

function named(tids: readonly number[], body: (tid: number) => Body): Record<string, Body> {
  return Object.fromEntries(tids.map((tid) => [`t${String(tid)}`, body(tid)]));
}
