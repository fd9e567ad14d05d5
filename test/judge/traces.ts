// Counts the traces of a program in two ways that know nothing of each other: by what kernel functions do, and by what
// the machine tells of its steps. Properties are left out, which the first way does not know.
import { enumerate } from '../../scheduler/index.js';
import { CanonicalForm } from '../support/canonical.js';
import { FootprintForm } from '../support/footprint-form.js';
import type { Engine } from './engine.js';
import { everyStatement, type ProgramText } from './language.js';
import { usualEffort } from './reference.js';
import { rememberedOf, stage } from './stage.js';

/** Where a thread waits at the head of a loop, who may go on depends on more than on what steps touch. */
export function hasLoopHeads({ threads }: ProgramText): boolean {
  return threads.some((block) => [...everyStatement(block)].some((each) => each.do === 'spin'));
}

export const traceCounts: Engine = {
  name: 'traces',
  disagreements: ({ text }) => {
    if (hasLoopHeads(text)) return [];
    const machine = stage({ ...text, properties: [] }).build('search');
    const canonical = new CanonicalForm(machine, rememberedOf(machine));
    const footprint = new FootprintForm(machine);
    const pairs = new Map<string, string>();
    const reverse = new Map<string, string>();
    const found: string[] = [];
    enumerate(
      { name: 'judged', build: () => machine },
      {
        ...usualEffort,
        all: true,
        onRun: () => {
          const [mine, told] = [canonical.take(), footprint.take()];
          const otherTold = pairs.get(mine);
          const otherMine = reverse.get(told);
          if (otherTold === undefined) pairs.set(mine, told);
          else if (otherTold !== told)
            found.push(`the machine tells of more:\n${told}\n${otherTold}`);
          if (otherMine === undefined) reverse.set(told, mine);
          else if (otherMine !== mine) found.push(`the machine does not tell all:\n${told}`);
        },
      },
    );
    return found.sort().slice(-1);
  },
};
