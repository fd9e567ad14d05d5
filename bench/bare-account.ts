// The yardstick W1 as one writes it in five minutes: n threads, m times { lock; read x; write x + 1; unlock }, as
// generators whose every operation is a yield, in one loop with an xorshift pick. It knows nothing but this program.

type BareOperation =
  | { readonly kind: 'lock' }
  | { readonly kind: 'read' }
  | { readonly kind: 'write'; readonly value: number }
  | { readonly kind: 'unlock' };

interface BareThread {
  readonly generator: Generator<BareOperation, void, number>;
  next: IteratorResult<BareOperation, void>;
}

export class BareAccount {
  readonly #threads: number;
  readonly #times: number;
  #random = 88675123;
  #x = 0;
  #locked = false;

  constructor(threads: number, times: number) {
    this.#threads = threads;
    this.#times = times;
  }

  *#add(): Generator<BareOperation, void, number> {
    for (let i = 0; i < this.#times; i++) {
      yield { kind: 'lock' };
      const seen = yield { kind: 'read' };
      yield { kind: 'write', value: seen + 1 };
      yield { kind: 'unlock' };
    }
  }

  /** One execution under a random walk. */
  run(): void {
    this.#x = 0;
    this.#locked = false;
    const threads: BareThread[] = [];
    for (let t = 0; t < this.#threads; t++) {
      const generator = this.#add();
      threads.push({ generator, next: generator.next() });
    }
    for (;;) {
      const runnable = threads.filter((thread) => this.#couldGoOn(thread));
      if (runnable.length === 0) break;
      const thread = runnable[this.#below(runnable.length)] as BareThread;
      thread.next = thread.generator.next(this.#act(thread.next.value as BareOperation));
    }
    if (this.#x !== this.#threads * this.#times) throw new Error('an update was lost');
  }

  #couldGoOn({ next }: BareThread): boolean {
    return next.done !== true && !(next.value.kind === 'lock' && this.#locked);
  }

  #act(operation: BareOperation): number {
    switch (operation.kind) {
      case 'lock':
        this.#locked = true;
        return 0;
      case 'read':
        return this.#x;
      case 'write':
        this.#x = operation.value;
        return 0;
      case 'unlock':
        this.#locked = false;
        return 0;
    }
  }

  #below(bound: number): number {
    this.#random ^= this.#random << 13;
    this.#random ^= this.#random >>> 17;
    this.#random ^= this.#random << 5;
    return (this.#random >>> 0) % bound;
  }
}
