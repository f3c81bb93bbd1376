// All that it tests needs the folder of real evidence: see jest.evidence.cjs.
module.exports = { ...require('../../tools/jest/preset.cjs')(__dirname), passWithNoTests: true };
