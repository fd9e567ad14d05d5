// Lists stay lists: I-18.
import type { For315 } from '../src/kernel/for-3.15/for-3.15.js';
import { always, type ListHead, type Property } from '../src/machine/index.js';

/** I-18: every list comes back to its head both ways, over nodes that are neither freed nor poisoned. */
export function listsAreSound(k: For315): Property {
  return always('I-18 every list is sound', () => {
    for (const head of headsOf(k)) {
      const wrong = head.peekDefect();
      if (wrong !== undefined) return wrong;
    }
    return true;
  });
}

function headsOf(k: For315): ListHead<unknown>[] {
  return [
    k.init_task_tasks,
    k.css_set_table,
    ...k.cgroups().map((cgrp) => cgrp.cset_links),
    ...k.css_sets().flatMap((cset) => [cset.tasks, cset.mg_tasks, cset.cgrp_links]),
  ];
}
