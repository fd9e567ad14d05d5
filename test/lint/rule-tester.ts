// ESLint's RuleTester, with TypeScript's parser and vitest's describe and it.
import { fileURLToPath } from 'node:url';
import { RuleTester } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, it } from 'vitest';

RuleTester.describe = describe;
RuleTester.it = it;
RuleTester.itOnly = it.only;

/** Reads TypeScript, knows no types. */
export const ruleTester = new RuleTester({ languageOptions: { parser: tseslint.parser } });

const root = fileURLToPath(new URL('../..', import.meta.url));

/** For typed cases: a file that need not exist, in the project of this repository. */
export const typedFile = `${root}test/lint/sample.ts`;

/** Knows types, of code in `typedFile`. */
export const typedRuleTester = new RuleTester({
  languageOptions: {
    parser: tseslint.parser,
    parserOptions: {
      projectService: {
        allowDefaultProject: ['test/lint/sample.ts'],
        defaultProject: 'tsconfig.json',
      },
      tsconfigRootDir: root,
    },
  },
});
