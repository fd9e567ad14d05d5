// TypeScript infers the arguments of `scenario` from left to right: what stands before `setup` gets
// its result as any, silently.

/** @type {import('eslint').Rule.RuleModule} */
export const setupBeforeActors = {
  meta: {
    type: 'problem',
    docs: { description: 'require setup before actors and properties in scenario({...})' },
    messages: { untyped: '{{name}} stands before setup, so its argument is silently any.' },
    schema: [],
  },
  create(context) {
    return {
      CallExpression(node) {
        const [options] = node.arguments;
        if (calledName(node) !== 'scenario' || options?.type !== 'ObjectExpression') return;
        const names = options.properties.map(keyOf);
        for (const property of options.properties.slice(0, Math.max(0, names.indexOf('setup')))) {
          const name = keyOf(property);
          if (name !== 'actors' && name !== 'properties') continue;
          context.report({ node: property, messageId: 'untyped', data: { name } });
        }
      },
    };
  },
};

/** @param {import('estree').SimpleCallExpression} call */
function calledName({ callee }) {
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return undefined;
  return callee.property.name;
}

/** @param {import('estree').Property | import('estree').SpreadElement} property */
function keyOf(property) {
  if (property.type !== 'Property' || property.computed) return undefined;
  if (property.key.type === 'Identifier') return property.key.name;
  return property.key.type === 'Literal' ? String(property.key.value) : undefined;
}
