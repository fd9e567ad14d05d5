// The gallery of historic races, in the order of the catalogue.
import type { GalleryEntry } from './entry.js';
import { r01 } from './r01-enable-vs-zombie.js';
import { r02, r02b } from './r02-enable-vs-exit.js';
import { r04, r04b } from './r04-enable-vs-fork.js';
import { r11 } from './r11-attach-vs-exit.js';
import { r12, r12b } from './r12-attach-vs-last-exit.js';
import { r13 } from './r13-put-vs-find.js';
import { kthreadBound, kthreaddMoved } from './kthread-vs-attach.js';
import { r14 } from './r14-deposed-leader.js';
import { r14b } from './r14-dying-thread.js';
import { r15 } from './r15-exit-during-move.js';
import { r16 } from './r16-cycle.js';
import { r16b, r16c } from './r16-waits-for-leader.js';
import { r17a, r17b } from './r17-css-set-not-found.js';
import { r18 } from './r18-child-escapes-freezing.js';
import { r19 } from './r19-pids-double-charge.js';
import { r20 } from './r20-pids-late-uncharge.js';
import { r21 } from './r21-pids-cancel-elsewhere.js';
import { r23 } from './r23-dead-leader.js';
import { r24 } from './r24-iterator-position.js';
import { r25 } from './r25-read-vs-move.js';
import { r25b } from './r25b-standing-walk.js';
import { r26 } from './r26-kill-vs-fork.js';
import { r29 } from './r29-clone-into-vs-rmdir.js';
import { r36Busy, r36Sleep } from './r36-rmdir-vs-css-put.js';
import { r57 } from './r57-thawed-at-resume.js';
import { r58, r58b } from './r58-traced-escapes.js';
import { r60a, r60b, r60w } from './r60-css-set-lock.js';
import { r61 } from './r61-frozen-count.js';
import { r64 } from './r64-charge-vs-exit.js';

export type { ForbiddenEntry, GalleryEntry, ProofClaim, RaceEntry } from './entry.js';

// prettier-ignore
export const gallery: readonly GalleryEntry[] = [
  r01,
  r02,
  r02b,
  r04,
  r04b,
  r11,
  r12,
  r12b,
  r13,
  r14,
  r14b,
  r15,
  r16,
  r16b,
  r16c,
  r17a,
  r17b,
  r18,
  r19,
  r20,
  r21,
  r23,
  ...r24,
  r25,
  r25b,
  ...r26,
  r29,
  r36Busy,
  r36Sleep,
  r57,
  r58,
  r58b,
  r60w,
  r60a,
  r60b,
  r61,
  r64,
  kthreadBound,
  kthreaddMoved,
];
