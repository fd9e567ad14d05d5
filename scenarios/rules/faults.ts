// Rules about steps that may fail: what was done before them must be undone.
import {
  type Allocated,
  atEnd,
  type Cell,
  type Cpu,
  type Memory,
} from '../../src/machine/index.js';
import { scenario } from '../scenario.js';
import type { RuleExample } from './rule.js';

class css_set implements Allocated {
  readonly memory: Memory;
  readonly is: Cell<'new' | 'allocated' | 'linked'>;

  constructor(memory: Memory) {
    this.memory = memory;
    this.is = memory.cell<'new' | 'allocated' | 'linked'>('is', 'new');
  }
}

class cgrp_cset_link implements Allocated {
  readonly memory: Memory;

  constructor(memory: Memory) {
    this.memory = memory;
  }
}

const leak = (name: string, freesFirst: boolean) =>
  scenario({
    name,
    about: 'Two objects are allocated, and only the failure of the second is looked at half-way.',
    faults: 1,
    setup: (m) => {
      const made: css_set[] = [];
      m.onAllocation((object) => {
        if (object instanceof css_set) made.push(object);
      });
      return { made };
    },
    actors: () => ({
      *find_css_set(cpu: Cpu) {
        const cset = yield* cpu.kmalloc(css_set);
        if (cset === null) return;
        yield* cpu.init(cset.is, 'allocated');
        const link = yield* cpu.kmalloc(cgrp_cset_link);
        if (link === null) {
          if (freesFirst) yield* cpu.kfree(cset);
          return;
        }
        yield* cpu.write(cset.is, 'linked');
      },
    }),
    properties: ({ made }) => [
      atEnd('every css_set is linked or freed', () => {
        const lost = made.filter(
          ({ memory, is }) => !memory.peekFreed() && is.peek() === 'allocated',
        );
        return lost.length === 0 || `${String(lost.length)} css_set is neither linked nor freed`;
      }),
    ],
  });

const allocation = (name: string, gfp: 'GFP_KERNEL' | 'GFP_ATOMIC') =>
  scenario({
    name,
    about: 'Memory is allocated while a spinlock is held.',
    setup: (m) => ({ lock: m.spinlock('lock') }),
    actors: ({ lock }) => ({
      *thread(cpu) {
        yield* cpu.spin_lock(lock);
        yield* cpu.kmalloc(cgrp_cset_link, 'link', gfp);
        yield* cpu.spin_unlock(lock);
      },
    }),
  });

const veto = (name: string, cancels: boolean) =>
  scenario({
    name,
    about: 'One subsystem charges for a task in can_attach, and the next one refuses it.',
    faults: 1,
    setup: (m) => ({ charged: m.cell('charged', 0), moved: m.cell('moved', false) }),
    actors: ({ charged, moved }) => ({
      *attach(cpu) {
        yield* cpu.fetch_add(charged, 1);
        if (yield* cpu.veto('can_attach of cpuset')) {
          if (cancels) yield* cpu.fetch_add(charged, -1);
          return;
        }
        yield* cpu.write(moved, true);
      },
    }),
    properties: ({ charged, moved }) => [
      atEnd(
        'who did not move is not charged',
        () =>
          charged.peek() === (moved.peek() ? 1 : 0) ||
          'a charge is left of a move that was refused',
      ),
    ],
  });

export const faultRules: readonly RuleExample[] = [
  {
    id: 'K-16',
    rule: 'What was allocated before an allocation that fails must be freed.',
    source: 'find_css_set(), kernel/cgroup.c, v3.15, which frees the css_set',
    broken: leak('leak-on-second-failure', false),
    verdict: 'violation',
    says: '1 css_set is neither linked nor freed',
    fails: 'sometimes',
    neighbour: leak('free-on-second-failure', true),
    difference: 'The first object is freed where the second allocation fails.',
  },
  {
    id: 'K-16',
    rule: 'GFP_KERNEL may sleep, so it is not for atomic context, whether or not this allocation would have slept.',
    source: 'Documentation/core-api/memory-allocation.rst',
    broken: allocation('gfp-kernel-under-spinlock', 'GFP_KERNEL'),
    verdict: 'panic',
    says: 'sleeping function kmalloc() called from invalid context',
    fails: 'always',
    neighbour: allocation('gfp-atomic-under-spinlock', 'GFP_ATOMIC'),
    difference: 'It is GFP_ATOMIC, which never sleeps.',
  },
  {
    id: 'I-15',
    rule: 'A subsystem that has charged in can_attach must be told when a later one refuses.',
    source: 'cancel_attach of struct cgroup_subsys, kernel/cgroup.c, v3.15',
    broken: veto('veto-after-charge', false),
    verdict: 'violation',
    says: 'a charge is left of a move that was refused',
    fails: 'sometimes',
    neighbour: veto('veto-after-charge-cancelled', true),
    difference: 'The charge is taken back where the move is refused.',
  },
];
