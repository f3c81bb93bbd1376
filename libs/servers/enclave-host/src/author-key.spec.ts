import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { seededRandom, systemRandom } from '@touchstone/runtime';
import { AUTHOR_KEY_FILE, openAuthorKey } from './author-key';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'author-key-'));
});
afterEach(() => rm(home, { recursive: true }));

describe('openAuthorKey', () => {
  it('makes a key as SIGSTRUCT wants it, once, for the owner of the folder alone', async () => {
    const keys = await Promise.all([1, 2].map(() => openAuthorKey({ home, random: systemRandom })));
    const [first, second] = keys;
    expect(second).toEqual(first);
    const key = createPrivateKey({ key: Buffer.from(first ?? []), format: 'der', type: 'pkcs8' });
    expect(key.asymmetricKeyDetails).toEqual({ modulusLength: 3072, publicExponent: 3n });
    expect((await stat(path.join(home, AUTHOR_KEY_FILE))).mode & 0o777).toBe(0o600);
  });

  it('gives the same key for the same seed', async () => {
    const options = () => ({ random: seededRandom('ab', 'author'), deterministic: true });
    const here = await openAuthorKey({ home, ...options() });
    const there = await openAuthorKey({ home: path.join(home, 'other'), ...options() });
    expect(there).toEqual(here);
  });

  it('does not replace a file that it cannot read', async () => {
    await writeFile(path.join(home, AUTHOR_KEY_FILE), 'not a key');
    await expect(openAuthorKey({ home, random: systemRandom })).rejects.toThrow();
  });
});
