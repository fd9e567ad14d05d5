// What explore, prove and replay say of the order of locks.
import { afterAll, describe as suite, expect, it } from 'vitest';
import { Folder } from './racewalk.js';

const folder = new Folder();
afterAll(() => {
  folder.remove();
});

/** Two threads with opposite orders of a and b, under a gate or not, beside noise that makes schedules many. */
function twoOrders(gate: string, noise: number): string {
  const wrapped = (locks: string): string =>
    `*(cpu) { yield* inside(cpu, [${gate}${gate === '' ? '' : ', '}${locks}]); }`;
  return `import { scenario } from 'racewalk';
function* inside(cpu, locks) {
  for (const lock of locks) yield* cpu.mutex_lock(lock);
  for (const lock of locks.toReversed()) yield* cpu.mutex_unlock(lock);
}
export const orders = scenario({
  name: 'orders',
  about: 'Two orders of two mutexes.',
  setup: (m) => ({ gate: m.mutex('gate'), a: m.mutex('a'), b: m.mutex('b'), x: m.cell('x', 0) }),
  actors: ({ gate, a, b, x }) => ({
    first: function${wrapped('a, b')},
    second: function${wrapped('b, a')},
    ...Object.fromEntries(Array.from({ length: ${String(noise)} }, (_, i) => ['noise' + i, function* (cpu) {
      for (let n = 0; n < 4; n++) yield* cpu.fetch_add(x, 1);
    }])),
  }),
});
`;
}

suite('the order of locks', () => {
  it('is reported by explore in the form of lockdep although nothing can go wrong', async () => {
    const module = folder.write('gated.mjs', twoOrders('gate', 0));
    const { code, stdout } = await folder.run(['explore', module, '--runs', '200']);
    const report = stdout.slice(stdout.indexOf('==='), stdout.indexOf('  200 executions'));
    expect(code).toBe(0);
    expect(report).toMatchInlineSnapshot(`
      "=============================================================
      WARNING: possible circular locking dependency detected (K-02)
      -------------------------------------------------------------
      the chain is: a -> b -> a

      -> #0 b is waited for while a is held:
            first: b, holding a
            step 3 of the schedule that switches only where it must

      -> #1 a is waited for while b is held:
            second: a, holding b
            step 9 of the schedule that switches only where it must

       Possible unsafe locking scenario:

             CPU0                    CPU1
             ----                    ----
        lock(a);
                                     lock(b);
                                     lock(a);
        lock(b);

       *** DEADLOCK ***

      refuted: all 2 schedules were run, and none deadlocks: gate is held around
          all of it

      "
    `);
    expect(Math.max(...report.split('\n').map((line) => line.length))).toBeLessThanOrEqual(75);
  });

  it('is part of the document of prove', async () => {
    const module = folder.write('gated-too.mjs', twoOrders('gate', 0));
    const { code, stdout } = await folder.run(['prove', module, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'PROVED',
      lockdep: [{ rule: 'K-02', status: 'refuted', cycle: [{ from: 'a' }, { from: 'b' }] }],
    });
  });

  it('is a failure with a replay file where it can be neither confirmed nor refuted', async () => {
    const module = folder.write('open.mjs', twoOrders('gate', 3));
    const explored = await folder.run(['explore', module, '--runs', '50']);
    expect(explored.code).toBe(1);
    expect(explored.stdout).toContain('orders: BROKEN');
    expect(explored.stdout).toContain('open: no schedule that closes it was found');
    const file = /npx racewalk replay (\S+)/.exec(explored.stdout)?.[1] ?? '';
    const replayed = await folder.run(['replay', file]);
    expect(replayed.stdout).toContain('possible circular locking dependency detected: a -> b -> a');
    expect(replayed.code).toBe(1);
  });

  it('leads explore to the deadlock itself', async () => {
    const module = folder.write('deadlock.mjs', twoOrders('', 0));
    const { code, stdout } = await folder.run(['explore', module, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'deadlock',
      lockdep: [{ status: 'confirmed' }],
    });
  });
});
