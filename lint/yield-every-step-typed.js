// The same as yield-every-step, said of types instead of names: whatever the variable is called, a
// call that makes a Step or a Path is run by `yield*`, or handed on to where one is expected.
import ts from 'typescript';
import { isReturnedByPlainFunction, isUnderYieldStar } from './generators.js';
import { expectsOperations, yieldsOperations } from './step-types.js';

/** @typedef {import('./generators.js').InnerNode} Node */

/** @type {import('eslint').Rule.RuleModule} */
export const yieldEveryStepTyped = {
  meta: {
    type: 'problem',
    docs: { description: 'require yield* above every call that makes a Step or a Path' },
    messages: {
      forgotten:
        'This {{type}} never runs: it needs yield*, or a place whose type is a Step or a Path.',
    },
    schema: [],
  },
  create(context) {
    const { program, esTreeNodeToTSNodeMap } = typesOf(context);
    const checker = program.getTypeChecker();

    return {
      CallExpression(node) {
        const type = checker.getTypeAtLocation(tsNodeOf(node));
        if (!yieldsOperations(checker, type)) return;
        const value = valueOf(node);
        if (isUnderYieldStar(value) || isHandedOn(value)) return;
        context.report({
          node,
          messageId: 'forgotten',
          data: { type: checker.typeToString(type) },
        });
      },
    };

    /** @param {Node} value */
    function isHandedOn(value) {
      const expected = checker.getContextualType(tsNodeOf(value));
      if (expected && expectsOperations(checker, expected)) return true;
      // A callback that is called for nothing, as in forEach, loses what it returns.
      const isLost = expected !== undefined && (expected.flags & ts.TypeFlags.Void) !== 0;
      return isReturnedByPlainFunction(value) && !isLost;
    }

    /** @param {Node} node */
    function tsNodeOf(node) {
      return /** @type {ts.Expression} */ (esTreeNodeToTSNodeMap.get(node));
    }
  },
};

/**
 * The outermost expression that has the value of this one: `a ? f() : g()` for `f()`.
 *
 * @param {Node} node
 * @returns {Node}
 */
function valueOf(node) {
  const parent = node.parent;
  return parent.type !== 'Program' && hasValueOf(parent, node) ? valueOf(parent) : node;
}

/**
 * @param {Node} parent
 * @param {Node} child
 */
function hasValueOf(parent, child) {
  // TypeScript's own nodes are not among the types of ESLint.
  switch (/** @type {string} */ (parent.type)) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'ChainExpression':
    case 'LogicalExpression':
      return true;
    case 'ConditionalExpression':
      return /** @type {import('estree').ConditionalExpression} */ (parent).test !== child;
    default:
      return false;
  }
}

/**
 * @param {import('eslint').Rule.RuleContext} context
 * @returns {{ program: ts.Program, esTreeNodeToTSNodeMap: WeakMap<object, ts.Node> }}
 */
function typesOf(context) {
  const services = context.sourceCode.parserServices;
  if (!services.program) throw new Error('yield-every-step-typed needs type information');
  return /** @type {any} */ (services);
}
