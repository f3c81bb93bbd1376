const path = require('node:path');

const workspaceRoot = path.resolve(__dirname, '../..');

// These packages ship ES modules only; Jest runs CommonJS, so they are transformed like our own sources.
const esModulePackages = ['jose', '@noble', '@phala', 'ml-.*', 'is-any-array', 'uuid'];

/** The one Jest configuration; a project's own `jest.config.cjs` hands in its folder. */
module.exports = (projectRoot) => ({
  rootDir: projectRoot,
  displayName: path.relative(workspaceRoot, projectRoot),
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  moduleFileExtensions: ['ts', 'mjs', 'js', 'cjs', 'json', 'node'],
  transform: {
    '^.+\\.[cm]?[tj]s$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: false } },
        module: { type: 'commonjs' },
      },
    ],
  },
  // Jest's sandbox makes every look-up of a global slow, and pure JavaScript RSA, as in the official client, asks for `Math` all the while.
  sandboxInjectedGlobals: ['Math'],
  transformIgnorePatterns: [`/node_modules/(?!(?:${esModulePackages.join('|')})/)`],
  coverageDirectory: path.join(
    workspaceRoot,
    'coverage',
    path.relative(workspaceRoot, projectRoot),
  ),
  // No test asserts how long something takes; this only ends what hangs, also on a busy machine.
  testTimeout: 30_000,
});
