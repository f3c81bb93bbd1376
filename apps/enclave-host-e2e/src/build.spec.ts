import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { toHex } from '@touchstone/bytes';
import { createImage, parseManifest } from '@touchstone/enclave';

jest.setTimeout(30_000);

const WORKSPACE = path.resolve(__dirname, '../../..');
const TOOL = path.join(WORKSPACE, 'tools/build-enclave.mjs');
const TRAINER = path.join(WORKSPACE, 'libs/enclaves/trainer');

/** The code of an enclave's folder, built by a process of its own. */
async function build(folder: string, cwd: string): Promise<Buffer> {
  const script = `import { buildEnclave } from ${JSON.stringify(TOOL)};
    process.stdout.write((await buildEnclave(${JSON.stringify(folder)})).code);`;
  const args = ['--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, encoding: 'buffer' });
  return stdout;
}

describe('the build of an enclave', () => {
  let elsewhere: string;
  beforeAll(async () => {
    elsewhere = await mkdtemp(path.join(tmpdir(), 'touchstone-build-'));
    await symlink(path.join(WORKSPACE, 'node_modules'), path.join(elsewhere, 'node_modules'));
    await cp(TRAINER, path.join(elsewhere, 'moved'), { recursive: true });
  });
  afterAll(() => rm(elsewhere, { recursive: true }));

  it('gives the same measurement wherever the sources are', async () => {
    const here = await build(TRAINER, WORKSPACE);
    const there = await build(path.join(elsewhere, 'moved'), tmpdir());
    const manifest = parseManifest(await readFile(path.join(TRAINER, 'enclave.json'), 'utf8'));
    const measure = (code: Buffer): string =>
      toHex(createImage(manifest, new Uint8Array(code)).mrEnclave);
    expect(measure(there)).toBe(measure(here));
  });

  it('holds no path of the machine that made it', async () => {
    const code = (await build(TRAINER, WORKSPACE)).toString();
    expect(code).not.toContain(WORKSPACE);
    expect(code).not.toContain('node_modules');
  });

  it('needs nothing but what an enclave can load', async () => {
    const code = (await build(TRAINER, WORKSPACE)).toString();
    const required = [...code.matchAll(/require\("([^"]+)"\)/g)].map((match) => match[1]);
    expect([...new Set(required)]).toEqual(['node:crypto']);
  });
});
