import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

export const WORKSPACE = path.resolve(__dirname, '../../..');

export interface Bundles {
  readonly ecosystem: string;
  readonly cli: string;
  /** Folder of built enclaves. */
  readonly enclaves: string;
}

/** Inside the repository, for what stays outside a bundle is found from there; of our own, so that nobody else writes to it. */
const FOLDER = path.join(WORKSPACE, 'dist/ecosystem-e2e');

const url = (tool: string): string => JSON.stringify(path.join(WORKSPACE, 'tools', tool));

/** Bundles both apps and the enclaves as they are in this checkout, with the tools that every start uses. */
export async function buildBundles(): Promise<Bundles> {
  const apps = path.join(FOLDER, 'apps');
  const enclaves = path.join(FOLDER, 'enclaves');
  const script = `
    import { buildApp } from ${url('build.mjs')};
    import { buildEnclaves } from ${url('build-enclave.mjs')};
    const apps = ${JSON.stringify(apps)};
    await Promise.all([
      buildApp('ecosystem', { apps }),
      buildApp('cli', { apps }),
      buildEnclaves(${JSON.stringify(enclaves)}),
    ]);`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: WORKSPACE,
  });
  const entry = (app: string): string => path.join(apps, app, 'main.cjs');
  return { ecosystem: entry('ecosystem'), cli: entry('cli'), enclaves };
}
