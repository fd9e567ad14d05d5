// The gallery of historic races, in the order of the catalogue.
import type { GalleryEntry } from './entry.js';
import { r19 } from './r19-pids-double-charge.js';
import { r20 } from './r20-pids-late-uncharge.js';
import { r21 } from './r21-pids-cancel-elsewhere.js';
import { r25 } from './r25-read-vs-move.js';

export type { ForbiddenEntry, GalleryEntry, ProofClaim, RaceEntry } from './entry.js';

export const gallery: readonly GalleryEntry[] = [r19, r20, r21, r25];
