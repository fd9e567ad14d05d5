// list_head and its primitives: one event each, with the stores of the C function.
import * as list from '../list.js';
import type { ListHead } from '../list.js';
import type { Step } from '../op.js';
import { BarrierSteps } from './barrier-steps.js';

export abstract class ListSteps<out Task> extends BarrierSteps<Task> {
  /** True if the list is empty; of a node, true if it is on no list. */
  list_empty(head: ListHead<unknown>): Step<boolean> {
    return this.op.make(list.LIST_EMPTY, head) as Step<boolean>;
  }

  /** The object of the first node, or undefined. */
  list_first<T>(head: ListHead<T>): Step<T | undefined> {
    return this.op.make(list.LIST_FIRST, head) as Step<T | undefined>;
  }

  /** The object after `node` on the list of `head`, or undefined at the end. */
  list_next<T>(node: ListHead<T>, head: ListHead<T>): Step<T | undefined> {
    return this.op.make(list.LIST_NEXT, node, head) as Step<T | undefined>;
  }

  list_add<T>(node: ListHead<T>, head: ListHead<T>): Step<void> {
    return this.op.make(list.LIST_ADD, node, head) as Step<void>;
  }

  list_add_tail<T>(node: ListHead<T>, head: ListHead<T>): Step<void> {
    return this.op.make(list.LIST_ADD_TAIL, node, head) as Step<void>;
  }

  /** Takes the node off and poisons it. */
  list_del(node: ListHead<unknown>): Step<void> {
    return this.op.make(list.LIST_DEL, node) as Step<void>;
  }

  /** Takes the node off and makes it empty. */
  list_del_init(node: ListHead<unknown>): Step<void> {
    return this.op.make(list.LIST_DEL_INIT, node) as Step<void>;
  }

  list_move<T>(node: ListHead<T>, head: ListHead<T>): Step<void> {
    return this.op.make(list.LIST_MOVE, node, head) as Step<void>;
  }

  list_move_tail<T>(node: ListHead<T>, head: ListHead<T>): Step<void> {
    return this.op.make(list.LIST_MOVE_TAIL, node, head) as Step<void>;
  }

  /** Moves all of `from` to the end of `to`. */
  list_splice_tail_init<T>(from: ListHead<T>, to: ListHead<T>): Step<void> {
    return this.op.make(list.LIST_SPLICE_TAIL_INIT, from, to) as Step<void>;
  }
}
