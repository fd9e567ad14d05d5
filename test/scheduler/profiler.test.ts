import { describe, expect, it } from 'vitest';
import {
  Execution,
  GoOn,
  type Profile,
  Profiler,
  RandomWalk,
  type Use,
} from '../../scheduler/index.js';
import { bothProfiles } from '../../scheduler/profile.js';
import type { Cpu, Path } from '../../src/machine/index.js';
import { program } from '../support/program.js';
import { family, many } from '../support/samples.js';

const spawning = program('spawning', (m) => {
  const [x, y, z] = [m.cell('x', 0), m.cell('y', 0), m.cell('z', 0)];
  const [lock, sem, list] = [m.mutex('lock'), m.rwsem('sem'), m.list('list')];
  return {
    actors: {
      *main(cpu) {
        yield* cpu.read(x);
        const child = yield* cpu.spawn('child', function* (own) {
          yield* own.mutex_lock(lock);
          yield* own.read(x);
          yield* own.write(x, 1);
          yield* own.down_read(sem);
          yield* own.write(y, 1);
          yield* own.read(z);
          yield* own.up_read(sem);
          yield* own.mutex_unlock(lock);
          yield* own.read(z);
        });
        yield* cpu.join(child);
        yield* cpu.list_empty(list);
      },
    },
  };
});

function profileOf(of: typeof spawning): Profile {
  const profiler = new Profiler(new GoOn());
  new Execution(of.build('search'), profiler).run();
  return profiler.profile;
}

describe('a profile', () => {
  it('counts what each thread does, by name', () => {
    const looked = { times: 1, changes: false, under: [] };
    const changed = { times: 1, changes: true, under: [] };
    expect(profileOf(spawning).threads).toEqual([
      {
        name: 'main',
        creator: undefined,
        events: 4,
        uses: [
          { of: 'x', ...looked },
          { of: 'list', ...looked },
        ],
      },
      {
        name: 'main/child',
        creator: 'main',
        events: 9,
        uses: [
          { of: 'lock', ...changed },
          { of: 'x', times: 2, changes: true, under: ['lock'] },
          { of: 'sem', ...looked, under: ['lock'] },
          { of: 'y', ...changed, under: ['lock'] },
          { of: 'z', times: 2, changes: false, under: [] },
        ],
      },
    ]);
  });

  it('survives a way to another thread', () => {
    const profile = profileOf(family());
    expect(structuredClone(profile)).toEqual(profile);
    expect(profile.threads).toHaveLength(13);
  });

  it('changes no schedule', () => {
    for (const one of [family(), many(5)]) {
      const schedules = (wrap: boolean): string => {
        const strategy = new RandomWalk('s');
        const execution = new Execution(
          one.build('search'),
          wrap ? new Profiler(strategy) : strategy,
        );
        const all = Array.from({ length: 20 }, () => {
          execution.run();
          return execution.recorder.copy();
        });
        return JSON.stringify(all);
      };
      expect(schedules(true)).toBe(schedules(false));
    }
  });

  it('together with another one has the larger counts, and everybody', () => {
    const thread = (name: string, events: number, use: Omit<Use, 'of'>) => ({
      name,
      creator: undefined,
      events,
      uses: [{ of: `${name}'s`, ...use }],
    });
    const one = { times: 1, changes: false, under: ['l', 'm'] };
    const other = { times: 2, changes: true, under: ['m', 'n'] };
    const both = { times: 2, changes: true, under: ['m'] };
    const a = { threads: [thread('a', 5, one), thread('b', 2, other)] };
    const b = { threads: [thread('b', 3, one), thread('c', 1, other)] };
    expect(bothProfiles(a, b)?.threads).toEqual([
      thread('a', 5, one),
      thread('b', 3, both),
      thread('c', 1, other),
    ]);
    expect(bothProfiles(undefined, b)).toBe(b);
    expect(bothProfiles(a, undefined)).toBe(a);
  });

  it('leaves it to the model that its stack is full', () => {
    const endless = program('endless', (m) => {
      const x = m.cell('x', 0);
      function* down(cpu: Cpu): Path {
        yield* cpu.read(x);
        yield* down(cpu);
      }
      return { actors: { a: down } };
    });
    // Which call finds the stack full depends on how deep each of them goes.
    for (const strategy of [new Profiler(new GoOn()), new Profiler(new Profiler(new GoOn()))]) {
      const verdict = new Execution(endless.build('search'), strategy).run();
      expect(verdict).toMatchObject({ kind: 'panic', thread: 'a' });
    }
  });
});
