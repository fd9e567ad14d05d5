import { describe, expect, it } from 'vitest';
import { Execution, GoOn, type Profile, Profiler, RandomWalk } from '../../scheduler/index.js';
import { bothProfiles } from '../../scheduler/profile.js';
import { program } from '../support/program.js';
import { family, many } from '../support/samples.js';

const spawning = program('spawning', (m) => {
  const [x, lock, list] = [m.cell('x', 0), m.mutex('lock'), m.list('list')];
  return {
    actors: {
      *main(cpu) {
        yield* cpu.read(x);
        const child = yield* cpu.spawn('child', function* (own) {
          yield* own.mutex_lock(lock);
          yield* own.read(x);
          yield* own.write(x, 1);
          yield* own.mutex_unlock(lock);
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
    const x = { of: 'x', times: 1, changes: false };
    expect(profileOf(spawning).threads).toEqual([
      {
        name: 'main',
        creator: undefined,
        events: 4,
        uses: [x, { of: 'list', times: 1, changes: false }],
      },
      {
        name: 'main/child',
        creator: 'main',
        events: 4,
        uses: [
          { of: 'lock', times: 1, changes: true },
          { of: 'x', times: 2, changes: true },
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
    const thread = (name: string, events: number, times: number, changes: boolean) => ({
      name,
      creator: undefined,
      events,
      uses: [{ of: `${name}'s`, times, changes }],
    });
    const a = { threads: [thread('a', 5, 1, true), thread('b', 2, 2, false)] };
    const b = { threads: [thread('b', 3, 1, true), thread('c', 1, 1, false)] };
    expect(bothProfiles(a, b)?.threads).toEqual([
      thread('a', 5, 1, true),
      thread('b', 3, 2, true),
      thread('c', 1, 1, false),
    ]);
    expect(bothProfiles(undefined, b)).toBe(b);
    expect(bothProfiles(a, undefined)).toBe(a);
  });
});
