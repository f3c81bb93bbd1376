import { cp, mkdtemp, readdir, rm, symlink, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toHex } from '@touchstone/bytes';
import { createImage, parseManifest } from '@touchstone/enclave';
import type { BuiltEnclave } from './world';
import { PEER, WORKSPACE, build } from './world';

jest.setTimeout(60_000);

const TRAINER = path.join(WORKSPACE, 'libs/enclaves/trainer');
const measure = ({ code, manifest }: BuiltEnclave): string =>
  toHex(createImage(parseManifest(manifest), code).mrEnclave);

describe.each([
  ['an enclave with a library', TRAINER],
  ['an enclave that relies on others', PEER],
])('the build of %s', (_what, folder) => {
  let elsewhere: string;
  let here: BuiltEnclave;
  beforeAll(async () => {
    elsewhere = await mkdtemp(path.join(tmpdir(), 'touchstone-build-'));
    await symlink(path.join(WORKSPACE, 'node_modules'), path.join(elsewhere, 'node_modules'));
    await cp(folder, path.join(elsewhere, 'a longer name/moved'), { recursive: true });
    here = await build(folder);
  });
  afterAll(() => rm(elsewhere, { recursive: true }));

  it('measures the same in another folder, from another directory', async () => {
    const there = path.join(elsewhere, 'a longer name/moved');
    expect(measure(await build(there, { cwd: tmpdir() }))).toBe(measure(here));
  });

  it('measures the same under other settings, and at another time', async () => {
    const there = path.join(elsewhere, 'a longer name/moved');
    const files = await readdir(there, { recursive: true });
    const past = new Date('1999-12-31T23:59:59Z');
    for (const file of files) await utimes(path.join(there, file), past, past);
    const env = {
      TZ: 'Pacific/Kiritimati',
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
      NODE_ENV: 'production',
      NODE_PATH: tmpdir(),
      HOME: elsewhere,
      SOURCE_DATE_EPOCH: '1',
      DEBUG: '*',
    };
    expect(measure(await build(there, { env }))).toBe(measure(here));
  });

  it('holds no path of the machine that made it', () => {
    const text = Buffer.from(here.code).toString();
    expect(text).not.toContain(WORKSPACE);
    expect(text).not.toContain('node_modules');
  });

  it('needs nothing but what an enclave can load', () => {
    const text = Buffer.from(here.code).toString();
    const required = [...text.matchAll(/require\("([^"]+)"\)/g)].map((match) => match[1]);
    expect([...new Set(required)]).toEqual(['node:crypto']);
  });
});
