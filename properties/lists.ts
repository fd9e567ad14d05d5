// Lists stay lists: I-18.
import type { For315 } from '../src/kernel/for-3.15/for-3.15.js';
import { always, type Property } from '../src/machine/index.js';

/** I-18: every list comes back to its head both ways, over nodes that are neither freed nor poisoned. */
export function listsAreSound(k: For315): Property {
  return always('I-18 every list is sound', () => firstDefect(k) ?? true);
}

/** Looked for after every change of any list, so it makes no list of lists. */
function firstDefect(k: For315): string | undefined {
  let defect = k.init_task_tasks.peekDefect() ?? k.css_set_table.peekDefect();
  for (const cgrp of k.cgroups()) defect ??= cgrp.cset_links.peekDefect();
  for (const { tasks, mg_tasks, cgrp_links } of k.css_sets()) {
    defect ??= tasks.peekDefect() ?? mg_tasks.peekDefect() ?? cgrp_links.peekDefect();
  }
  return defect;
}
