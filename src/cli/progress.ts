// One status line on a terminal; nothing where stderr is a file or a pipe.

export class ProgressLine {
  readonly #shown = process.stderr.isTTY && process.env['CI'] === undefined;
  #length = 0;

  show(text: string): void {
    if (!this.#shown) return;
    const line = text.slice(0, (process.stderr.columns || 80) - 1);
    process.stderr.write(`\r${line.padEnd(this.#length)}`);
    this.#length = line.length;
  }

  clear(): void {
    if (this.#length === 0) return;
    process.stderr.write(`\r${''.padEnd(this.#length)}\r`);
    this.#length = 0;
  }
}
