// Which types stand for operations that have not run yet. They are recognised by name, as the
// machine declares them: Step, Path, and what yields an Operation.

/** @typedef {import('typescript').Type} Type */
/** @typedef {import('typescript').TypeChecker} TypeChecker */

const steps = new Set(['Step', 'Path']);
const operation = 'Operation';
const generators = new Set(['Generator']);
const iterators = new Set([
  'Generator',
  'Iterable',
  'IterableIterator',
  'Iterator',
  'IteratorObject',
]);

/**
 * Whether a value of this type is a Step or a Path, or may be one.
 *
 * @param {TypeChecker} checker
 * @param {Type} type
 */
export function yieldsOperations(checker, type) {
  return isOperations(checker, type, generators);
}

/**
 * Whether a Step or a Path is at home where this type is expected.
 *
 * @param {TypeChecker} checker
 * @param {Type} type
 */
export function expectsOperations(checker, type) {
  return isOperations(checker, type, iterators);
}

/**
 * @param {TypeChecker} checker
 * @param {Type} type
 * @param {Set<string>} carriers the generic types that count when their first argument is Operation
 * @returns {boolean}
 */
function isOperations(checker, type, carriers) {
  if (namesOf(type).some((name) => steps.has(name))) return true;
  if (type.isUnionOrIntersection()) {
    return type.types.some((member) => isOperations(checker, member, carriers));
  }
  if (type.isTypeParameter()) {
    const constraint = checker.getBaseConstraintOfType(type);
    return constraint !== undefined && isOperations(checker, constraint, carriers);
  }
  if (namesOf(type).some((name) => carriers.has(name))) {
    const [first] = checker.getTypeArguments(
      /** @type {import('typescript').TypeReference} */ (type),
    );
    return first !== undefined && namesOf(first).includes(operation);
  }
  return basesOf(checker, type).some((base) => isOperations(checker, base, carriers));
}

/** @param {Type} type */
function namesOf(type) {
  return [type.aliasSymbol, type.getSymbol()].flatMap((symbol) => (symbol ? [symbol.name] : []));
}

/**
 * @param {TypeChecker} checker
 * @param {Type} type
 */
function basesOf(checker, type) {
  const declared = /** @type {Partial<import('typescript').TypeReference>} */ (type).target ?? type;
  return declared.isClassOrInterface() ? checker.getBaseTypes(declared) : [];
}
