// A 64-bit hash for checksums and digests: it notices edits and drift, it keeps no secrets. Two lanes of
// MurmurHash3 (x86, 32 bits; Appleby 2011) with different seeds. Where we differ: every UTF-16 code unit of the
// text is one block, so that no bytes have to be made.

/** 16 hexadecimal digits. */
export function hash64(text: string): string {
  return hex(lane(text, 0x9747b28c)) + hex(lane(text, 0x5bd1e995));
}

function lane(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) {
    let block = Math.imul(text.charCodeAt(i), 0xcc9e2d51);
    block = Math.imul(rotate(block, 15), 0x1b873593);
    hash = Math.imul(rotate(hash ^ block, 13), 5) + 0xe6546b64;
  }
  return mix(hash ^ text.length);
}

/** The finaliser: every bit of the input changes half of the output's bits. */
function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
