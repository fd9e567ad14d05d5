// What random programs have in them and come to: a generator that hardly ever makes anything happen judges nothing.
import { blocksOf, everyStatement, type Statement } from './language.js';
import type { Subject } from './subject.js';

export class Features {
  readonly #counts = new Map<string, number>();
  subjects = 0;
  failing = 0;
  /** Programs with more than one end state. */
  open = 0;
  schedules = 0;

  add({ text, reference }: Subject): void {
    this.subjects++;
    this.schedules += reference.schedules;
    if (reference.failures.size > 0) this.failing++;
    if (reference.endStates.size > 1) this.open++;
    const found = new Set<string>();
    for (const block of text.threads) {
      for (const statement of everyStatement(block)) {
        for (const feature of featuresOf(statement)) found.add(feature);
      }
    }
    const usesRwsem = [...found].some((feature) => feature.includes(' sem '));
    if (usesRwsem) found.add(`rwsem ${text.rwsem}`);
    if ([...found].some((feature) => feature.includes(' rw '))) found.add(`rwlock ${text.rwlock}`);
    if (text.faults > 0 && found.has('kmalloc')) found.add('allocation fault');
    found.add(`${String(text.threads.length)} threads`);
    for (const { holds } of text.properties) found.add(`property ${holds}`);
    for (const signature of reference.failures.keys()) found.add(verdictOf(signature));
    if (reference.endStates.size > 1) found.add('more than one end');
    for (const feature of found) this.#counts.set(feature, this.count(feature) + 1);
  }

  /** In how many programs it was. */
  count(feature: string): number {
    return this.#counts.get(feature) ?? 0;
  }

  /** Those of the list that fewer programs have than `least`. */
  rarerThan(least: number, features: readonly string[]): string[] {
    return features.filter((feature) => this.count(feature) < least);
  }

  get lines(): string[] {
    return [...this.#counts].sort(([, a], [, b]) => b - a).map(([f, n]) => `${String(n)} ${f}`);
  }
}

function* featuresOf(statement: Statement): Generator<string, void, void> {
  yield statement.do;
  if (statement.do === 'call') yield `call ${statement.form}`;
  if (statement.do === 'lock' || statement.do === 'trylock') {
    yield `${statement.do} ${statement.lock} ${lockMode(statement)}`;
  }
  if ('value' in statement && typeof statement.value === 'string') yield `value ${statement.value}`;
  if (statement.do === 'wait_event' && statement.exclusive) yield 'wait_event exclusive';
  if (statement.do === 'spawn') yield statement.join ? 'spawn join' : 'spawn alone';
  for (const block of blocksOf(statement)) {
    if (statement.do === 'lock' && block.some((inner) => inner.do === 'lock')) yield 'nested locks';
  }
}

function lockMode({ lock, mode }: { readonly lock: string; readonly mode: string }): string {
  return lock === 'rw' || lock === 'sem' ? mode : 'write';
}

/** What kind of verdict it is, without what differs from program to program. */
function verdictOf(signature: string): string {
  if (signature.startsWith('violation')) return signature.replace(/\d+ /, '');
  if (signature.startsWith('panic')) {
    const [what] =
      /use after free|double free|BUG|non-owner|poison|freed while/.exec(signature) ?? [];
    return `panic ${what ?? signature}`;
  }
  return /^(lost wakeup|lock rule|\w+)/.exec(signature)?.[0] ?? signature;
}
