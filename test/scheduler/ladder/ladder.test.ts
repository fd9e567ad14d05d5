// The ladder of small series of which one knows what every rung does.
import { describe, expect, it } from 'vitest';
import { scenario, type Scenario } from '../../../scenarios/index.js';
import { defaultPortfolio } from '../../../scheduler/index.js';
import { type Ladder, ladder } from '../../../scheduler/ladder/index.js';
import { type LadderChoice, ladderOf, seriesNamed } from '../../../src/cli/ladder/series.js';
import type { Patch } from '../../../src/kernel/patch.js';
import { series } from '../../../src/kernel/series.js';
import {
  atEnd,
  type Cell,
  type Cpu,
  type Machine,
  type Mutex,
  type Path,
} from '../../../src/machine/index.js';
import { cellOf } from '../../../src/trace/ladder.js';
import { renderLadder } from '../../../src/trace/ladder-text.js';
import { ladderMarkdown } from '../../../src/trace/ladder-markdown.js';

/** A counter, and a flag that is told when it is counted. */
class Counter {
  readonly machine: Machine;
  readonly count: Cell<number>;
  readonly told: Cell<number>;
  readonly lock: Mutex;

  constructor(machine: Machine) {
    this.machine = machine;
    this.count = machine.cell('count', 0);
    this.told = machine.cell('told', 0);
    this.lock = machine.mutex('lock');
  }

  *enter(_cpu: Cpu): Path {}

  *leave(_cpu: Cpu): Path {}

  *pause(_cpu: Cpu): Path {}

  *tell(cpu: Cpu): Path {
    yield* cpu.fetch_add(this.told, 1);
  }

  *add(cpu: Cpu): Path {
    yield* this.enter(cpu);
    yield* cpu.write(this.count, (yield* cpu.read(this.count)) + 1);
    yield* this.leave(cpu);
    yield* this.tell(cpu);
  }

  *never(_cpu: Cpu): Path {}
}

const idle: Patch<Counter> = (Base) =>
  class Idle extends Base {
    override *never(cpu: Cpu): Path {
      yield* cpu.read(this.count);
    }
  };

const locks: Patch<Counter> = (Base) =>
  class Locks extends Base {
    override *enter(cpu: Cpu): Path {
      yield* cpu.mutex_lock(this.lock);
    }

    override *leave(cpu: Cpu): Path {
      yield* cpu.mutex_unlock(this.lock);
    }
  };

/** Tells by a plain read and write, which only a lock would keep apart. */
const plainTell: Patch<Counter> = (Base) =>
  class PlainTell extends Base {
    override *tell(cpu: Cpu): Path {
      yield* this.enter(cpu);
      yield* cpu.write(this.told, (yield* cpu.read(this.told)) + 1);
      yield* this.leave(cpu);
    }
  };

/** Forgets to tell, and loses an update on the way. */
const forgets: Patch<Counter> = (Base) =>
  class Forgets extends Base {
    override *tell(_cpu: Cpu): Path {}
  };

const elideEnter: Patch<Counter> = (Base) =>
  class NoLock extends Base {
    override *enter(_cpu: Cpu): Path {}

    override *leave(_cpu: Cpu): Path {}
  };

const counting = series<Counter>('counting', {
  about: 'A counter that learns to count',
  era: Counter,
  patches: [
    { name: 'idle', subject: 'change what nobody calls', mixin: idle },
    { name: 'locks', subject: 'count under a lock', mixin: locks },
    { name: 'plain', subject: 'tell under the same lock', mixin: plainTell },
    { name: 'forgets', subject: 'do not tell', mixin: forgets },
  ],
  rungs: { base: [] },
  elisions: [
    {
      id: 'the-lock',
      path: 'enter',
      between: ['add', 'leave'],
      leavesOut: 'the lock',
      locks: ['lock'],
      decides: { byDefault: 'modelled', elide: elideEnter },
    },
  ],
  locks: ['lock'],
});

const counts: Scenario = scenario({
  name: 'counts',
  about: 'Two count.',
  series: counting,
  setup: () => ({}),
  actors: ({ k }) => ({ a: (cpu: Cpu) => k.add(cpu), b: (cpu: Cpu) => k.add(cpu) }),
  properties: ({ k }) => [
    atEnd('I-01 nothing is lost', () => k.count.peek() === 2),
    atEnd('I-02 it is told', () => k.told.peek() === 2),
  ],
});

const effort = {
  preemptionsEnough: 2,
  statesMax: 4_000,
  runs: 20,
  seed: '1',
  strategies: defaultPortfolio,
  dependencies: true,
  elisions: true,
} as const;

