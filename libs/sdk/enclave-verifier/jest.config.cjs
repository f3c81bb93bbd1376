// Its tests need a simulated machine, which the test kit has: see sealing.spec.ts and sdk-evidence.spec.ts there.
module.exports = { ...require('../../../tools/jest/preset.cjs')(__dirname), passWithNoTests: true };
