import { describe, expect, it } from 'vitest';
import { limits } from '../../src/limits.js';
import {
  type Cell,
  type Cpu,
  framed,
  ModelError,
  type Path,
  path,
} from '../../src/machine/index.js';
import { executionOf, fine, sentenceOf } from '../support/run.js';
import { StepTracer } from '../support/step-tracer.js';

/** Calls and returns as lines. */
class CallLog extends StepTracer {
  readonly lines: string[] = [];
  override step(): void {
    this.lines.push('step');
  }
  override enter(thread?: number, name?: string, args?: readonly unknown[]): void {
    this.lines.push(`${String(thread)} calls ${String(name)}(${String(args)})`);
  }
  override leave(thread?: number, name?: string, result?: unknown): void {
    this.lines.push(`${String(thread)} leaves ${String(name)}: ${String(result)}`);
  }
}

class Kernel {
  readonly x: Cell<number>;
  constructor(x: Cell<number>) {
    this.x = x;
  }
  *outer(cpu: Cpu, n: number): Path<number> {
    return (yield* this.inner(cpu, n)) + 1;
  }
  *inner(cpu: Cpu, n: number): Path<number> {
    yield* cpu.write(this.x, n);
    return n;
  }
  plain(): string {
    return 'no path';
  }
}

class Patched extends Kernel {
  override *inner(cpu: Cpu, n: number): Path<number> {
    return yield* super.inner(cpu, 10 * n);
  }
}

describe('a framed kernel', () => {
  const calls = (traced: boolean): readonly string[] => {
    const log = new CallLog();
    const execution = executionOf((m) => {
      const kernel = new (framed(Patched))(m.cell('x', 0));
      return {
        actors: {
          *a(cpu) {
            const result = yield* kernel.outer(cpu, 2);
            yield* cpu.BUG_ON(
              result !== 21 || kernel.plain() !== 'no path',
              'it is another kernel',
            );
          },
        },
      };
    });
    if (traced) execution.machine.trace(log);
    expect(execution.run()).toEqual({ kind: 'ok' });
    return log.lines;
  };

  it('shows every call of a path once, whatever super calls it is made of', () => {
    expect(calls(true)).toEqual([
      '0 calls outer(2)',
      '0 calls inner(2)',
      'step',
      '0 leaves inner: 20',
      '0 leaves outer: 21',
    ]);
  });

  it('does the same where nobody traces', () => {
    expect(calls(false)).toEqual([]);
  });
});

describe('a named path of a plain model', () => {
  it('is a frame where somebody traces, in every execution', () => {
    const log = new CallLog();
    const execution = executionOf((m) => {
      const x = m.cell('x', 0);
      const set = path('set', function* (cpu: Cpu, value: number): Path {
        yield* cpu.write(x, value);
      });
      return { actors: { a: (cpu) => set(cpu, 5) } };
    });
    execution.machine.trace(log);
    execution.run();
    execution.run();
    const once = ['0 calls set(5)', 'step', '0 leaves set: undefined'];
    expect(log.lines).toEqual([...once, ...once]);
  });

  it('may not be nested without end where somebody traces', () => {
    const execution = executionOf((m) => {
      const x = m.cell('x', 0);
      const down: (cpu: Cpu, depth: number) => Path = path(
        'down',
        function* (cpu: Cpu, depth: number): Path {
          if (depth > 0) yield* down(cpu, depth - 1);
          else yield* cpu.read(x);
        },
      );
      return { actors: { a: (cpu) => down(cpu, limits.framesMax) } };
    });
    execution.machine.trace(new CallLog());
    expect(() => execution.run()).toThrow(ModelError);
  });

  it('is nothing where nobody does', () => {
    expect(
      sentenceOf((m) => {
        const x = m.cell('x', 0);
        const set = path('set', function* (cpu: Cpu): Path {
          yield* cpu.write(x, 1);
        });
        return { actors: { a: set } };
      }),
    ).toBe(fine);
  });
});
