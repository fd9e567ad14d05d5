// The trace as one HTML file that asks nobody for anything: a column per CPU, bars for the locks that are held,
// and the state of the changed cells at a cursor. The text is readable without scripts; they move the cursor.
import { describe } from '../machine/index.js';
import { deadlockText } from './deadlock.js';
import { script, style } from './html-viewer.js';
import type { NoteEntry, StepEntry, Trace } from './trace.js';

/** A whole document. */
export function traceToHtml(trace: Trace): string {
  const page = new Rows(trace);
  const title = trace.rung === undefined ? trace.scenario : `${trace.scenario} on ${trace.rung}`;
  const { verdict } = trace;
  const message = verdict.kind === 'deadlock' ? deadlockText(verdict, trace) : describe(verdict);
  const counts = [
    count(trace.steps, 'step') +
      (trace.omitted === undefined ? '' : ', of which this has the last'),
    count(trace.switches, 'switch', 'switches'),
    count(trace.preemptions, 'preemption'),
  ].join(', ');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
<style>${style}</style>
<header>
<h1>${escape(title)}</h1>
<p class="verdict ${verdict.kind}"><b>${verdict.kind.toUpperCase()}</b></p>
<pre>${escape(message)}</pre>
<p>${counts}. Move with j and k, or with the arrow keys.</p>
<p class="locks">${page.legend()}</p>
</header>
<main>
<section><table id="steps">
<thead><tr><th>step${page.heads()}</thead>
<tbody>
${page.rows().join('\n')}
</tbody>
</table></section>
<aside><table id="state"><caption>state</caption><tbody></tbody></table></aside>
</main>
<script type="application/json" id="data">${embed(page.data())}</script>
<script>${script}</script>
</html>`;
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${String(n)} ${n === 1 ? one : many}`;
}

/** Text for any place in a document. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}

/** JSON that cannot end the script element that it stands in. */
function embed(data: unknown): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}

/** The golden angle keeps any number of hues apart. */
const hueStep = 137;

class Rows {
  readonly #trace: Trace;
  readonly #cpus: readonly number[];
  /** By name, the name that people know it by. */
  readonly #locks: ReadonlyMap<string, string>;
  readonly #cells: ReadonlyMap<string, number>;
  /** Per thread, how many calls are open and written. */
  readonly #depths: number[];
  /** Per thread, the open calls in which nothing has happened yet: a call without a row is none. */
  readonly #unwritten: string[][];
  /** Per thread, the locks held. */
  readonly #held: (readonly string[])[];
  /** Per row, what it changed: numbers of cells with their new values. */
  readonly #changes: (readonly [number, string])[][] = [];

  constructor(trace: Trace) {
    this.#trace = trace;
    this.#cpus = [...new Set(trace.threads.map(({ cpu }) => cpu))].sort((a, b) => a - b);
    const steps = trace.entries.filter((entry) => entry.kind === 'step');
    const held = new Set(steps.flatMap(({ locks }) => locks));
    const taken = steps.filter(({ locking, subject }) => locking && held.has(subject));
    this.#locks = new Map(taken.map(({ subject, label }) => [subject, label]));
    this.#cells = new Map(trace.cells.map(({ name }, i) => [name, i]));
    this.#depths = trace.threads.map(() => 0);
    this.#unwritten = trace.threads.map(() => []);
    this.#held = trace.threads.map(() => []);
  }

  heads(): string {
    return this.#cpus
      .map((cpu) => {
        const names = this.#trace.threads.filter((thread) => thread.cpu === cpu);
        return `<th>CPU${String(cpu)} <small>${escape(names.map(({ name }) => name).join(', '))}</small>`;
      })
      .join('');
  }

  legend(): string {
    return [...this.#locks]
      .map(([lock, label]) => `<span>${this.#bar(lock)} ${escape(label)}</span>`)
      .join('');
  }

  rows(): string[] {
    const rows: string[] = [];
    for (const entry of this.#trace.entries) {
      switch (entry.kind) {
        case 'enter':
          this.#unwritten[entry.thread]?.push(`${entry.name}(${entry.args.join(', ')})`);
          break;
        case 'leave':
          if (this.#unwritten[entry.thread]?.pop() === undefined) this.#deepen(entry.thread, -1);
          break;
        case 'step':
          rows.push(...this.#calls(entry.thread));
          this.#held[entry.thread] = entry.locks;
          rows.push(this.#row(entry.effect, entry.thread, entry.text, entry));
          break;
        case 'note':
          rows.push(...this.#calls(entry.thread));
          rows.push(this.#row('note', entry.thread, entry.text, entry));
          break;
        case 'event':
        case 'verdict':
          break;
      }
    }
    return rows;
  }

  /** What the script needs; after rows(). */
  data(): unknown {
    return {
      cells: this.#trace.cells.map(({ label, initial }) => [label, initial]),
      changes: this.#changes,
    };
  }

  /** The calls that the thread's next row is in. */
  #calls(thread: number): string[] {
    const calls = this.#unwritten[thread]?.splice(0) ?? [];
    return calls.map((call) => {
      const row = this.#row('call', thread, call);
      this.#deepen(thread, 1);
      return row;
    });
  }

  #deepen(thread: number, by: number): void {
    this.#depths[thread] = (this.#depths[thread] ?? 0) + by;
  }

  #row(kind: string, thread: number, text: string, entry?: StepEntry | NoteEntry): string {
    const { name = '', cpu = 0 } = this.#trace.threads[thread] ?? {};
    this.#changes.push(
      (entry?.writes ?? []).map((cell, i) => [this.#cells.get(cell) ?? -1, entry?.values[i] ?? '']),
    );
    const statement = `<span style="margin-left:${String(2 * (this.#depths[thread] ?? 0))}ch">${escape(text)}</span>`;
    const cells = this.#cpus.map((column) => {
      const bars = this.#barsOf(column);
      return `<td>${bars}${column === cpu ? statement : ''}`;
    });
    const number = entry?.kind === 'step' ? String(entry.n) : '';
    return `<tr class="${kind}" title="${escape(name)}"><td>${number}${cells.join('')}`;
  }

  #barsOf(cpu: number): string {
    const here = this.#trace.threads.flatMap((thread, i) =>
      thread.cpu === cpu ? (this.#held[i] ?? []) : [],
    );
    return [...this.#locks.keys()]
      .map((lock) => (here.includes(lock) ? this.#bar(lock) : '<i></i>'))
      .join('');
  }

  #bar(lock: string): string {
    const hue = ([...this.#locks.keys()].indexOf(lock) * hueStep) % 360;
    const label = escape(this.#locks.get(lock) ?? lock);
    return `<i style="background:hsl(${String(hue)} 65% 50%)" title="${label}"></i>`;
  }
}
