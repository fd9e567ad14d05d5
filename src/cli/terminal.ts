// The user's terminal.

/** Columns to use: what the terminal has, within reason; 80 where stdout is no terminal. */
export function terminalWidth(): number {
  const columns = process.stdout.isTTY ? process.stdout.columns : 80;
  return Math.min(Math.max(columns, 60), 200);
}

/** For workers: what a module prints is for people, and stdout is for data. */
export function printToStderr(): void {
  process.stdout.write = process.stderr.write.bind(process.stderr);
}
