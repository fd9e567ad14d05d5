// Which failures a search is for: all of them, those of one bug, or those that somebody chooses.

/** A signature, or what says of one whether it is looked for. */
export type Wanted = string | ((signature: string) => boolean);

export function isWanted(wanted: Wanted | undefined, signature: string): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === 'string' ? wanted === signature : wanted(signature);
}
