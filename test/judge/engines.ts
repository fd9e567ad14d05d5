// The searches as the judge asks them.
import { Execution, explore, prove, RandomWalk, reduce } from '../../scheduler/index.js';
import { type Answer, differences, type Engine, findingDifferences } from './engine.js';
import { usualEffort } from './reference.js';
import { endState } from './stage.js';
import type { Subject } from './subject.js';

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

/** What chance comes to is something that the enumerator has seen. */
export const walking: Engine = {
  name: 'random walk',
  disagreements: ({ program, reference }) => {
    const walk = new RandomWalk('judge');
    const execution = new Execution(program.build('search'), walk, { stepsMax, all: true });
    walk.beginBlock(0);
    for (let n = 0; n < 20; n++) {
      execution.run();
      const end = endState(execution.machine);
      if (!reference.endStates.has(end)) return [`no schedule ends so:\n${end}`];
    }
    return [];
  },
};

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
export const allEngines: readonly Engine[] = [footprints, proving, walking, reducing];

/** What all engines say against a program, each sentence with the engine's name. */
export function complaints(subject: Subject, engines: readonly Engine[] = allEngines): string[] {
  return engines.flatMap((engine) =>
    engine.disagreements(subject).map((sentence) => `${engine.name}: ${sentence}`),
  );
}
