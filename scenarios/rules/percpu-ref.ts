// Rules about percpu_ref: what percpu_ref_kill() has done when it returns, and what only a grace period does.
import type { Cell, Cpu, Path, PercpuRef } from '../../src/machine/index.js';
import { type Scenario, scenario } from '../scenario.js';
import type { RuleExample } from './rule.js';

/** A css whose owner takes it offline, and a lookup that must hand out none that is. */
interface World {
  readonly ref: PercpuRef;
  readonly offline: Cell<boolean>;
}

interface Question {
  readonly name: string;
  readonly about: string;
  readonly kill: (cpu: Cpu, world: World) => Path;
  readonly take: (cpu: Cpu, ref: PercpuRef) => Path<boolean>;
}

function killAndLookUp({ name, about, kill, take }: Question): Scenario {
  return scenario({
    name,
    about,
    setup: (m) => ({
      offline: m.cell('offline', false),
      ref: m.percpuRef('ref', function* () {
        // What is freed here does not matter.
      }),
    }),
    actors: (world) => ({
      *kill_css(cpu) {
        yield* kill(cpu, world);
      },
      *lookup(cpu) {
        yield* cpu.rcu_read_lock();
        const taken = yield* take(cpu, world.ref);
        const offline = yield* cpu.read(world.offline);
        yield* cpu.BUG_ON(taken && offline, 'a css that is offline was handed out');
        yield* cpu.rcu_read_unlock();
        if (taken) yield* cpu.percpu_ref_put(world.ref);
      },
    }),
  });
}

const tryget_live = (cpu: Cpu, ref: PercpuRef): Path<boolean> => cpu.percpu_ref_tryget_live(ref);
const tryget = (cpu: Cpu, ref: PercpuRef): Path<boolean> => cpu.percpu_ref_tryget(ref);

function* goOffline(cpu: Cpu, { offline }: World): Path {
  yield* cpu.write(offline, true);
}

function* killThenGoOffline(cpu: Cpu, world: World): Path {
  yield* cpu.percpu_ref_kill(world.ref);
  yield* goOffline(cpu, world);
}

function* goOfflineWhenConfirmed(cpu: Cpu, world: World): Path {
  yield* cpu.percpu_ref_kill_and_confirm(world.ref, function* (own) {
    yield* goOffline(own, world);
  });
}

export const percpuRefRules: readonly RuleExample[] = [
  {
    id: 'R63',
    rule: 'percpu_ref_kill() has returned: a live reference may still be given out, until the kill is confirmed.',
    source: 'percpu_ref_kill_and_confirm(), lib/percpu-refcount.c in v3.16; css_tryget_online()',
    broken: killAndLookUp({
      name: 'r63-kill',
      about: 'A css goes offline when percpu_ref_kill() has returned.',
      kill: killThenGoOffline,
      take: tryget_live,
    }),
    verdict: 'panic',
    says: 'a css that is offline was handed out',
    fails: 'sometimes',
    neighbour: killAndLookUp({
      name: 'r63-confirm',
      about: 'It goes offline when the kill is confirmed.',
      kill: goOfflineWhenConfirmed,
      take: tryget_live,
    }),
    difference: 'The confirmation comes after every lookup that did not see the kill.',
  },
  {
    id: 'R63',
    rule: 'percpu_ref_tryget() does not fail after the kill, nor after its confirmation, while references are left.',
    source: 'percpu_ref_tryget(), include/linux/percpu-refcount.h in v3.16',
    broken: killAndLookUp({
      name: 'r63-tryget',
      about: 'A lookup takes any reference that it can get.',
      kill: goOfflineWhenConfirmed,
      take: tryget,
    }),
    verdict: 'panic',
    says: 'a css that is offline was handed out',
    fails: 'sometimes',
    neighbour: killAndLookUp({
      name: 'r63-tryget-live',
      about: 'It takes a reference on what is alive.',
      kill: goOfflineWhenConfirmed,
      take: tryget_live,
    }),
    difference: 'percpu_ref_tryget_live() fails as soon as the kill is seen.',
  },
];
