import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { toHex } from '@touchstone/bytes';
import { createImage, parseManifest, signEnclave } from '@touchstone/enclave';
import { mrSignerOfKey } from '@touchstone/platform';
import { aPlatform } from '@touchstone/testkit';
import type { Ran } from './touchstone';
import { Desk, buildTouchstone } from './touchstone';

jest.setTimeout(60_000);

const MAIN = `
  import { defineEnclave } from '@touchstone/enclave-sdk';
  export const ecalls = defineEnclave({
    async keep(secret: Uint8Array, enclave) { return enclave.seal(secret, { policy: 'mrsigner' }); },
  });`;
const KSS = { extendedProductId: 'e0'.repeat(16), familyId: 'fa'.repeat(16) };
const MANIFEST = {
  name: 'keeper',
  productId: 7,
  svn: 3,
  debug: true,
  heapPages: 64,
  threads: 2,
  kss: KSS,
};
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072, publicExponent: 3 });
const pkcs8 = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
const pem = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }).toString();

let desk: Desk;
/** An author's folder, outside of this repository. */
const author = async (name: string, main = MAIN, manifest: object = MANIFEST): Promise<void> => {
  await mkdir(path.join(desk.folder, name), { recursive: true });
  await desk.put(`${name}/main.ts`, main);
  await desk.put(`${name}/enclave.json`, JSON.stringify(manifest));
};
const read = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(await readFile(path.join(desk.folder, name)));
const enclave = (...args: string[]): Promise<Ran> => desk.touchstone('enclave', ...args);
const measured = async (folder: string): Promise<string> =>
  (await enclave('measure', folder)).stdout.trim();

beforeAll(async () => {
  await buildTouchstone();
  desk = await Desk.open();
  await author('keeper');
  await desk.put('author.pem', pem(privateKey));
});
afterAll(() => desk.close());

