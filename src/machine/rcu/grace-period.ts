// synchronize_rcu(): it returns as soon as every read section that was open when it was called has ended, which is the
// earliest that is legal; later is the scheduler's choice. One event where no section was open, else a second one
// when it returns. Not modelled: that grace periods are shared, and how long they take.
import { load, store } from '../cell.js';
import { type Operation, Primitive } from '../op.js';
import { OpenSections } from './open-sections.js';
import { isReading } from './read-section.js';

function synchronizing(name: string): Primitive {
  return new Primitive({
    name,
    announce,
    act,
    isEnabled: (op) => load(op.slot.rcu.awaited).areOver,
    blockers: (op, visit) => {
      load(op.slot.rcu.awaited).visitOpen(visit);
    },
    forget: (op) => {
      op.machine.rcu.waiting.remove(op.thread);
    },
    narrate: (op) => `${name}()${op.isPending ? ': waits for readers' : ''}`,
  });
}

export const SYNCHRONIZE_RCU = synchronizing('synchronize_rcu');
export const SYNCHRONIZE_RCU_EXPEDITED = synchronizing('synchronize_rcu_expedited');

/** It may sleep, and in a read section it waits for itself (K-07, K-11). */
function announce(op: Operation): void {
  op.subject = gracePeriod;
  const { slot, machine, primitive } = op;
  if (isReading(slot)) {
    const what = `${slot.name} calls ${primitive.name}() inside a read section: it waits for itself`;
    machine.breakRule('K-11', what);
  } else {
    machine.contexts.mightSleep(op);
  }
}

/** What such a thread waits for, as people say it. */
const gracePeriod = { name: 'the end of a read section', label: 'grace period' };

function act(op: Operation): void {
  const { machine, slot } = op;
  const { rcu, journal } = machine;
  if (op.phase === 0) {
    const open = rcu.begin(slot);
    if (open.areOver) {
      rcu.end(slot);
      return;
    }
    store(slot.rcu.awaited, open, journal);
    op.phase = 1;
    op.keepPending();
    rcu.waiting.add(op.thread);
    machine.blockOnLock(op);
    return;
  }
  op.phase = 0;
  rcu.end(slot);
  store(slot.rcu.awaited, OpenSections.none, journal);
  rcu.waiting.remove(op.thread);
}
