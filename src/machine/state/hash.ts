// 64-bit hashes in two 32-bit lanes: JavaScript has no fast 64-bit integers. The lanes use different constants, so that
// they are as good as independent; each step is a full avalanche in the manner of MurmurHash3 (Appleby, public domain).

/** The first lane: `hash` with a value mixed in. Order matters. */
export function mixA(hash: number, value: number): number {
  let h =
    Math.imul(hash ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul((value + 0x7f4a7c15) | 0, 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  h = Math.imul(h, 0x297a2d39);
  return h ^ (h >>> 15);
}

/** The second lane. */
export function mixB(hash: number, value: number): number {
  let h =
    Math.imul(hash ^ 0x3c6ef372, 0xcc9e2d51) ^ Math.imul((value + 0x165667b1) | 0, 0x1b873593);
  h ^= h >>> 16;
  h = Math.imul(h, 0x7feb352d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x846ca68b);
  return h ^ (h >>> 16);
}

/** A text in the first lane. */
export function textA(text: string): number {
  let h = 0x811c9dc5 | 0;
  for (let n = 0; n < text.length; n++) h = mixA(h, text.charCodeAt(n));
  return h;
}

/** A text in the second lane. */
export function textB(text: string): number {
  let h = 0x01000193;
  for (let n = 0; n < text.length; n++) h = mixB(h, text.charCodeAt(n));
  return h;
}

/** Both halves of a value's hash as one word, for the first lane. */
export function foldA(a: number, b: number): number {
  return a ^ b;
}

/** The same for the second lane: the two words together tell as much as the two halves. */
export function foldB(a: number, b: number): number {
  return (a + Math.imul(b, 0x9e3779b1)) | 0;
}
