// `npm run test:evidence`: replays real attestation evidence, kept outside this repository.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = process.env.TOUCHSTONE_EVIDENCE;

if (!folder || !existsSync(path.join(folder, 'manifest.json'))) {
  console.log('test:evidence: skipped, TOUCHSTONE_EVIDENCE names no folder with a manifest.json');
  process.exit(0);
}

const { status } = spawnSync(
  path.join(root, 'node_modules/.bin/jest'),
  ['-c', path.join(root, 'apps/evidence-e2e/jest.evidence.cjs'), ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TOUCHSTONE_EVIDENCE: path.resolve(folder) },
  },
);
process.exit(status ?? 1);
