// Lists stay lists: I-18.
import { always, type Property } from '../src/machine/index.js';
import type { CssSetView, KernelView, TaskView } from './view.js';

/** I-18: every list comes back to its head both ways, over nodes that are neither freed nor poisoned. */
export function listsAreSound<T extends TaskView, C extends CssSetView>(
  k: KernelView<T, C>,
): Property {
  return always('I-18 every list is sound', () => k.firstListDefect() ?? true);
}
