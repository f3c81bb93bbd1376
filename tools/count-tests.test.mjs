import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countTests } from './count-tests.mjs';

test('adds up Jest and Node totals', () => {
  const output = [
    'Tests:       2 failed, 3 passed, 5 total',
    'Tests:       7 passed, 7 total',
    'ℹ pass 4',
    'ℹ fail 1',
  ].join('\n');
  assert.deepEqual(countTests(output), { passed: 14, failed: 3 });
});

test('counts nothing where nothing ran', () => {
  assert.deepEqual(countTests('No tests found'), { passed: 0, failed: 0 });
});
