// Where a node stands: the questions about generators that several rules ask.

/** @typedef {import('eslint').Rule.Node} Node */
/** @typedef {Exclude<Node, { type: 'Program' }>} InnerNode any node that has a parent */

/**
 * Whether the node runs as part of a generator. A callback inside a generator counts as well: it
 * runs between the same two steps.
 *
 * @param {InnerNode} node
 */
export function isInGenerator(node) {
  for (const { generator } of functionsAround(node)) {
    if (generator) return true;
  }
  return false;
}

/**
 * Whether the node is what a plain function returns: the body of an arrow function, or the argument
 * of a `return` whose function is no generator.
 *
 * @param {InnerNode} node
 */
export function isReturnedByPlainFunction(node) {
  const parent = node.parent;
  if (parent.type === 'ArrowFunctionExpression') return parent.body === node;
  const [nearest] = functionsAround(node);
  return parent.type === 'ReturnStatement' && !nearest?.generator;
}

/** @param {InnerNode} node */
export function isUnderYieldStar(node) {
  return node.parent.type === 'YieldExpression' && node.parent.delegate;
}

/**
 * The functions that the node stands in, from the inside out.
 *
 * @param {InnerNode} node
 * @returns {Generator<import('estree').Function>}
 */
function* functionsAround(node) {
  /** @type {Node | null} */
  let at = node.parent;
  for (; at; at = at.parent) {
    if (
      at.type === 'FunctionDeclaration' ||
      at.type === 'FunctionExpression' ||
      at.type === 'ArrowFunctionExpression'
    ) {
      yield at;
    }
  }
}
