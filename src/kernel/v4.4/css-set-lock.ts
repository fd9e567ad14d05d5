// css_set_lock and interrupts, v4.4 to v4.7: each fix makes the next one necessary. The last
// patch is no part of the history, but a question to ask of it.
import type { LockName } from '../patch.js';
import { series, type Series } from '../series.js';
import { elisions } from './elisions.js';
import { irqsOff } from './patches/irqs-off.js';
import { putIrqsave } from './patches/put-irqsave.js';
import { tasklistOutside } from './patches/tasklist-outside.js';
import { V44 } from './v4.4.js';

const locks: readonly LockName<V44>[] = ['css_set_lock', 'tasklist_lock', 'siglock'];

export const cssSetLock: Series<V44> = series('css-set-lock', {
  about:
    'css_set_lock and interrupts (Daniel Bristot de Oliveira and Tejun Heo, 2016): v4.4 to v4.7',
  era: V44,
  patches: [
    {
      name: 'irqs-off',
      commit: '82d6489d0fed',
      subject: 'Disable IRQs while holding css_set_lock',
      mixin: irqsOff,
    },
    {
      name: 'tasklist-outside',
      commit: 'd8742e22902a',
      subject: 'css_set_lock should nest inside tasklist_lock',
      mixin: tasklistOutside,
    },
    {
      name: 'put-irqsave',
      subject: 'not upstream: only put_css_set() turns interrupts off',
      mixin: putIrqsave,
    },
  ],
  rungs: { base: [] },
  elisions,
  locks,
});