function climb(choice: LadderChoice = {}, more: { interrupted?: () => boolean } = {}): Ladder {
  return ladder(ladderOf(seriesNamed('counting', [counts]), choice), { ...effort, ...more });
}

const { table, failures } = climb();

describe('the ladder of a series', () => {
  it('has a cell for every rung and property, though one hides the other in a run', () => {
    const kinds = table.rungs.map((rung) => [
      rung.name,
      ...table.properties.slice(0, 2).map(({ name }) => {
        const cell = cellOf(rung, name);
        return cell.kind === 'broken' ? `broken ${String(cell.preemptions)}` : cell.kind;
      }),
    ]);
    expect(kinds).toEqual([
      ['base', 'broken 1', 'proved'],
      ['idle', 'broken 1', 'proved'],
      ['locks', 'proved', 'proved'],
      ['plain', 'proved', 'proved'],
      ['forgets', 'proved', 'broken 0'],
    ]);
    const everything = climb({ rungs: ['forgets'], with: ['forgets'] }).table.subsets[0];
    expect(everything?.entries.filter(({ outcome }) => outcome.kind === 'broken').length).toBe(2);
  });

  it('names what changes, and the rung that changes nothing, which nothing has reached', () => {
    expect(
      table.changes.map(({ rung, property, from, to }) => [rung, property.slice(0, 4), from, to]),
    ).toEqual([
      ['locks', 'I-01', 'broken', 'proved'],
      ['forgets', 'I-02', 'proved', 'broken'],
    ]);
    expect(table.rungs.map(({ untouched }) => untouched)).toEqual([[], ['counts'], [], [], []]);
  });

  it('finds the rung that does harm without an earlier one, and what carries what', () => {
    const found = table.dependencies.map(
      ({ rung, without, property, kind }) =>
        `${rung} without ${without}: ${property.slice(0, 4)} ${kind}`,
    );
    expect(found).toEqual([
      'plain without locks: I-01 carried',
      'plain without locks: I-02 needs',
      'forgets without locks: I-01 carried',
    ]);
  });

  it('finds the elision that decides', () => {
    expect(
      table.decisions.map(({ rung, ids, property, to }) => [
        rung,
        ...ids,
        property.slice(0, 4),
        to,
      ]),
    ).toEqual([
      ['locks', 'the-lock', 'I-01', 'broken'],
      ['plain', 'the-lock', 'I-01', 'broken'],
      ['plain', 'the-lock', 'I-02', 'broken'],
      ['forgets', 'the-lock', 'I-01', 'broken'],
    ]);
  });

  it('takes over an answer only where it is the one that a search gives', () => {
    for (const rung of table.rungs) {
      const alone = climb({ rungs: [rung.name] }).table.rungs[0];
      expect(alone?.entries).toEqual(rung.entries);
    }
    expect(table.searches.known).toBeGreaterThan(0);
  });

  it('keeps the schedule of every broken cell', () => {
    const broken = table.rungs.flatMap(({ entries }) =>
      entries.filter(({ outcome }) => outcome.kind === 'broken'),
    );
    expect(failures.length).toBe(broken.length);
  });

  it('says which properties are not found within too small a budget', () => {
    const of = ladderOf(seriesNamed('counting', [counts]), { rungs: ['plain'] });
    const small = ladder(of, { ...effort, statesMax: 10, runs: 5 }).table;
    const cell = cellOf(small.rungs[0] ?? expect.fail(), table.properties[0]?.name ?? '');
    expect(cell).toMatchObject({ kind: 'not found', sampled: 5 });
  });

  it('stops where the user wants it, and keeps whole rungs only', () => {
    let looks = 0;
    const cut = climb({}, { interrupted: () => ++looks > 12 }).table;
    expect(cut.interrupted).toBe(true);
    expect(cut.rungs.length).toBeLessThan(5);
    expect(cut.rungs).toEqual(table.rungs.slice(0, cut.rungs.length));
  });

  it('is the same every time', () => {
    expect(climb().table).toEqual(table);
  });
});

describe('its text', () => {
  it.each([80, 120])('fits %i columns', (width) => {
    const text = renderLadder(table, width);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(text).toMatchSnapshot();
  });

  it('is a table in Markdown', () => {
    expect(ladderMarkdown(table)).toMatchSnapshot();
  });

  it('is divided where there is no room for all columns', () => {
    const text = renderLadder(table, 40);
    const heads = text.split('\n').filter((line) => line.startsWith('rung'));
    expect(heads.length).toBeGreaterThan(0);
  });
});
