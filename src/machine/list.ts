// struct list_head: circular, doubly linked, intrusive. Each primitive does the stores of the C function as one
// step with the footprint of the neighbours it touches, which is right where every reader holds the list's lock.
import { Cell, load, PeekError, poison, store } from './cell.js';
import { limits } from '../limits.js';
import type { Machine } from './machine.js';
import type { Named } from './names.js';
import { type Operation, Primitive } from './op.js';
import { LIST_READ, LIST_UPDATE } from './races/access.js';

/** What list_del() leaves in a node; following it is a page fault. */
const LIST_POISON = { name: 'LIST_POISON', label: 'LIST_POISON' } as unknown as ListHead<never>;

export class ListHead<out T> implements Named {
  readonly #owner: Named | undefined;
  readonly #field: string;
  /** container_of(): the object that this node is part of; undefined for the head of a list. */
  readonly container: T | undefined;
  readonly next: Cell<ListHead<unknown>>;
  readonly prev: Cell<ListHead<unknown>>;

  constructor(owner: Named | undefined, field: string, container: T | undefined) {
    this.#owner = owner;
    this.#field = field;
    this.container = container;
    this.next = new Cell<ListHead<unknown>>(this, 'next', this);
    this.prev = new Cell<ListHead<unknown>>(this, 'prev', this);
  }

  get name(): string {
    return this.#owner === undefined ? this.#field : `${this.#owner.name}.${this.#field}`;
  }

  get label(): string {
    return this.#owner === undefined ? this.#field : `${this.#owner.label}->${this.#field}`;
  }

  /** For properties: list_empty(). Of a node: true if it is on no list. */
  peekEmpty(): boolean {
    return this.next.peek() === this;
  }

  /** For properties: true of a node that list_del() has taken off. It is not empty, and on no list. */
  peekDeleted(): boolean {
    return this.next.peek() === LIST_POISON;
  }

  /**
   * For properties: what is on the list that this is the head of, in order.
   * @throws PeekError if the list does not come back to its head
   */
  peekAll(): T[] {
    const found: T[] = [];
    let mark: ListHead<unknown> | undefined;
    let next = 1;
    for (let node = this.next.peek(); node !== this; node = node.next.peek()) {
      if (node === mark || node === LIST_POISON || found.length === limits.listNodesMax) {
        throw new PeekError(`${this.name} does not come back to its head`);
      }
      found.push(node.container as T);
      // Brent (1980): a circle that leaves the head out comes back to a mark that is set further and further apart.
      if (found.length === next) {
        mark = node;
        next *= 2;
      }
    }
    return found;
  }

  /**
   * For properties: undefined if the list that this is the head of is sound, both ways, else what is wrong.
   * @throws PeekError if it reaches freed memory
   */
  peekDefect(): string | undefined {
    return defectOf(this);
  }
}

function defectOf(head: ListHead<unknown>): string | undefined {
  let node = head;
  // A circle that leaves the head out has a node with two predecessors, and only one of them is its prev.
  for (let n = 0; n <= limits.listNodesMax; n++) {
    const next = node.next.peek();
    if (next === LIST_POISON) return `${node.name} was deleted, but is still on ${head.name}`;
    const back = next.prev.peek();
    if (back !== node) {
      return `on ${head.name}, ${next.name} follows ${node.name}, but its prev is ${back.name}`;
    }
    if (next === head) return undefined;
    node = next;
  }
  return `${head.name} does not come back to its head`;
}

/** Follows one pointer for a step; undefined, and the thread stopped, if it leads nowhere. */
function follow(op: Operation, cell: Cell<ListHead<unknown>>): ListHead<unknown> | undefined {
  op.machine.races?.touched(cell as Cell<unknown>, false);
  const node = op.load(cell);
  if (node === poison) {
    op.machine.useAfterFree(op, cell as Cell<unknown>);
    return undefined;
  }
  if (node === LIST_POISON) {
    op.machine.panic(
      op,
      `${op.primitive.name}() followed the poison in ${cell.name}: it was deleted before`,
    );
    return undefined;
  }
  if (op.load(node.next) === poison) {
    op.machine.useAfterFree(op, node.next as Cell<unknown>);
    return undefined;
  }
  return node;
}

/** One store of a list primitive. */
function set(op: Operation, cell: Cell<ListHead<unknown>>, node: ListHead<unknown>): void {
  op.store(cell, node);
  op.machine.races?.touched(cell as Cell<unknown>, true);
}

function link(
  op: Operation,
  prev: ListHead<unknown>,
  node: ListHead<unknown>,
  next: ListHead<unknown>,
): void {
  set(op, next.prev, node);
  set(op, node.next, next);
  set(op, node.prev, prev);
  set(op, prev.next, node);
}

/** Takes a node out between its neighbours; false if the thread was stopped on the way. */
function unlink(op: Operation, node: ListHead<unknown>): boolean {
  const next = follow(op, node.next);
  if (next === undefined) return false;
  const prev = follow(op, node.prev);
  if (prev === undefined) return false;
  set(op, next.prev, prev);
  set(op, prev.next, next);
  return true;
}

function addAfter(op: Operation, node: ListHead<unknown>, head: ListHead<unknown>): void {
  const next = follow(op, head.next);
  if (next !== undefined && isLive(op, node)) link(op, head, node, next);
}

function addBefore(op: Operation, node: ListHead<unknown>, head: ListHead<unknown>): void {
  const prev = follow(op, head.prev);
  if (prev !== undefined && isLive(op, node)) link(op, prev, node, head);
}

