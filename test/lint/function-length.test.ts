import { functionLength } from '../../lint/function-length.js';
import { ruleTester } from './rule-tester.js';

const statements = (count: number): string => 'step();\n'.repeat(count);
const twoMethods = `a() {\n${statements(3)}}\nb() {\n${statements(3)}}`;
const errors = [{ messageId: 'long', data: { lines: '6', max: '5' } }];

ruleTester.run('function-length', functionLength, {
  valid: [
    { code: `function f() {\n${statements(3)}}`, options: [5] },
    { code: `function f() {\n\n// a comment\n/* and\nanother */\n${statements(3)}}`, options: [5] },
    {
      code: `const patch = (Base) => class extends Base {\n${twoMethods}\n};`,
      options: [5],
    },
    `function f() {\n${statements(68)}}`,
  ],
  invalid: [
    { code: `function f() {\n${statements(4)}}`, options: [5], errors },
    { code: `const f = () => {\n${statements(4)}};`, options: [5], errors },
    { code: `class A { *path() {\n${statements(4)}} }`, options: [5], errors },
    { code: 'const f = () => {\n`a\nb\nc`;\n1;\n};', options: [5], errors },
  ],
});
