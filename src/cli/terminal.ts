// How wide the user's terminal is.

/** Columns to use: what the terminal has, within reason; 80 where stdout is no terminal. */
export function terminalWidth(): number {
  const columns = process.stdout.isTTY ? process.stdout.columns : 80;
  return Math.min(Math.max(columns, 60), 200);
}
