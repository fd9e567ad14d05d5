// One status line on a terminal; nothing where stderr is a file or a pipe.

const barLength = 20;

/**
 * The line: a bar and a percentage, both rounded down, so that neither says 100 % before nothing is left.
 * @param done 0 to 1; undefined where nobody knows
 * @param width characters of the terminal
 */
export function progressLine(text: string, done: number | undefined, width: number): string {
  return (done === undefined ? text : `${bar(done)} ${text}`).slice(0, width - 1);
}

function bar(done: number): string {
  const full = Math.floor(done * barLength);
  const percent = done > 0 && done < 0.01 ? '<1' : String(Math.floor(done * 100));
  return `[${'#'.repeat(full).padEnd(barLength, '-')}] ${percent.padStart(3)} %`;
}

export class ProgressLine {
  readonly #shown = process.stderr.isTTY && process.env['CI'] === undefined;
  #length = 0;

  show(text: string, done?: number): void {
    if (!this.#shown) return;
    const line = progressLine(text, done, process.stderr.columns || 80);
    process.stderr.write(`\r${line.padEnd(this.#length)}`);
    this.#length = line.length;
  }

  clear(): void {
    if (this.#length === 0) return;
    process.stderr.write(`\r${''.padEnd(this.#length)}\r`);
    this.#length = 0;
  }
}
