// What a step reads, adds to and changes, by what the kernel's functions do: written without a look at what the machine
// tells searches of it, because it judges that. What a step of a lock or a queue did depends on how it was before, so
// that is remembered.
import type {
  Allocated,
  Completion,
  ListHead,
  Lock,
  Operation,
  Rwlock,
  Rwsem,
  WaitQueue,
} from '../../src/machine/index.js';

export type Way = 'reads' | 'adds' | 'writes';
export type Touch = readonly [thing: unknown, way: Way];

/** The queues, completions and list nodes of a program, whose states are remembered from step to step. */
export interface Remembered {
  readonly queues: readonly WaitQueue[];
  readonly completions: readonly Completion[];
  readonly nodes: readonly ListHead<unknown>[];
}

/** How they were after a step. */
interface Past {
  /** Names of those who wait, by queue or completion. */
  readonly waiters: ReadonlyMap<unknown, readonly string[]>;
  readonly done: ReadonlyMap<Completion, number>;
  readonly links: ReadonlyMap<unknown, { readonly next: Node; readonly prev: Node }>;
}
type Node = ListHead<unknown>;

export class Touching {
  readonly #remembered: Remembered;
  readonly #atFirst: Past;
  #past: Past;
  /** Names of things that have none, such as the reader count of a lock. */
  readonly #parts = new Map<unknown, Map<string, string>>();
  /** Threads that are the next ones of queued rwlocks. */
  #next = new Map<unknown, number>();
  /** By thread: the lock in whose queue it is. */
  #queuedOn = new Map<number, unknown>();

  constructor(remembered: Remembered) {
    this.#remembered = remembered;
    this.#atFirst = this.#past = this.#look();
  }

  /** A new execution begins. */
  restart(): void {
    this.#past = this.#atFirst;
    this.#next = new Map();
    this.#queuedOn = new Map();
  }

  /** What the step that has just been taken has touched; undefined for a primitive that is not known here. */
  of(op: Operation, result: unknown): readonly Touch[] | undefined {
    const touched = op.slot.stopped ? this.#ofPanic(op) : this.#ofStep(op, result);
    this.#past = this.#look();
    return touched;
  }

