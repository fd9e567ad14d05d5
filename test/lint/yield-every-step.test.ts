import { yieldEveryStep } from '../../lint/yield-every-step.js';
import { ruleTester } from './rule-tester.js';

const errors = [{ messageId: 'forgotten' }];

ruleTester.run('yield-every-step', yieldEveryStep, {
  valid: [
    'function* path(cpu) { yield* cpu.write(x, 1); }',
    'function* path(cpu) { const v = (yield* cpu.read(x)) + 1; }',
    'function* path(cpu) { yield* this.get_css_set(cpu, cset); }',
    'class P extends Base { *fork(cpu) { yield* super.fork(cpu); } }',
    'const body = (cpu) => k.copy_process(cpu);',
    'const task = cpu.current;',
    'machine.step(thread);',
  ],
  invalid: [
    { code: 'function* path(cpu) { cpu.write(x, 1); }', errors },
    { code: 'function* path(cpu) { yield cpu.write(x, 1); }', errors },
    { code: 'function* path(cpu) { const v = cpu.read(x); }', errors },
    { code: 'function* path(cpu) { return cpu.read(x); }', errors },
    { code: 'function* path(cpu) { yield* cpu.write(x, cpu.read(y)); }', errors },
    { code: 'function* path(cpu) { this.get_css_set(cpu, cset); }', errors },
    { code: 'function* path(cpu) { yield* (a ? cpu.read(x) : none); }', errors },
    { code: 'function path(cpu, v = cpu.read(x)) {}', errors },
    { code: 'const body = (cpu, v = cpu.read(x)) => v;', errors },
    { code: 'const body = (cpu) => { cpu.read(x); };', errors },
  ],
});
