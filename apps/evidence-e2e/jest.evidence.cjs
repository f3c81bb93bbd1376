// Replays real evidence from the folder in TOUCHSTONE_EVIDENCE. Not a `jest.config.*`, so that the everyday test run,
// which has no such folder, does not find it.
const preset = require('../../tools/jest/preset.cjs');

module.exports = {
  ...preset(__dirname),
  displayName: 'evidence',
  testMatch: ['<rootDir>/src/**/*.evidence.ts'],
};
