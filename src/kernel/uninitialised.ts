// A pointer of an object whose maker has not filled it in yet. Nobody else can reach the object by then, so the
// value is never read; the type is that of the pointer, and every later reader is spared a test.

export const uninitialised = undefined as never;
