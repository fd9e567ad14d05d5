// Rules about data races: two accesses to one variable, at least one a write and at least one plain, that nothing
// orders. Scenarios ask for it by `machine: { dataRaces: true }`.
import { scenario } from '../scenario.js';
import { raceContextRules } from './races-contexts.js';
import { raceHistoryRules } from './races-history.js';
import { racePublicationRules } from './races-publication.js';
import type { RuleExample } from './rule.js';

const machine = { dataRaces: true } as const;
const lkmm = 'tools/memory-model/Documentation';

const plainAccesses: readonly RuleExample[] = [
  {
    id: 'race-plain',
    rule: 'A variable that two threads use, one of them writing, needs a lock or marked accesses.',
    source: `Documentation/dev-tools/kcsan.rst, "Data Races"; ${lkmm}/explanation.txt, "Plain Accesses and Data Races"`,
    broken: scenario({
      name: 'race-plain',
      about: 'A plain write and a plain read of one variable, and nothing between them.',
      machine,
      setup: (m) => ({ x: m.cell('x', 0) }),
      actors: ({ x }) => ({
        *writer(cpu) {
          yield* cpu.write(x, 1);
        },
        *reader(cpu) {
          yield* cpu.read(x);
        },
      }),
    }),
    verdict: 'data race',
    says: 'no lock is common to both',
    fails: 'always',
    neighbour: scenario({
      name: 'race-locked',
      about: 'Both hold a spinlock.',
      machine,
      setup: (m) => ({ x: m.cell('x', 0), l: m.spinlock('l') }),
      actors: ({ x, l }) => ({
        *writer(cpu) {
          yield* cpu.spin_lock(l);
          yield* cpu.write(x, 1);
          yield* cpu.spin_unlock(l);
        },
        *reader(cpu) {
          yield* cpu.spin_lock(l);
          yield* cpu.read(x);
          yield* cpu.spin_unlock(l);
        },
      }),
    }),
    difference: 'Both hold the same spinlock.',
  },
  {
    id: 'race-one-sided-lock',
    rule: 'A lock protects a variable only if everybody who uses the variable takes it.',
    source: `${lkmm}/access-marking.txt, "Lock-Protected Writes With Lockless Reads"`,
    broken: scenario({
      name: 'race-one-sided-lock',
      about: 'The writer holds a lock, and the reader does not.',
      machine,
      setup: (m) => ({ x: m.cell('x', 0), l: m.spinlock('l') }),
      actors: ({ x, l }) => ({
        *writer(cpu) {
          yield* cpu.spin_lock(l);
          yield* cpu.write(x, 1);
          yield* cpu.spin_unlock(l);
        },
        *reader(cpu) {
          yield* cpu.read(x);
        },
      }),
    }),
    verdict: 'data race',
    says: 'by writer, holding l,',
    fails: 'always',
    neighbour: scenario({
      name: 'race-lockless-reader',
      about: 'The lockless reader uses READ_ONCE(), and the writer WRITE_ONCE().',
      machine,
      setup: (m) => ({ x: m.cell('x', 0), l: m.spinlock('l') }),
      actors: ({ x, l }) => ({
        *writer(cpu) {
          yield* cpu.spin_lock(l);
          yield* cpu.WRITE_ONCE(x, 1);
          yield* cpu.spin_unlock(l);
        },
        *reader(cpu) {
          yield* cpu.READ_ONCE(x);
        },
      }),
    }),
    difference: 'The lockless reader uses READ_ONCE(), and the writer WRITE_ONCE().',
  },
  {
    id: 'race-half-marked',
    rule: 'Both sides of an intended race must be marked: READ_ONCE() does not make up for a plain write.',
    source: `${lkmm}/access-marking.txt, "Access-marking options"`,
    broken: scenario({
      name: 'race-half-marked',
      about: 'A plain write, which the compiler may tear, against READ_ONCE().',
      machine,
      setup: (m) => ({ x: m.cell('x', 0) }),
      actors: ({ x }) => ({
        *writer(cpu) {
          yield* cpu.write(x, 1);
        },
        *reader(cpu) {
          yield* cpu.READ_ONCE(x);
        },
      }),
    }),
    verdict: 'data race',
    says: 'with READ_ONCE() by reader',
    fails: 'always',
    neighbour: scenario({
      name: 'race-both-marked',
      about: 'The write is marked as well.',
      machine,
      setup: (m) => ({ x: m.cell('x', 0) }),
      actors: ({ x }) => ({
        *writer(cpu) {
          yield* cpu.WRITE_ONCE(x, 1);
        },
        *reader(cpu) {
          yield* cpu.READ_ONCE(x);
        },
      }),
    }),
    difference: 'The write is a WRITE_ONCE().',
  },
  {
    id: 'race-diagnostic',
    rule: 'A read that is meant to race, such as one for a message, is marked with data_race().',
    source: `${lkmm}/access-marking.txt, "Use of the data_race() Macro"`,
    broken: scenario({
      name: 'race-diagnostic',
      about: 'A message prints a variable without the lock that protects it.',
      machine,
      setup: (m) => ({ x: m.cell('x', 0), l: m.mutex('l') }),
      actors: ({ x, l }) => ({
        *update(cpu) {
          yield* cpu.mutex_lock(l);
          yield* cpu.write(x, 1);
          yield* cpu.mutex_unlock(l);
        },
        *print(cpu) {
          yield* cpu.read(x);
        },
      }),
    }),
    verdict: 'data race',
    says: 'by print, holding no lock',
    fails: 'always',
    neighbour: scenario({
      name: 'race-data-race',
      about: 'The read is marked with data_race().',
      machine,
      setup: (m) => ({ x: m.cell('x', 0), l: m.mutex('l') }),
      actors: ({ x, l }) => ({
        *update(cpu) {
          yield* cpu.mutex_lock(l);
          yield* cpu.write(x, 1);
          yield* cpu.mutex_unlock(l);
        },
        *print(cpu) {
          yield* cpu.data_race_read(x);
        },
      }),
    }),
    difference: 'The read is marked with data_race().',
  },
];

export const raceRules: readonly RuleExample[] = [
  ...plainAccesses,
  ...racePublicationRules,
  ...raceContextRules,
  ...raceHistoryRules,
];
