// The searches as the judge asks them.
import { Execution, explore, prove, RandomWalk, reduce } from '../../scheduler/index.js';
import type { Machine } from '../../src/machine/index.js';
import { type Answer, differences, type Engine, findingDifferences } from './engine.js';
import { directly } from './direct.js';
import { reducingOrders } from './dpor-engine.js';
import { usualEffort } from './reference.js';
import { visitingStates } from './stateful-engine.js';
import { endState } from './stage.js';
import type { Subject } from './subject.js';
import { traceCounts } from './traces.js';

const { stepsMax, runsMax } = usualEffort;

/** A proof, or a finding with the fewest preemptions of all. */
export const proving: Engine = {
  name: 'prove',
  disagreements: (subject) => {
    const proof = prove(subject.program, { stepsMax, runsMax: 10 * runsMax });
    if (proof.outcome === 'limit') return ['it came to its limit'];
    const answer: Answer = { failed: proof.outcome === 'broken', finding: proof.finding };
    const found = differences(answer, subject);
    if (proof.finding !== undefined && !proof.minimal) found.push('it is not proved minimal');
    const fewest = Math.min(...subject.reference.failures.values());
    if (proof.finding !== undefined && proof.finding.preemptions !== fewest) {
      found.push(`${String(fewest)} preemptions suffice, not ${String(proof.finding.preemptions)}`);
    }
    return found;
  },
};

/** What chance comes to is something that the enumerator has seen; on the way whoever could go on is runnable. */
export const walking: Engine = {
  name: 'random walk',
  disagreements: ({ program, reference }) => {
    const machine = program.build('search');
    const walk = new AuditedWalk(machine);
    const execution = new Execution(machine, walk, { stepsMax, all: true });
    walk.beginBlock(0);
    for (let n = 0; n < 20; n++) {
      execution.run();
      const end = endState(machine);
      if (!reference.endStates.has(end)) return [`no schedule ends so:\n${end}`];
    }
    return [...walk.complaints].slice(0, 1);
  },
};

/** A random walk that compares, before each step, who is runnable with who could take his pending operation. */
class AuditedWalk extends RandomWalk {
  readonly keepsTime = true;
  readonly complaints = new Set<string>();
  readonly #machine: Machine;

  constructor(machine: Machine) {
    super('judge');
    this.#machine = machine;
  }

  override choose(): number {
    const { runnable, threadCount } = this.#machine;
    for (let t = 0; t < threadCount; t++) {
      const { name, ended, stopped, op } = this.#machine.thread(t);
      const could = !ended && !stopped && op.isEnabled;
      if (could === runnable.has(t)) continue;
      const what = could ? 'could go on and is not runnable' : 'is runnable and cannot go on';
      this.complaints.add(`${name} ${what} in ${op.primitive.name}()`);
    }
    return super.choose();
  }
}

/** The default campaign's finding is one, and reduced it has the fewest preemptions for what it shows. */
export const reducing: Engine = {
  name: 'reduce',
  disagreements: ({ program, reference }) => {
    const campaign = explore(program, {
      seed: 'judge',
      runs: 64,
      stepsMax,
      strategies: ['random'],
    });
    const { finding } = campaign;
    if (finding === undefined) return [];
    const reduced = reduce(program, finding, { stepsMax });
    return [
      ...findingDifferences(program, finding, reference, false),
      ...findingDifferences(program, reduced.finding, reference, true),
      ...(reduced.minimal ? [] : ['it is not proved minimal']),
    ];
  },
};

/** The machine's own word: what a step depends on is what it has touched. */
export const footprints: Engine = {
  name: 'footprints',
  disagreements: ({ reference }) =>
    reference.contradiction === undefined ? [] : [reference.contradiction],
};

/** Everything that there is. */
export const allEngines: readonly Engine[] = [
  footprints,
  traceCounts,
  walking,
  proving,
  reducing,
  reducingOrders(),
  visitingStates(),
  directly,
];

/** What all engines say against a program, each sentence with the engine's name. */
export function complaints(subject: Subject, engines: readonly Engine[] = allEngines): string[] {
  return engines.flatMap((engine) =>
    engine.disagreements(subject).map((sentence) => `${engine.name}: ${sentence}`),
  );
}
