// Types alone: there is nothing to run.
module.exports = { ...require('../../../tools/jest/preset.cjs')(__dirname), passWithNoTests: true };
