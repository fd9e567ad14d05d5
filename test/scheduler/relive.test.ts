import { beforeAll, describe, expect, it } from 'vitest';
import {
  atEnd,
  type Cell,
  type Cpu,
  describe as describeVerdict,
  type Path,
} from '../../src/machine/index.js';
import {
  enumerate,
  type Program,
  prove,
  type Recorded,
  relive,
  replay,
} from '../../scheduler/index.js';
import { program } from '../support/program.js';
import { edited, forkInSmall, programOfText } from '../support/model-text.js';
import { realChanges, refactorings } from '../support/model-edits.js';

let recorded: Recorded;
const stepsMax = 10_000;

beforeAll(async () => {
  const original = await programOfText(forkInSmall);
  const { finding } = prove(original, { stepsMax });
  if (finding === undefined) throw new Error('the model is not broken');
  const { course, choices } = replay(original, finding.schedule);
  recorded = { schedule: choices, signature: finding.signature, course };
});

describe('a refactoring', () => {
  it.each(Object.entries(refactorings))('%s', async (_, edit) => {
    const model = await programOfText(edited(forkInSmall, edit));
    const { how, replay: again } = relive(model, recorded, { stepsMax, runs: 0 });
    expect(how).toBe('by labels');
    expect(again.finding.signature).toBe(recorded.signature);
  });
});

describe('a change that matters', () => {
  it.each(Object.entries(realChanges))('%s', async (_, { edit, how, gone, other }) => {
    const model = await programOfText(edited(forkInSmall, edit));
    const found = relive(model, recorded, { stepsMax, runs: 20_000 });
    expect(found.how).toBe(how);
    const place: readonly string[] = found.gone ? [found.gone.place, found.gone.instead] : [];
    expect(place).toEqual(gone ?? []);
    const message = found.other && describeVerdict(found.other.verdict);
    if (other === undefined) expect(message).toBeUndefined();
    else expect(message).toContain(other);
    const again = replay(model, found.replay.choices, { stepsMax });
    expect(again.finding).toEqual(found.replay.finding);
    if (how === 'after search') {
      expect(again.finding.signature).toBe(recorded.signature);
      expect(again.finding.preemptions).toBe(1);
      // Near the prefix: by chance it takes hundreds.
      expect(found.searched?.runs).toBeLessThan(50);
    } else {
      // Small enough for the search to have looked at everything with as many preemptions.
      expect(found.searched?.clearedTo).toBeGreaterThanOrEqual(1);
      const { finding } = enumerate(model, {
        stepsMax,
        preemptionsMax: 1,
        signature: recorded.signature,
      });
      expect(finding).toBeUndefined();
    }
  });

  it('is not searched for without a budget', async () => {
    const model = await programOfText(
      edited(forkInSmall, Object.values(realChanges)[1]?.edit ?? []),
    );
    const found = relive(model, recorded, { stepsMax, runs: 0 });
    expect(found).toMatchObject({ how: 'no longer', searched: undefined });
  });
});

describe('a file from before there were courses', () => {
  const old = (): Recorded => ({ schedule: recorded.schedule, signature: recorded.signature });

  it('is followed by the numbers of its choices', async () => {
    const model = await programOfText(forkInSmall);
    const found = relive(model, old(), { stepsMax, runs: 0 });
    expect(found).toMatchObject({ how: 'by position', gone: undefined, renames: [] });
  });

  it('is searched on from there', async () => {
    const moved = await programOfText(
      edited(forkInSmall, refactorings['another thread comes first'] ?? []),
    );
    const found = relive(moved, old(), { stepsMax, runs: 20_000 });
    expect(found.how).toBe('after search');
    expect(found.replay.finding.signature).toBe(recorded.signature);
  });
});

describe('where the operation is gone before which a thread gave way', () => {
  /** Two updates of x, each with something unrelated in the middle. */
  const updates = (middle: (cpu: Cpu, debug: Cell<number>) => Path): Program =>
    program('updates', (m) => {
      const [x, debug] = [m.cell('x', 0), m.cell('debug', 0)];
      function* update(cpu: Cpu): Path {
        const old = yield* cpu.read(x);
        yield* middle(cpu, debug);
        yield* cpu.write(x, old + 1);
      }
      return {
        actors: { a: update, b: update },
        properties: [atEnd('no update is lost', () => x.peek() === 2)],
      };
    });

  it('what it had done last is still there', () => {
    const before = updates(function* (cpu, debug) {
      yield* cpu.write(debug, 1);
    });
    const { finding, choices, course } = replay(before, [{ at: 1, pick: 1 }]);
    expect(finding.signature).toBe('violation no update is lost');
    expect(course?.turns[0]?.before?.to).toBe('debug');
    const after = updates(function* () {
      // Nothing any more.
    });
    const recordedThere = { schedule: choices, course, signature: finding.signature };
    const found = relive(after, recordedThere, { runs: 0 });
    expect(found).toMatchObject({ how: 'by labels', gone: undefined });
    expect(found.followed).toBeLessThan(10);
    expect(found.replay.choices).toMatchObject([{ at: 1, pick: 1, label: 'b read(x)#1' }]);
  });
});
