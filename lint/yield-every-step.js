// A step whose `yield*` was forgotten compiles and never happens. This rule needs no types, because
// every primitive hangs on an object named `cpu` and every path takes one as its first argument.
import { isUnderYieldStar } from './generators.js';

/** @type {import('eslint').Rule.RuleModule} */
export const yieldEveryStep = {
  meta: {
    type: 'problem',
    docs: { description: 'require yield* directly above every call on cpu or with cpu first' },
    messages: { forgotten: 'This step never happens: a call on cpu stands directly under yield*.' },
    schema: [],
  },
  create(context) {
    return {
      CallExpression(node) {
        if (!isOnCpu(node) || isUnderYieldStar(node) || isArrowBody(node)) return;
        context.report({ node, messageId: 'forgotten' });
      },
    };
  },
};

/** @param {import('estree').SimpleCallExpression} call */
function isOnCpu(call) {
  const callee = call.callee;
  return (callee.type === 'MemberExpression' && isCpu(callee.object)) || isCpu(call.arguments[0]);
}

/** @param {import('estree').Node | undefined} node */
function isCpu(node) {
  return node?.type === 'Identifier' && node.name === 'cpu';
}

/**
 * An arrow function hands the path on to its caller, who has to delegate to it.
 *
 * @param {import('./generators.js').InnerNode} node
 */
function isArrowBody(node) {
  return node.parent.type === 'ArrowFunctionExpression' && node.parent.body === node;
}