  #look(): Past {
    const { queues, completions, nodes } = this.#remembered;
    return {
      waiters: new Map<unknown, readonly string[]>([
        ...queues.map((queue) => [queue, queue.peekWaiters()] as const),
        ...completions.map((each) => [each, each.waiters.peek().map(({ name }) => name)] as const),
      ]),
      done: new Map(completions.map((completion) => [completion, completion.done.peek()])),
      links: new Map(
        nodes.map((node) => [node, { next: node.next.peek(), prev: node.prev.peek() }]),
      ),
    };
  }

  /** A thing that is part of another one. */
  #part(whole: unknown, name: string): unknown {
    let parts = this.#parts.get(whole);
    if (parts === undefined) this.#parts.set(whole, (parts = new Map<string, string>()));
    let part = parts.get(name);
    if (part === undefined) {
      part = `${String((whole as { readonly name?: unknown }).name)}.${name}`;
      parts.set(name, part);
    }
    return part;
  }

  /** Who meets freed memory, or gives up what he does not have, has only looked. */
  #ofPanic({ subject, primitive }: Operation): Touch[] {
    if (primitive.lock !== undefined) return [[this.#part(subject, 'holder'), 'reads']];
    if (primitive.name.startsWith('list_')) {
      const node = subject as Node;
      return [[node.next, 'reads']];
    }
    return [
      [
        primitive.name === 'kfree' ? this.#part((subject as Allocated).memory, 'freed') : subject,
        'reads',
      ],
    ];
  }

  #ofStep(op: Operation, result: unknown): readonly Touch[] | undefined {
    const { subject } = op;
    switch (op.primitive.name) {
      case 'read':
      case 'atomic_read':
        return [[subject, 'reads']];
      case 'cmpxchg':
        return [[subject, result === op.a ? 'writes' : 'reads']];
      case 'atomic_add_unless':
        return [[subject, result === true ? 'writes' : 'reads']];
      case 'write':
      case 'xchg':
      case 'fetch_add':
      case 'atomic_inc':
      case 'atomic_dec':
      case 'atomic_dec_and_test':
      case 'set_bits':
      case 'clear_bits':
      case 'set_bit':
      case 'clear_bit':
        return [[subject, 'writes']];
      case 'spawn':
      case 'join':
      case 'schedule':
      case 'emit':
        return [];
      case 'kmalloc':
        return [['faults', result === null ? 'writes' : 'reads']];
      case 'kfree':
        return this.#freeing(subject as Allocated);
      default:
        if (op.primitive.lock !== undefined) return this.#locking(op, result);
        if (op.primitive.name.startsWith('list_')) return this.#listing(op);
        return this.#waiting(op, result);
    }
  }

  #freeing(object: Allocated): Touch[] {
    return [this.#part(object.memory, 'freed'), ...object.memory.cells].map(
      (thing) => [thing, 'writes'] as const,
    );
  }

  // --- Locks ------------------------------------------------------------------------------------------------

  #locking(op: Operation, result: unknown): readonly Touch[] {
    const lock = op.subject as Lock & { readonly type: string };
    if (lock.type === 'rwsem') return this.#rwsem(op, result);
    const holder = this.#part(lock, 'holder');
    const failed = op.primitive.lock?.does === 'try' && result !== true;
    if (lock.type !== 'rwlock') return [[holder, failed ? 'reads' : 'writes']];
    return 'queue' in lock ? this.#queuedRwlock(op, failed) : this.#rwlock(op, failed);
  }

  #rwlock(op: Operation, failed: boolean): Touch[] {
    const lock = op.subject as Rwlock;
    const [holder, readers] = [this.#part(lock, 'holder'), this.#part(lock, 'readers')];
    const tries = op.primitive.lock?.does === 'try';
    if (op.primitive.lock?.mode === 'read') {
      return failed ? [[holder, 'reads']] : [...reading(holder), [readers, 'adds']];
    }
    if (failed) return lock.isHeldForWriting() ? reading(holder) : reading(holder, readers);
    return [[holder, 'writes'], ...(tries ? reading(readers) : [])];
  }

  #queuedRwlock(op: Operation, failed: boolean): Touch[] {
    const lock = op.subject as Rwlock;
    const [holder, readers] = [this.#part(lock, 'holder'), this.#part(lock, 'readers')];
    const queue = this.#part(lock, 'queue');
    const { does, mode } = op.primitive.lock ?? {};
    const gains: Touch = mode === 'read' ? [readers, 'adds'] : [holder, 'writes'];
    if (does === 'release') return [...reading(holder), gains];
    const isFirst = this.#next.get(lock) !== undefined;
    const waits = op.isPending;
    const wasQueued = this.#queuedOn.get(op.thread) === lock;
    const looks: Touch[] = reading(holder, queue);
    const heldByWriter = waits || failed ? lock.isHeldForWriting() : false;
    const asks = wasQueued || !isFirst;
    if (mode === 'write' && asks && !heldByWriter) looks.push([readers, 'reads']);
    if (failed) return looks;
    if (waits) {
      this.#queuedOn.set(op.thread, lock);
      if (op.phase === 2) this.#next.set(lock, op.thread);
      return [...looks, [queue, 'writes']];
    }
    if (!wasQueued) return [...looks, gains];
    this.#queuedOn.delete(op.thread);
    if (this.#next.get(lock) === op.thread) this.#next.delete(lock);
    return [...looks, [queue, 'writes'], gains];
  }

  #rwsem(op: Operation, result: unknown): Touch[] {
    const sem = op.subject as Rwsem;
    const [holder, readers, queue, waker] = ['holder', 'readers', 'queue', 'waker'].map((part) =>
      this.#part(sem, part),
    );
    const { does, mode } = op.primitive.lock ?? {};
    const reads = mode === 'read';
    const gains: Touch = reads ? [readers, 'adds'] : [holder, 'writes'];
    if (op.primitive.name === 'downgrade_write')
      return [
        [holder, 'writes'],
        [readers, 'adds'],
      ];
    if (does === 'release') {
      if (reads) return [...reading(holder), gains];
      if (op.b !== undefined) return [...reading(holder), [waker, 'writes']];
      if (op.isPending) return [gains, ...reading(queue), [waker, 'writes']];
      return [gains, ...(sem.policy === 'stealing' ? reading(queue) : [])];
    }
    const looks = reading(holder);
    const granted = does === 'try' ? result === true : !op.isPending;
    if (this.#queuedOn.get(op.thread) === sem) {
      this.#queuedOn.delete(op.thread);
      return [...looks, [queue, 'writes'], gains];
    }
    if (!reads && (granted || !sem.isHeldForWriting())) looks.push([readers, 'reads']);
    const isFree = granted || !(sem.isHeldForWriting() || (!reads && sem.isHeld()));
    if (isFree) looks.push([queue, 'reads']);
    if (isFree && does !== 'try' && !reads && sem.policy === 'stealing') {
      looks.push([waker, 'reads']);
    }
    if (granted) return [...looks, gains];
    if (does === 'try') return looks;
    this.#queuedOn.set(op.thread, sem);
    return [...looks, [queue, 'writes']];
  }

  // --- Lists ------------------------------------------------------------------------------------------------

  #listing(op: Operation): Touch[] | undefined {
    const node = op.subject as Node;
    const { next, prev } = this.#linksOf(node);
    const around: Touch[] = [
      ...reading(node.next, node.prev, next.next, prev.next),
      [next.prev, 'writes'],
      [prev.next, 'writes'],
    ];
    switch (op.primitive.name) {
      case 'list_empty':
        return reading(node.next);
      case 'list_first_entry_or_null':
        return reading(node.next, next.next);
      case 'list_add': {
        const head = op.a as Node;
        const first = this.#linksOf(head).next;
        return [...reading(head.next, first.next), ...linking(head, node, first)];
      }
      case 'list_add_tail': {
        const head = op.a as Node;
        const last = this.#linksOf(head).prev;
        return [...reading(head.prev, last.next), ...linking(last, node, head)];
      }
      case 'list_del':
      case 'list_del_init':
        return [...around, [node.next, 'writes'], [node.prev, 'writes']];
      default:
        return undefined;
    }
  }

  #linksOf(node: Node): { readonly next: Node; readonly prev: Node } {
    return this.#past.links.get(node) ?? { next: node, prev: node };
  }

  // --- Waiting ----------------------------------------------------------------------------------------------

  #waiting(op: Operation, result: unknown): Touch[] | undefined {
    const { subject, slot } = op;
    const self = this.#part(slot, 'sleep');
    const waiters = this.#part(subject, 'waiters');
    const before = this.#past.waiters.get(subject) ?? [];
    const done = this.#part(subject, 'done');
    switch (op.primitive.name) {
      case 'prepare_to_wait':
      case 'prepare_to_wait_exclusive':
        if (before.includes(slot.name)) return reading(waiters, self);
        return [
          [waiters, 'writes'],
          [self, 'writes'],
        ];
      case 'finish_wait':
        if (!before.includes(slot.name)) return reading(self);
        return [
          [waiters, 'writes'],
          [self, 'writes'],
        ];
      case 'wake_up':
      case 'wake_up_all': {
        const after = (subject as WaitQueue).peekWaiters();
        const woken = before.filter((name) => !after.includes(name));
        return [
          [this.#part(subject, 'last'), 'writes'],
          [waiters, woken.length > 0 ? 'writes' : 'reads'],
          ...woken.map((name) => [`${name}.sleep`, 'writes'] as const),
        ];
      }
      case 'wait_for_completion':
        if (op.isPending) return [...reading(done), [waiters, 'writes']];
        return [[done, this.#isUsedUp(op) ? 'writes' : 'reads']];
      case 'try_wait_for_completion':
        return [[done, result === true && this.#isUsedUp(op) ? 'writes' : 'reads']];
      case 'complete':
        return [
          [done, 'writes'],
          [waiters, before.length > 0 ? 'writes' : 'reads'],
        ];
      case 'complete_all':
        return [
          [done, 'writes'],
          [waiters, 'writes'],
        ];
      default:
        return undefined;
    }
  }

  /** Whether taking one away from the completion changes it. */
  #isUsedUp({ subject }: Operation): boolean {
    return this.#past.done.get(subject as Completion) !== Number.POSITIVE_INFINITY;
  }
}

/** __list_add(), and a look whether the node is freed memory. */
function linking(prev: Node, node: Node, next: Node): Touch[] {
  const changed = [next.prev, node.next, node.prev, prev.next];
  return [...reading(node.next), ...changed.map((cell) => [cell, 'writes'] as const)];
}

function reading(...things: readonly unknown[]): Touch[] {
  return things.map((thing) => [thing, 'reads'] as const);
}
