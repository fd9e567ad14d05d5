// An __rcu pointer: a cell that readers follow inside read sections and updaters change under a lock. What the
// kernel's checks say of each access (CONFIG_PROVE_RCU), this says in every schedule. The memory barriers of
// rcu_assign_pointer() and rcu_dereference() add nothing to sequential consistency, nor to x86's total store order.
import { Cell } from '../cell.js';
import type { Lock } from '../locks/lock.js';
import { showValue } from '../names.js';
import { type Operation, Primitive, READ, WRITE } from '../op.js';
import {
  type AccessUse,
  DEPENDENCY_READ,
  MARKED_READ,
  MARKED_WRITE,
  PLAIN_READ,
  RELEASING_WRITE,
} from '../races/access.js';
import { isReading } from './read-section.js';

/** A cell like any other to whoever reads or writes it by other steps. */
export class RcuPointer<in out T> extends Cell<T> {
  readonly protection = 'RCU';
}

const label = (op: Operation): string => (op.subject as RcuPointer<unknown>).label;

/** A read with a check; `isProtected` says whether the access is all right. */
function reading(
  name: string,
  access: AccessUse,
  isProtected: (op: Operation) => boolean,
  complaint: string,
): Primitive {
  return new Primitive({
    name,
    access,
    plain: true,
    act: (op) => {
      if (!isProtected(op)) {
        const what = `suspicious RCU usage: ${name}(${label(op)}) by ${op.slot.name} ${complaint}`;
        op.machine.breakRule('K-11', what);
      }
      return READ.act(op);
    },
    effect: 'reads',
    narrate: (op, value) => `${name}(${label(op)}): ${showValue(value)}`,
  });
}

/** Whether the thread holds lock `a`, or the condition `a` is true. */
function isHeld({ a, thread }: Operation): boolean {
  return typeof a === 'boolean' ? a : (a as Lock).isHeldBy(thread);
}

export const RCU_DEREFERENCE = reading(
  'rcu_dereference',
  DEPENDENCY_READ,
  (op) => isReading(op.slot),
  'outside any read section',
);

export const RCU_DEREFERENCE_CHECK = reading(
  'rcu_dereference_check',
  DEPENDENCY_READ,
  (op) => isReading(op.slot) || isHeld(op),
  'outside any read section and without the lock',
);

export const RCU_DEREFERENCE_PROTECTED = reading(
  'rcu_dereference_protected',
  PLAIN_READ,
  isHeld,
  'without the lock',
);

/** Reads a pointer that is not followed: never wrong. */
export const RCU_ACCESS_POINTER = reading('rcu_access_pointer', MARKED_READ, () => true, '');

function writing(name: string, access: AccessUse): Primitive {
  return new Primitive({
    name,
    access,
    plain: true,
    act: (op) => WRITE.act(op),
    narrate: (op) => `${name}(${label(op)}, ${showValue(op.a)})`,
  });
}

export const RCU_ASSIGN_POINTER = writing('rcu_assign_pointer', RELEASING_WRITE);
export const RCU_INIT_POINTER = writing('RCU_INIT_POINTER', MARKED_WRITE);
