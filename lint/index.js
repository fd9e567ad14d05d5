// The project's own lint rules, as a local ESLint plugin: what a model must not do, and what the
// type system cannot say. Each rule has its own file and a test in test/lint.
import { folderBorders } from './folder-borders.js';
import { functionLength } from './function-length.js';
import { noPeekInPath } from './no-peek-in-path.js';
import { noPlainWriteInPath } from './no-plain-write-in-path.js';
import { setupBeforeActors } from './setup-before-actors.js';
import { yieldEveryStepTyped } from './yield-every-step-typed.js';
import { yieldEveryStep } from './yield-every-step.js';

/** @type {import('eslint').ESLint.Plugin} */
export const racewalk = {
  meta: { name: 'racewalk' },
  rules: {
    'folder-borders': folderBorders,
    'function-length': functionLength,
    'no-peek-in-path': noPeekInPath,
    'no-plain-write-in-path': noPlainWriteInPath,
    'setup-before-actors': setupBeforeActors,
    'yield-every-step': yieldEveryStep,
    'yield-every-step-typed': yieldEveryStepTyped,
  },
};
