import { yieldEveryStepTyped } from '../../lint/yield-every-step-typed.js';
import { typedFile, typedRuleTester } from './rule-tester.js';

// The types of the machine, as far as the rule looks.
const types = `
  interface Operation { readonly kind: string }
  type Path<R = void> = Generator<Operation, R, void>;
  interface Step<out R> { [Symbol.iterator](): Iterator<Operation, R, void> }
  interface Loop<out R> extends Step<R> { readonly bound: number }
  declare const c: { read(): Step<number>; write(v: number): Step<void>; loop(): Loop<void> };
  declare function fork(): Path<number>;
  declare function spawn(path: Path<unknown>): Step<void>;
  declare function drain(operations: Iterator<Operation, unknown, void>): void;
  declare function log(value: unknown): void;
  function* inferred() { return yield* c.read(); }
  function* ids(): Generator<number> { yield 1; }
`;

// The rule knows the machine's types by name: a renamed one would switch it off.
const machine = `
  import type { Path, Step } from '../../src/machine/op.js';
  declare function step(): Step<number>;
  declare function path(): Path<number>;
  function* inferred() { return yield* step(); }
`;

interface Case {
  readonly name: string;
  readonly code: string;
  readonly filename: string;
}

const outside = (statement: string): Case => ({
  name: statement,
  code: `${types} ${statement}`,
  filename: typedFile,
});
const withMachine = (statement: string): Case => ({
  name: `${statement} (of src/machine)`,
  code: `${machine} ${statement}`,
  filename: typedFile,
});
const inPath = (statement: string): Case => outside(`function* path(): Path { ${statement} }`);
const broken = (sample: Case): Case & { errors: { messageId: string }[] } => ({
  ...sample,
  errors: [{ messageId: 'forgotten' }],
});

typedRuleTester.run('yield-every-step-typed', yieldEveryStepTyped, {
  valid: [
    inPath('yield* c.write(1);'),
    inPath('const v = (yield* c.read()) + 1;'),
    inPath('yield* Math.random() < 1 ? fork() : inferred();'),
    inPath('yield* spawn(fork());'),
    outside('drain(fork());'),
    outside('const body = () => fork();'),
    outside('const actors: Record<string, () => Path<unknown>> = { fork: () => fork() };'),
    outside('function wrap() { return fork(); }'),
    outside('const pending: Path<number> = fork();'),
    outside('const paths: Path<number>[] = [fork()];'),
    outside('const thread: { path: Path<number> } = { path: fork() };'),
    outside('ids(); const values = [...ids()];'),
    outside('log(c); [1, 2].map(String);'),
  ],
  invalid: [
    inPath('c.write(1);'),
    inPath('c.loop();'),
    inPath('fork();'),
    inPath('inferred();'),
    inPath('void c.write(1);'),
    inPath('const v = c.read();'),
    inPath('log(c.read());'),
    inPath('if (c.read()) return;'),
    inPath('fork().next();'),
    inPath('[1, 2].forEach(() => c.write(1));'),
    inPath('Math.random() < 1 && c.write(1);'),
    outside('function* path() { return c.read(); }'),
    withMachine('step();'),
    withMachine('path();'),
    withMachine('inferred();'),
  ].map(broken),
});
