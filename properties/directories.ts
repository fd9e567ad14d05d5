// What mkdir and rmdir promise: I-08, I-08b, I-26, I-27 and I-30. They look at every task and cgroup, so they are armed
// where directories are made or removed, and not in every scenario.
import type { cgroup } from '../src/kernel/for-3.15/cgroup.js';
import { CGRP_DEAD, CGRP_NOTIFY_ON_RELEASE } from '../src/kernel/for-3.15/cgroup.js';
import { type cgroup_subsys_state, CSS_ONLINE } from '../src/kernel/for-3.15/css.js';
import type { css_set } from '../src/kernel/for-3.15/css-set.js';
import type { For315 } from '../src/kernel/for-3.15/for-3.15.js';
import type { task_struct } from '../src/kernel/for-3.15/task.js';
import { EBUSY } from '../src/kernel/errno.js';
import {
  atEvent,
  broken,
  monitor,
  onChange,
  onChangeWhenFree,
  onEnd,
  onEvent,
  type Property,
} from '../src/machine/index.js';

/** The invariants of this file, in the order of their numbers. */
export function directoryInvariants(k: For315): Property[] {
  return [
    deadStaysEmpty(k),
    freedIsUnused(k),
    busyHasAReason(k),
    offlineInOrder(k),
    releaseIsTold(k),
  ];
}

/** I-08: whenever cgroup_mutex is free no live task is in a dead cgroup; and no new css_set stands for one. */
export function deadStaysEmpty(k: For315): Property {
  return monitor(
    'I-08 nobody is in a dead cgroup, and no new css_set is',
    undefined,
    onChangeWhenFree(k.cgroup_mutex, () => {
      for (const task of k.tasks()) {
        if (k.isExiting(task)) continue;
        const dead = task.cgroups.peek().subsys.peek().find(isDead);
        if (dead !== undefined) return broken(`${task.label} is in ${dead.label}, which is dead`);
      }
      return undefined;
    }),
    onEvent(k.events.css_set_linked, (_, { cset, cgrp }) =>
      isDead(cgrp)
        ? broken(`the new css_set ${cset.label} is linked to ${cgrp.label}, which is dead`)
        : undefined,
    ),
  );
}

/** I-08b: when a cgroup is freed no css_set stands for it, and it has neither child nor css. */
export function freedIsUnused(k: For315): Property {
  return atEvent(
    k.events.cgroup_freed,
    'I-08b a cgroup that is freed has no css_set, no child and no css',
    ({ cgrp }) => {
      const { cset_links, children, subsys } = cgrp;
      if (!cset_links.peekEmpty()) return `${cgrp.label} still has css_sets`;
      if (!children.peekEmpty()) return `${cgrp.label} still has children`;
      return subsys.every((css) => css.peek() === null) || `${cgrp.label} still has a css`;
    },
  );
}

/** A task that is past its unlinking, and the css_set that it has not given back yet. */
interface Leaver {
  readonly task: task_struct;
  readonly cset: css_set;
}

/** I-26: rmdir says -EBUSY only of a cgroup that has a task, one that is just leaving, or a child that is alive. */
export function busyHasAReason(k: For315): Property {
  return monitor<readonly Leaver[]>(
    'I-26 rmdir refuses only what has a task or a live child',
    [],
    onEvent(k.events.exit_unlinked, (leavers, { task }) => [
      ...leavers,
      { task, cset: task.cgroups.peek() },
    ]),
    onEvent(k.events.cgroup_exit_done, (leavers, { task }) =>
      leavers.filter((leaver) => leaver.task !== task),
    ),
    onEvent(k.events.rmdir_decided, (leavers, { cgrp, ret }) => {
      if (ret !== -EBUSY) return leavers;
      const csets = [
        ...k.tasks().map((task) => task.cgroups.peek()),
        ...leavers.map(({ cset }) => cset),
      ];
      const isUsed = csets.some((cset) => cset.subsys.peek().includes(cgrp));
      const hasChild = cgrp.children.peekAll().some((child) => !isDead(child));
      return isUsed || hasChild
        ? leavers
        : broken(`${cgrp.label} has neither, and its removal was refused`);
    }),
  );
}

/** I-27: a css goes offline once, after those of all children of its cgroup; and it is freed after that. */
export function offlineInOrder(k: For315): Property {
  return monitor<readonly cgroup_subsys_state[]>(
    'I-27 a css goes offline once, after its children, and is freed after that',
    [],
    onEvent(k.events.css_offlined, (offline, { css }) => {
      if (offline.includes(css)) return broken(`${css.label} goes offline twice`);
      const child = k.csses().find((other) => other.parent.peek() === css && isOnline(other));
      return child === undefined
        ? [...offline, css]
        : broken(`${css.label} goes offline before ${child.label}`);
    }),
    onEvent(k.events.css_freed, (offline, { css }) =>
      isOnline(css)
        ? broken(`${css.label} is freed while it is online`)
        : offline.filter((other) => other !== css),
    ),
  );
}

/**
 * I-30: a cgroup with notify_on_release that has become empty and is so in the end was told of since, unless it is
 * dead. More than once is allowed. An allocation that fails in the work item loses a cgroup for good: that can be
 * excused.
 */
export function releaseIsTold(k: For315, unlessAllocationFails = false): Property {
  return monitor<readonly cgroup[]>(
    'I-30 the release agent is told of a cgroup that has become empty',
    [],
    onChange((owed) => {
      const used = k.cgroups().filter((cgrp) => notifies(cgrp) && !isEmpty(cgrp));
      const newly = used.filter((cgrp) => !owed.includes(cgrp));
      return newly.length === 0 ? owed : [...owed, ...newly];
    }),
    onEvent(k.events.release_agent_chosen, (owed, { cgrp }) =>
      isEmpty(cgrp) ? owed.filter((other) => other !== cgrp) : owed,
    ),
    onEvent(k.events.release_agent_failed, (owed, { cgrp }) =>
      unlessAllocationFails ? owed.filter((other) => other !== cgrp) : owed,
    ),
    onEnd((owed) => {
      const there = k.cgroups();
      const lost = owed.find((cgrp) => there.includes(cgrp) && isEmpty(cgrp) && !isDead(cgrp));
      return lost === undefined ? owed : broken(`nobody was told that ${lost.label} is empty`);
    }),
  );
}

function isDead(cgrp: cgroup): boolean {
  return (cgrp.flags.peek() & CGRP_DEAD) !== 0;
}

function notifies(cgrp: cgroup): boolean {
  return (cgrp.flags.peek() & CGRP_NOTIFY_ON_RELEASE) !== 0;
}

function isEmpty(cgrp: cgroup): boolean {
  return cgrp.cset_links.peekEmpty() && cgrp.children.peekEmpty();
}

function isOnline(css: cgroup_subsys_state): boolean {
  return (css.flags.peek() & CSS_ONLINE) !== 0;
}
