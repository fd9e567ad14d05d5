// Lists of all objects of a kind, for properties. The order must not tell in which execution an object was first made.

export function insertByName<T extends { readonly name: string }>(sorted: T[], object: T): void {
  const at = sorted.findIndex((other) => other.name > object.name);
  sorted.splice(at < 0 ? sorted.length : at, 0, object);
}
