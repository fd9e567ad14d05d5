// `peek` looks at a cell without a step, so no schedule can put another thread in between. That is
// what a property wants, and what would hide a race in a path.
import { isInGenerator } from './generators.js';

/** @type {import('eslint').Rule.RuleModule} */
export const noPeekInPath = {
  meta: {
    type: 'problem',
    docs: { description: 'forbid peek() and peekXxx() in generator functions' },
    messages: { hidden: 'A path reads by a step (yield* cpu.read): {{name}}() hides a race.' },
    schema: [],
  },
  create(context) {
    return {
      'CallExpression > MemberExpression.callee'(
        /** @type {import('estree').MemberExpression & import('eslint').Rule.Node} */ node,
      ) {
        const name = node.property.type === 'Identifier' ? node.property.name : '';
        if (node.computed || !/^peek(?![a-z])/.test(name) || !isInGenerator(node)) return;
        context.report({ node, messageId: 'hidden', data: { name } });
      },
    };
  },
};
