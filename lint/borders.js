// The layers of the architecture as a table: what each folder may import besides itself. A folder
// that has no row here may import nothing. The most specific row counts; paths have no extension.

/**
 * @typedef {object} Border
 * @property {readonly string[]} may folders and files
 * @property {readonly string[]} [types] folders and files of which only types may be imported
 * @property {readonly string[]} [packages] packages; `*` is any package, and the modules of node
 */

/** The folders that are compiled into the package. */
export const productFolders = ['src', 'scheduler', 'scenarios', 'properties'];

/** @type {Readonly<Record<string, Border>>} */
export const borders = {
  'src/limits': { may: [] },
  'src/random': { may: [], packages: ['seedrandom'] },
  'src/machine': { may: ['src/limits', 'src/random'] },
  'src/kernel': { may: ['src/machine/index', 'src/limits'] },
  'src/trace': {
    may: ['src/limits', 'src/machine/index'],
    types: ['src/machine'],
    packages: ['zod'],
  },
  scheduler: {
    may: ['src/machine', 'src/trace', 'src/random', 'src/limits'],
    packages: ['fast-check'],
  },
  properties: { may: ['src/kernel', 'src/machine'] },
  scenarios: { may: ['properties', 'src/kernel', 'src/machine'], packages: ['fast-check'] },
  'src/index': {
    may: [
      'src/limits',
      'src/random',
      'src/machine',
      'src/kernel',
      'src/trace',
      'scheduler',
      'properties',
      'scenarios',
    ],
  },
  'src/cli': { may: ['src', 'scheduler', 'properties', 'scenarios'], packages: ['*'] },
};
