// How a word of flags reads in a trace.

/** Names the bits of a flag word; 0 where none is set. */
export function showBits(
  ...names: readonly (readonly [bit: number, name: string])[]
): (word: number) => string {
  return (word) => {
    const set = names.filter(([bit]) => (word & bit) !== 0).map(([, name]) => name);
    return set.length === 0 ? String(word) : set.join(' | ');
  };
}
