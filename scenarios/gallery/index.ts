// The gallery of historic races, in the order of the catalogue.
import type { GalleryEntry } from './entry.js';

export type { ForbiddenEntry, GalleryEntry, ProofClaim, RaceEntry } from './entry.js';

export const gallery: readonly GalleryEntry[] = [];
