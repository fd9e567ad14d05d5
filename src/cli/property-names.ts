// How properties are called where there is little room.

/** A property's number where it has one: `I-02 every live task is linked` is I-02; `I-01b` is another than I-01. */
export function shortName(name: string): string {
  return /^I-\d+[a-z]?/.exec(name)?.[0] ?? name;
}
