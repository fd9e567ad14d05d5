// Three layers: what holds everywhere, what holds in the product (the same seed must give the same
// bytes, in a browser tab too), and what holds for models. The project's own rules are in lint/.
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { productFolders } from './lint/borders.js';
import { racewalk } from './lint/index.js';

const typescript = ['**/*.ts'];
const product = productFolders.map((folder) => `${folder}/**/*.ts`);
/** Where models are written: kernel names, paths, no plain state. */
const models = ['src/kernel/**/*.ts', 'scenarios/**/*.ts'];

/** Bans by syntax. ESLint replaces such a list, never adds to it: the later repeats the first. */
const bannedSyntax = [
  {
    selector: 'ForInStatement',
    message: 'Its order is no contract: iterate an array, Map or Set.',
  },
  { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Export by name; only scenarios of users do not.',
  },
];
const bannedInModels = [
  ...bannedSyntax,
  {
    selector: ':function[generator=true] TryStatement',
    message: 'A verdict abandons a path, and nothing is thrown into one: no try in paths.',
  },
];

const clocksAndTimers = [
  'Date',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
];
const bannedGlobals = [
  ...clocksAndTimers.map((name) => ({ name, message: 'Time is simulated.' })),
  ...['crypto', 'FinalizationRegistry', 'WeakRef'].map((name) => ({
    name,
    message: 'All chance comes from the seed.',
  })),
  ...['process', 'Buffer', 'global'].map((name) => ({
    name,
    message: 'Only src/cli knows of node: the engine runs in a browser tab.',
  })),
  { name: 'console', message: 'Only src/cli prints.' },
];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'api/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { plugins: { racewalk } },
  js.configs.recommended,

  {
    files: typescript,
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { allowDefaultCaseForExhaustiveSwitch: false, requireDefaultForNonUnion: true },
      ],
      'no-restricted-syntax': ['error', ...bannedSyntax],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'racewalk/setup-before-actors': 'error',
      'racewalk/yield-every-step-typed': 'error',

      // TypeScript accepts a mixin only over `new (...args: any[]) => T`.
      '@typescript-eslint/no-explicit-any': ['error', { ignoreRestArgs: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // It would ask for `!`, which is banned.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // Loops that run at every step count by index, so that they allocate nothing.
      '@typescript-eslint/prefer-for-of': 'off',
      // A kernel function that does nothing in one era is a path without steps.
      '@typescript-eslint/no-empty-function': [
        'error',
        { allow: ['generatorFunctions', 'generatorMethods'] },
      ],
      'require-yield': 'off',
    },
  },

  {
    files: product,
    rules: {
      'racewalk/folder-borders': 'error',
      'racewalk/function-length': ['error', 70],
    },
  },
  {
    files: product,
    ignores: ['src/cli/**'],
    rules: {
      'no-restricted-globals': ['error', { globals: bannedGlobals, checkGlobalObject: true }],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'All chance comes from the seed.' },
        { property: 'localeCompare', message: 'The order would depend on the machine.' },
      ],
    },
  },
  {
    // Other engines may round these differently, and a schedule would no longer be the same.
    files: ['src/random.ts', 'src/machine/**/*.ts', 'scheduler/strategies/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { property: 'localeCompare', message: 'The order would depend on the machine.' },
        ...['random', 'log', 'exp', 'pow'].map((property) => ({
          object: 'Math',
          property,
          message: 'Decisions use only arithmetic that is the same everywhere.',
        })),
      ],
    },
  },

  {
    files: models,
    rules: {
      'no-restricted-syntax': ['error', ...bannedInModels],
      'racewalk/no-plain-write-in-path': 'error',
    },
  },
  {
    files: [...models, 'properties/**/*.ts'],
    rules: {
      'racewalk/no-peek-in-path': 'error',
      'racewalk/yield-every-step': 'error',
    },
  },

  {
    // The compiler checks names, also in the rules; models of users have all of node.
    files: ['**/*.{js,mjs}'],
    rules: { 'no-undef': 'off' },
  },
  {
    // The config files of tools are read by their default export.
    files: ['*.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
