// Breaks text into lines of a width: at a space, or behind a parenthesis, or where it must be.

/** Every line but the first gets `hang` spaces in front; all stay within the width. */
export function wrap(text: string, width: number, hang = 0): string[] {
  const lines: string[] = [];
  let rest = text;
  let room = Math.max(1, width);
  while (rest.length > room) {
    const space = rest.lastIndexOf(' ', room);
    const at = space > 0 ? space : rest.lastIndexOf('(', room - 1) + 1 || room;
    lines.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
    room = Math.max(1, width - hang);
  }
  if (rest !== '' || lines.length === 0) lines.push(rest);
  return lines.map((line, i) => (i === 0 ? line : ' '.repeat(hang) + line));
}
