// Shared state lives in cells: a plain field that a path writes is outside the fingerprint, is not
// undone when a search goes back, and changes without a step.
import { isInGenerator } from './generators.js';

/** @typedef {import('./generators.js').InnerNode} Node */

/** @type {import('eslint').Rule.RuleModule} */
export const noPlainWriteInPath = {
  meta: {
    type: 'problem',
    docs: { description: 'forbid assignments to members in generator functions' },
    messages: { plain: 'A path writes only to cells, by a step (yield* cpu.write).' },
    schema: [],
  },
  create(context) {
    return {
      MemberExpression(node) {
        if (!isWritten(node) || !isInGenerator(node)) return;
        context.report({ node, messageId: 'plain' });
      },
    };
  },
};

/**
 * @param {Node} node
 * @returns {boolean}
 */
function isWritten(node) {
  const parent = node.parent;
  switch (parent.type) {
    case 'AssignmentExpression':
    case 'AssignmentPattern':
    case 'ForOfStatement':
    case 'ForInStatement':
      return parent.left === node;
    case 'UpdateExpression':
    case 'ArrayPattern':
    case 'RestElement':
      return true;
    case 'UnaryExpression':
      return parent.operator === 'delete';
    case 'Property':
      return parent.value === node && parent.parent.type === 'ObjectPattern';
    default:
      return false;
  }
}
