import { noPeekInPath } from '../../lint/no-peek-in-path.js';
import { ruleTester } from './rule-tester.js';

const errors = [{ messageId: 'hidden' }];

ruleTester.run('no-peek-in-path', noPeekInPath, {
  valid: [
    'const holds = () => x.peek() === 2;',
    'function check() { return list.peekFirst(); }',
    'function* path(cpu) { yield* cpu.read(x); stack.peekaboo(); }',
  ],
  invalid: [
    { code: 'function* path(cpu) { return x.peek(); }', errors },
    { code: 'const o = { *path(cpu) { return list.peekFirst(); } };', errors },
    { code: 'function* path(cpu) { return tasks.filter((t) => t.flags.peek()); }', errors },
    { code: 'function* path(cpu) { return x?.peek(); }', errors },
  ],
});
