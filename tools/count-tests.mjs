const JEST_TOTALS = /^\s*Tests:\s+(.*\d+ total)\s*$/gm;
const NODE_TOTALS = /^(?:ℹ|#) (pass|fail) (\d+)$/gm;

/** Adds up the closing lines of Jest and of Node's test runner in a piece of output. */
export function countTests(output) {
  const totals = { passed: 0, failed: 0 };
  for (const [, line] of output.matchAll(JEST_TOTALS)) {
    totals.passed += Number(/(\d+) passed/.exec(line)?.[1] ?? 0);
    totals.failed += Number(/(\d+) failed/.exec(line)?.[1] ?? 0);
  }
  for (const [, kind, count] of output.matchAll(NODE_TOTALS)) {
    totals[kind === 'pass' ? 'passed' : 'failed'] += Number(count);
  }
  return totals;
}
