import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { rulesPage } from '../../src/cli/rules/page.js';
import { ruleThemes } from '../../scenarios/rules/index.js';

it('docs/rules.md is what the table of rules comes to; npm run rules writes it', () => {
  const page = fileURLToPath(new URL('../../docs/rules.md', import.meta.url));
  expect(readFileSync(page, 'utf8')).toBe(rulesPage());
});

it('has rows in every theme, and all programs have names of their own', () => {
  expect(ruleThemes.filter(({ rules }) => rules.length === 0)).toEqual([]);
  const names = ruleThemes.flatMap(({ rules }) =>
    rules.flatMap(({ broken, neighbour }) => [broken.name, neighbour.name]),
  );
  expect(new Set(names).size).toBe(names.length);
});

it('shows the historic races that the machine was built for', () => {
  const ids = new Set(ruleThemes.flatMap(({ rules }) => rules.map(({ id }) => id.split(' ')[0])));
  const wanted = ['R28', 'R37', 'R42', 'R43', 'R44', 'R47', 'R52', 'R60', 'R63', 'R04'];
  expect(wanted.filter((id) => !ids.has(id))).toEqual([]);
  const rules = Array.from({ length: 18 }, (_, n) => `K-${String(n + 1).padStart(2, '0')}`);
  expect(rules.filter((id) => !ids.has(id))).toEqual([]);
});