describe('touchstone enclave', () => {
  it("builds an author's folder, wherever it is, with the SDK", async () => {
    const { code, stdout, stderr } = await enclave('build', 'keeper', '--out', 'built', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const image = createImage(
      parseManifest(Buffer.from(await read('built/enclave.json')).toString()),
      await read('built/enclave.js'),
    );
    expect(JSON.parse(stdout)).toMatchObject({ name: 'keeper', mrEnclave: toHex(image.mrEnclave) });
  });

  it('measures sources, and what they were built to, alike', async () => {
    expect(await measured('keeper')).toMatch(/^[0-9a-f]{64}$/);
    expect(await measured('built')).toBe(await measured('keeper'));
  });

  it('measures the same sources alike in another folder, and others otherwise', async () => {
    await cp(path.join(desk.folder, 'keeper'), path.join(desk.folder, 'deep/er/copy'), {
      recursive: true,
    });
    await author('other', MAIN.replace('mrsigner', 'mrenclave'));
    expect(await measured('deep/er/copy')).toBe(await measured('keeper'));
    expect(await measured('other')).not.toBe(await measured('keeper'));
  });

  it('signs what was built, so that a processor loads it', async () => {
    const ran = await enclave('sign', 'built', '--key', 'author.pem', '--date', '2026-01-02');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const sigstruct = await read('built/enclave.sigstruct');
    const manifest = parseManifest(Buffer.from(await read('built/enclave.json')).toString());
    const image = createImage(manifest, await read('built/enclave.js'));
    expect(toHex(sigstruct)).toBe(
      toHex(signEnclave(image, pkcs8, new Date('2026-01-02T12:00:00Z'))),
    );
    const { identity } = aPlatform().machine.load(image, sigstruct, { debug: false });
    expect(toHex(identity.mrSigner)).toBe(toHex(mrSignerOfKey(pkcs8)));
    expect(ran.stdout).toContain(toHex(identity.mrSigner));
    expect(toHex(identity.isvFamilyId)).toBe(KSS.familyId);
  });

  it('shows every field of a built enclave and of its signature', async () => {
    const { code, stdout } = await enclave('inspect', 'built', '--json');
    expect(code).toBe(0);
    const { sections } = JSON.parse(stdout) as {
      sections: { title: string; fields: { name: string; value: string; size?: number }[] }[];
    };
    const fields = sections.flatMap((section) => section.fields);
    const value = (name: string) => fields.find((field) => field.name === name)?.value;
    expect(value('name')).toBe('keeper');
    expect(value('MRENCLAVE')).toBe(await measured('keeper'));
    expect(value('ISVPRODID')).toBe('7');
    expect(value('ISVSVN')).toBe('3');
    expect(value('ISVEXTPRODID')).toBe(KSS.extendedProductId);
    expect(value('MRSIGNER')).toBe(toHex(mrSignerOfKey(pkcs8)));
    expect(value('signature')).toBe('good');
    const sigstruct = sections.find(({ title }) => title === 'SIGSTRUCT')?.fields ?? [];
    expect(sigstruct.reduce((sum, { size = 0 }) => sum + size, 0)).toBe(1808);
  });

  it('shows a person what a SIGSTRUCT alone says', async () => {
    const { code, stdout } = await enclave('inspect', 'built/enclave.sigstruct');
    expect(code).toBe(0);
    expect(stdout).toMatch(/ {3}928 {5}16 {2}ATTRIBUTES +86.*DEBUG, MODE64BIT, KSS/);
    expect(stdout).toMatch(/MRSIGNER +[0-9a-f]{64}/);
  });

  it('says when a SIGSTRUCT is not good, or not that of the code', async () => {
    const sigstruct = await read('built/enclave.sigstruct');
    sigstruct[1026] = 99;
    await desk.put('forged.sigstruct', sigstruct);
    const forged = await enclave('inspect', 'forged.sigstruct');
    expect(forged.stdout).toContain('SGX_INVALID_SIGNATURE');
    await desk.put('short.sigstruct', sigstruct.subarray(1));
    const short = await enclave('inspect', 'short.sigstruct');
    expect(short).toMatchObject({ code: 1 });
    expect(short.stdout).toContain('SGX_INVALID_SIG_STRUCT');
    await cp(path.join(desk.folder, 'built'), path.join(desk.folder, 'changed'), {
      recursive: true,
    });
    await writeFile(path.join(desk.folder, 'changed/enclave.js'), 'exports.ecalls = {};');
    expect((await enclave('inspect', 'changed')).stdout).toContain('another enclave');
  });

  it.each([
    [
      'fs',
      "import { readFileSync } from 'node:fs'; export const ecalls = { r: readFileSync };",
      'ENCLAVE_IMPORT_REFUSED',
    ],
    ['broken', 'export const = 1;', 'ENCLAVE_BUILD_FAILED'],
    ['astray', "export { ecalls } from 'no-such-package';", 'ENCLAVE_BUILD_FAILED'],
  ])('does not build what cannot run: %s', async (name, main, code) => {
    await author(name, main);
    const ran = await enclave('build', name, '--out', `${name}-built`);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain(`touchstone: ${code}: `);
  });

  it('needs a manifest that is one, and another folder to build into', async () => {
    await author('nameless', MAIN, { ...MANIFEST, name: 'No Name', svn: -1 });
    expect((await enclave('measure', 'nameless')).stderr).toMatch(
      /ENCLAVE_MANIFEST_INVALID: .*name, svn/,
    );
    expect((await enclave('measure', 'nowhere')).stderr).toContain('ENCLAVE_FOLDER_INVALID');
    const same = await enclave('build', 'keeper', '--out', './keeper/');
    expect(same.stderr).toContain('ENCLAVE_FOLDER_INVALID');
  });

  it('signs with keys of authors only, and tells nothing of others', async () => {
    const wrong = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    await desk.put('wrong.pem', pem(wrong));
    await desk.put('none.pem', 'no key');
    const refused = await enclave('sign', 'built', '--key', 'wrong.pem');
    expect(refused.stderr).toContain('SGX_INVALID_SIGNING_KEY');
    expect((await enclave('sign', 'built', '--key', 'none.pem')).stderr).toContain(
      'SIGNING_KEY_INVALID',
    );
  });
});
