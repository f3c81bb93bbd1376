// `npm test`: formatting, references, then lint, types and tests of every project. Ends with one line of totals.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { countTests } from './count-tests.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => path.join(root, 'node_modules/.bin', name);

/** Runs a command to its end, shows its output, and answers it with the exit code. */
function show(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: {
        ...process.env,
        NX_DAEMON: 'false',
        NX_NO_CLOUD: 'true',
        NX_TUI: 'false',
        FORCE_COLOR: '0',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const take = (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

const toolTests = readdirSync(path.join(root, 'tools'), { recursive: true })
  .filter((file) => file.endsWith('.test.mjs'))
  .map((file) => path.join('tools', file));

const steps = [
  ['formatting', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['references', process.execPath, ['tools/references.mjs', '--check']],
  ['tools', process.execPath, ['--test', '--test-reporter', 'spec', ...toolTests]],
  [
    'projects',
    bin('nx'),
    [
      'run-many',
      '-t',
      'lint',
      'typecheck',
      'test',
      '--output-style',
      'static',
      ...process.argv.slice(2),
    ],
  ],
];

let passed = 0;
let failed = 0;
for (const [name, command, args] of steps) {
  const { code, output } = await show(command, args);
  const tests = countTests(output);
  passed += tests.passed;
  // A step that fails without a failed test (lint, types, a crash) still counts.
  failed += code === 0 ? tests.failed : Math.max(tests.failed, 1);
  if (code !== 0) console.log(`touchstone: ${name} failed`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
