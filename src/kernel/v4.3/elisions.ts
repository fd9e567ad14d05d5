// What the paths of 4.3 leave out beside those of cgroup/for-3.15 that they are built on.
import type { Elision } from '../elision.js';
import { elisions as earlier } from '../for-3.15/elisions.js';
import type { Pids } from './pids.js';

export const elisions: readonly Elision<Pids>[] = [
  ...(earlier as unknown as readonly Elision<Pids>[]),
  {
    id: 'pids-css-reference',
    path: 'task_pids',
    between: ['rcu_read_lock', 'rcu_read_unlock'],
    leavesOut:
      'the reference that pids_can_fork() and pids_fork() hold on the css; no cgroup is removed here',
    locks: [],
  },
  {
    id: 'pids-events',
    path: 'pids_can_fork',
    between: ['pids_try_charge', 'return'],
    leavesOut: 'the count of refusals and its message, which are later than 4.3',
    locks: [],
  },
  {
    id: 'zombie-relations',
    path: 'exit_notify',
    between: ['tasklist_lock is taken', 'tasklist_lock is dropped'],
    leavesOut: 'children, ptrace, process groups, and a leader that dies before its threads',
    locks: ['siglock'],
  },
  {
    id: 'wait-lookup',
    path: 'wait_for_child',
    between: ['wait_event', 'release_task'],
    leavesOut: 'the search for a child under tasklist_lock (read)',
    locks: ['tasklist_lock'],
  },
];
