import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleEnclave } from './index.mjs';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'touchstone-enclave-'));
});
afterEach(() => rm(folder, { recursive: true }));

const put = async (files: Record<string, string>): Promise<void> => {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
};
const MANIFEST = { 'enclave.json': '{"name":"tested"}' };

describe('bundleEnclave', () => {
  it.each(['src/enclave/main.ts', 'main.ts', 'main.js'])('begins at %s', async (entry) => {
    await put({ ...MANIFEST, [entry]: 'export const ecalls = { hello: async () => "there" };' });
    const { code, manifest, imports } = await bundleEnclave(folder);
    expect(Buffer.from(code).toString()).toContain('"there"');
    expect(manifest).toBe(MANIFEST['enclave.json']);
    expect(imports).toEqual([]);
  });

  it('names the modules that the code asks for when it runs, each once', async () => {
    const main = [
      "import { hash } from 'node:crypto';",
      "import { readFileSync } from 'fs';",
      "import './other';",
      'export const ecalls = { hash, readFileSync };',
    ];
    const other = "import { createHash } from 'node:crypto'; export const it = createHash('md5');";
    await put({ ...MANIFEST, 'main.ts': main.join('\n'), 'other.ts': other });
    expect([...(await bundleEnclave(folder)).imports].sort()).toEqual(['fs', 'node:crypto']);
  });

  it('finds packages where it is told to look', async () => {
    const nodePaths = [path.join(folder, 'elsewhere')];
    await put({
      ...MANIFEST,
      'main.js': "export { ecalls } from 'a-package';",
      'elsewhere/a-package/index.js': 'export const ecalls = { found: () => "found" };',
    });
    const { code } = await bundleEnclave(folder, { nodePaths });
    expect(Buffer.from(code).toString()).toContain('"found"');
    await expect(bundleEnclave(folder)).rejects.toMatchObject({ code: 'ENCLAVE_BUILD_FAILED' });
  });

  it('does not heed settings of the place where it runs', async () => {
    const main = 'class A { x = 1 } export const ecalls = { a: async () => new A().x };';
    await put({ ...MANIFEST, 'main.ts': main });
    const { code } = await bundleEnclave(folder);
    await put({
      'tsconfig.json': '{"compilerOptions":{"useDefineForClassFields":false,"target":"es5"}}',
    });
    expect((await bundleEnclave(folder)).code).toEqual(code);
  });

  it.each<[string, Record<string, string>, string]>([
    ['no manifest', { 'main.ts': '' }, 'ENCLAVE_FOLDER_INVALID'],
    ['no code', MANIFEST, 'ENCLAVE_FOLDER_INVALID'],
    ['code that is none', { ...MANIFEST, 'main.ts': 'export const = 1' }, 'ENCLAVE_BUILD_FAILED'],
  ])('refuses a folder with %s', async (_what, files, code) => {
    await put(files);
    await expect(bundleEnclave(folder)).rejects.toMatchObject({ code });
  });

  it('says where the code is wrong', async () => {
    await put({ ...MANIFEST, 'main.ts': '\nexport const = 1' });
    await expect(bundleEnclave(folder)).rejects.toThrow(/^main\.ts:2: /);
  });
});