function isLive(op: Operation, node: ListHead<unknown>): boolean {
  if (op.load(node.next) !== poison) return true;
  op.machine.useAfterFree(op, node.next as Cell<unknown>);
  return false;
}

const nodeOf = (op: Operation): ListHead<unknown> => op.subject as ListHead<unknown>;
const headOf = (op: Operation): ListHead<unknown> => op.a as ListHead<unknown>;

/** A node reads as the object it is part of: `child`, not `child->cg_list`. */
function nodeLabel(node: ListHead<unknown>): string {
  return (node.container as Named | undefined)?.label ?? node.label;
}

function narrateOne(op: Operation): string {
  return `${op.primitive.name}(${nodeLabel(nodeOf(op))})`;
}

function narrateTwo(op: Operation): string {
  return `${op.primitive.name}(${nodeLabel(nodeOf(op))}, ${headOf(op).label})`;
}

function narrateFound(op: Operation, found: unknown): string {
  return `first of ${nodeOf(op).label}: ${found === undefined ? 'none' : (found as Named).label}`;
}

/** True if the head's list is empty; of a node, true if it is on no list. */
export const LIST_EMPTY = new Primitive({
  name: 'list_empty',
  access: LIST_READ,
  act: (op) => {
    const list = nodeOf(op);
    op.machine.races?.touched(list.next as Cell<unknown>, false);
    const next = op.load(list.next);
    if (next === poison) {
      op.machine.useAfterFree(op, list.next as Cell<unknown>);
      return;
    }
    return next === list;
  },
  effect: 'reads',
  plain: true,
  narrate: (op, empty) => `list_empty(${nodeOf(op).label}): ${empty === true ? 'yes' : 'no'}`,
});

/** The object of the first node of the list, or undefined. */
export const LIST_FIRST = new Primitive({
  name: 'list_first_entry_or_null',
  access: LIST_READ,
  act: (op) => {
    const head = nodeOf(op);
    const node = follow(op, head.next);
    return node === head ? undefined : node?.container;
  },
  effect: 'reads',
  plain: true,
  narrate: narrateFound,
});

/** The object after a node (`subject`) of a list (`a`), or undefined at the end. */
export const LIST_NEXT = new Primitive({
  name: 'list_next_entry',
  access: LIST_READ,
  act: (op) => {
    const node = follow(op, nodeOf(op).next);
    return node === headOf(op) ? undefined : node?.container;
  },
  effect: 'reads',
  plain: true,
  narrate: (op, found) =>
    `after ${nodeLabel(nodeOf(op))}: ${found === undefined ? 'none' : (found as Named).label}`,
});

export const LIST_ADD = new Primitive({
  name: 'list_add',
  access: LIST_UPDATE,
  plain: true,
  act: (op) => {
    addAfter(op, nodeOf(op), headOf(op));
  },
  narrate: narrateTwo,
});

export const LIST_ADD_TAIL = new Primitive({
  name: 'list_add_tail',
  access: LIST_UPDATE,
  plain: true,
  act: (op) => {
    addBefore(op, nodeOf(op), headOf(op));
  },
  narrate: narrateTwo,
});

/** Takes the node off and poisons it. */
export const LIST_DEL = new Primitive({
  name: 'list_del',
  access: LIST_UPDATE,
  plain: true,
  act: (op) => {
    const node = nodeOf(op);
    if (!unlink(op, node)) return;
    set(op, node.next, LIST_POISON);
    set(op, node.prev, LIST_POISON);
  },
  narrate: narrateOne,
});

/** Takes the node off and makes it empty. */
export const LIST_DEL_INIT = new Primitive({
  name: 'list_del_init',
  access: LIST_UPDATE,
  plain: true,
  act: (op) => {
    const node = nodeOf(op);
    if (!unlink(op, node)) return;
    set(op, node.next, node);
    set(op, node.prev, node);
  },
  narrate: narrateOne,
});

/** The node never looks empty in between, as in the C function. */
export const LIST_MOVE = new Primitive({
  name: 'list_move',
  access: LIST_UPDATE,
  plain: true,
  act: (op) => {
    if (unlink(op, nodeOf(op))) addAfter(op, nodeOf(op), headOf(op));
  },
  narrate: narrateTwo,
});

/** The node never looks empty in between, as in the C function. */
export const LIST_MOVE_TAIL = new Primitive({
  name: 'list_move_tail',
  access: LIST_UPDATE,
  plain: true,
  act: (op) => {
    if (unlink(op, nodeOf(op))) addBefore(op, nodeOf(op), headOf(op));
  },
  narrate: narrateTwo,
});

/** Moves all nodes of the list `subject` to the end of the list `a`; `subject` is empty afterwards. */
export const LIST_SPLICE_TAIL_INIT = new Primitive({
  name: 'list_splice_tail_init',
  access: LIST_UPDATE,
  plain: true,
  act: (op) => {
    const from = nodeOf(op);
    const to = headOf(op);
    const first = follow(op, from.next);
    const last = follow(op, from.prev);
    const tail = follow(op, to.prev);
    if (first === undefined || last === undefined || tail === undefined || first === from) return;
    set(op, first.prev, tail);
    set(op, tail.next, first);
    set(op, last.next, to);
    set(op, to.prev, last);
    set(op, from.next, from);
    set(op, from.prev, from);
  },
  narrate: narrateTwo,
});

/** For setup: appends without a step. */
export function settleTail(
  node: ListHead<unknown>,
  head: ListHead<unknown>,
  machine: Machine,
): void {
  const { journal } = machine;
  const prev = load(head.prev);
  store(head.prev, node, journal);
  store(node.next, head, journal);
  store(node.prev, prev, journal);
  store(prev.next, node, journal);
}
