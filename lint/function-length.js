// A function fits on one screen. ESLint's own max-lines-per-function would also count a patch,
// `(Base) => class extends Base {...}`, as one function; there each method is measured by itself.

/** @type {import('eslint').Rule.RuleModule} */
export const functionLength = {
  meta: {
    type: 'suggestion',
    docs: { description: 'limit the lines of code of a function, without blanks and comments' },
    messages: { long: 'This function has {{lines}} lines of code, more than {{max}}.' },
    schema: [{ type: 'integer', minimum: 1 }],
    defaultOptions: [70],
  },
  create(context) {
    const max = Number(context.options[0]);

    return {
      FunctionDeclaration: check,
      FunctionExpression: check,
      ArrowFunctionExpression(node) {
        if (node.body.type !== 'ClassExpression') check(node);
      },
    };

    /** @param {import('estree').Function} node */
    function check(node) {
      const lines = new Set();
      for (const { loc } of context.sourceCode.getTokens(node)) {
        for (let line = loc.start.line; line <= loc.end.line; line++) lines.add(line);
      }
      if (lines.size <= max) return;
      context.report({
        node,
        messageId: 'long',
        data: { lines: String(lines.size), max: String(max) },
      });
    }
  },
};
