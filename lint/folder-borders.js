// Keeps the arrows between the folders pointing one way, by the table in borders.js. It looks at
// resolved paths, where ESLint's no-restricted-imports would have to guess from the dots.
import path from 'node:path';
import { borders, productFolders } from './borders.js';

/** @typedef {import('eslint').Rule.Node} Node */

const root = path.dirname(import.meta.dirname);
const rows = Object.keys(borders).sort((a, b) => b.length - a.length);

const imports = [
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
];

/** @type {import('eslint').Rule.RuleModule} */
export const folderBorders = {
  meta: {
    type: 'problem',
    docs: { description: 'forbid imports against the arrows of the architecture' },
    messages: {
      border: '{{from}} may not import {{target}}: see lint/borders.js.',
      types: '{{from}} may import only types from {{target}}: use import type.',
      unknown: '{{from}} has no row in lint/borders.js, so it may import nothing.',
    },
    schema: [],
  },
  create(context) {
    const file = withoutExtension(path.relative(root, context.filename).replaceAll('\\', '/'));
    if (!productFolders.some((folder) => isWithin(file, folder))) return {};
    const row = rows.find((name) => isWithin(file, name));

    return {
      [`:matches(${imports.join()})`](/** @type {Node} */ node) {
        const specifier = specifierOf(node);
        if (specifier === undefined) return;
        const target = targetOf(file, specifier);
        const messageId =
          row === undefined ? 'unknown' : complaint(row, specifier, target, isTypeOnly(node));
        if (messageId) context.report({ node, messageId, data: { from: row ?? file, target } });
      },
    };
  },
};

/**
 * @param {string} row
 * @param {string} specifier
 * @param {string} target
 * @param {boolean} typeOnly
 */
function complaint(row, specifier, target, typeOnly) {
  const { may = [], types = [], packages = [] } = borders[row] ?? {};
  if (!specifier.startsWith('.')) {
    const allowed = packages.some((name) => name === '*' || isWithin(specifier, name));
    return allowed ? undefined : 'border';
  }
  if ([row, ...may].some((allowed) => isWithin(target, allowed))) return undefined;
  if (!types.some((allowed) => isWithin(target, allowed))) return 'border';
  return typeOnly ? undefined : 'types';
}

/**
 * Files of the project are named from its root and without extension, packages as they are.
 *
 * @param {string} file
 * @param {string} specifier
 */
function targetOf(file, specifier) {
  if (!specifier.startsWith('.')) return specifier;
  return withoutExtension(path.posix.join(path.posix.dirname(file), specifier));
}

/** @param {Node} node */
function specifierOf(node) {
  const source = 'source' in node ? node.source : undefined;
  return source?.type === 'Literal' && typeof source.value === 'string' ? source.value : undefined;
}

/** @param {Node} node */
function isTypeOnly(node) {
  const kinds = /** @type {{ importKind?: string, exportKind?: string }} */ (node);
  if (/** @type {string} */ (node.type) === 'TSImportType') return true;
  return kinds.importKind === 'type' || kinds.exportKind === 'type';
}

/**
 * @param {string} file
 * @param {string} folder
 */
function isWithin(file, folder) {
  return file === folder || file.startsWith(`${folder}/`);
}

/** @param {string} file */
function withoutExtension(file) {
  return file.replace(/\.[cm]?[jt]sx?$/, '');
}
