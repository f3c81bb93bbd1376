// `npm test`: formatting, references, lint and types of all projects, then the tests of each. Ends with one line of totals.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { countTests } from './count-tests.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => path.join(root, 'node_modules/.bin', name);

Object.assign(process.env, {
  NX_DAEMON: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
  FORCE_COLOR: '0',
});

/** Runs a command to its end, hands on its output as it comes, and answers all of it with the exit code. */
function run(command, args, hear) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const take = (chunk) => {
      output += chunk;
      hear(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

let passed = 0;
let failed = 0;

function count(name, { code, output }) {
  const tests = countTests(output);
  passed += tests.passed;
  // A step that fails without a failed test (lint, types, a crash) still counts.
  failed += code === 0 ? tests.failed : Math.max(tests.failed, 1);
  if (code !== 0) console.log(`touchstone: ${name} failed`);
}

/** One step after the other; what a step says is shown in one piece, for another lane runs beside. */
async function lane(steps) {
  for (const [name, command, args] of steps) {
    const ran = await run(command, args, () => undefined);
    process.stdout.write(ran.output);
    count(name, ran);
  }
}

/** Makes the project graph, which the lint rule for boundaries reads and without which it would pass everything. */
async function projectFolders() {
  const { createProjectGraphAsync } = await import('@nx/devkit');
  const { nodes } = await createProjectGraphAsync();
  return Object.values(nodes)
    .map(({ data }) => data.root)
    .filter((folder) => folder !== '.');
}

const toolTests = readdirSync(path.join(root, 'tools'), { recursive: true })
  .filter((file) => file.endsWith('.test.mjs'))
  .map((file) => path.join('tools', file));
const folders = await projectFolders();

// One process for all projects: each of its own would read the compiler and its libraries anew.
await Promise.all([
  lane([
    ['formatting', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
    ['lint', bin('eslint'), ['--flag', 'v10_config_lookup_from_file', ...folders]],
  ]),
  lane([
    ['references', process.execPath, ['tools/references.mjs', '--check']],
    ['types', bin('tsc'), ['--build', ...folders]],
    ['tools', process.execPath, ['--test', '--test-reporter', 'spec', ...toolTests]],
  ]),
]);

const tests = ['run-many', '-t', 'test', '--output-style', 'static', ...process.argv.slice(2)];
count('tests', await run(bin('nx'), tests, (chunk) => process.stdout.write(chunk)));

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
