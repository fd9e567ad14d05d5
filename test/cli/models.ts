// Modules as users write them, and as they get them wrong.

const head = `import { always, atEnd, scenario } from 'racewalk';\n`;

/** A module of one scenario with a cell x, a spinlock l and a mutex m. */
export function moduleOf(actors: string, properties = '', name = 'mine'): string {
  return `${head}export const mine = ${scenarioOf(actors, properties, name)};\n`;
}

/** The expression for such a scenario. */
export function scenarioOf(actors: string, properties = '', name = 'mine'): string {
  return `scenario({
  name: '${name}',
  about: 'A model for a test.',
  setup: (machine) => ({
    x: machine.cell('x', 0), l: machine.spinlock('l'), m: machine.mutex('m'),
  }),
  actors: ({ x, l, m }) => ({ ${actors} }),
  properties: ({ x }) => [${properties}],
})`;
}

export function moduleWith(text: string): string {
  return head + text;
}

/** Two threads that lose an update. */
export const lostUpdate = moduleOf(
  `*a(cpu) { yield* cpu.write(x, (yield* cpu.read(x)) + 1); },
   *b(cpu) { yield* cpu.write(x, (yield* cpu.read(x)) + 1); }`,
  `atEnd('both updates count', () => x.peek() === 2)`,
);

/** Three threads of four steps each, which nothing is wrong with: 34,650 schedules. */
export const calm = readers(3, 4);

/** Four threads of six steps each, which nothing is wrong with: more schedules than anybody waits for. */
export const endless = readers(4, 6);

/** The same, with a failure among the first schedules that any search looks at. */
export const endlessAndBroken = readers(
  4,
  6,
  `*a(cpu) { yield* cpu.write(x, 1); yield* cpu.write(x, 0); },
   *b(cpu) { if ((yield* cpu.read(x)) === 1) throw new Error('saw the middle'); }`,
);

function readers(threads: number, steps: number, ...others: readonly string[]): string {
  const actors = Array.from(
    { length: threads },
    (_, i) =>
      `*t${String(i)}(cpu) { for (let n = 0; n < ${String(steps)}; n++) yield* cpu.read(x); }`,
  );
  return moduleOf([...actors, ...others].join(', '));
}
