import { noPlainWriteInPath } from '../../lint/no-plain-write-in-path.js';
import { ruleTester } from './rule-tester.js';

const errors = [{ messageId: 'plain' }];

ruleTester.run('no-plain-write-in-path', noPlainWriteInPath, {
  valid: [
    'function* path(cpu) { let n = 0; n += 1; n++; yield* cpu.write(task.flags, n); }',
    'class Task { constructor() { this.flags = 1; } }',
    'function* path(cpu) { const { flags } = task; const [first = task.flags] = list; }',
    'function* path(cpu) { for (const t of tasks.all) yield* cpu.read(t.flags); }',
  ],
  invalid: [
    { code: 'function* path(cpu) { task.flags = 1; }', errors },
    { code: 'function* path(cpu) { task.flags |= 1; }', errors },
    { code: 'class K { *path(cpu) { this.count++; } }', errors },
    { code: 'function* path(cpu) { tasks.forEach((t) => { t.flags = 1; }); }', errors },
    { code: 'function* path(cpu) { [task.flags] = list; }', errors },
    { code: 'function* path(cpu) { ({ flags: task.flags } = other); }', errors },
    { code: 'function* path(cpu) { ({ flags: task.flags = 1 } = other); }', errors },
    { code: 'function* path(cpu) { for (this.at of tasks); }', errors },
    { code: 'function* path(cpu) { delete task.flags; }', errors },
  ],
});
