import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toBase64 } from '@touchstone/bytes';
import { loadKek } from './kek';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'touchstone-kek-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const key = new Uint8Array(32).fill(7);

describe('loadKek', () => {
  it('makes a key in the state folder and reads it again', async () => {
    const first = await loadKek({ home });
    expect(first).toHaveLength(32);
    expect(await loadKek({ home })).toEqual(first);
    expect((await stat(path.join(home, 'kek'))).mode & 0o777).toBe(0o600);
  });

  it('gives all who start at once the same key', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadKek({ home })));
    expect(new Set(keys.map(toBase64)).size).toBe(1);
  });

  it('takes the key from the environment', async () => {
    expect(await loadKek({ home, env: { TOUCHSTONE_KEK: toBase64(key) } })).toEqual(key);
  });

  it('takes the key from a named file', async () => {
    const file = path.join(home, 'secret');
    await writeFile(file, `${toBase64(key)}\n`, { mode: 0o600 });
    expect(await loadKek({ home, env: { TOUCHSTONE_KEK_FILE: file } })).toEqual(key);
  });

  it('refuses a file that others may read', async () => {
    await loadKek({ home });
    await chmod(path.join(home, 'kek'), 0o640);
    await expect(loadKek({ home })).rejects.toMatchObject({ code: 'TLS_KEK_EXPOSED' });
  });

  it.each([
    ['too short', toBase64(key.subarray(1))],
    ['no base64', '!!!'],
  ])('refuses a key that is %s, without quoting it', async (_name, text) => {
    const refusal = loadKek({ home, env: { TOUCHSTONE_KEK: text } });
    await expect(refusal).rejects.toMatchObject({
      code: 'TLS_KEK_INVALID',
      field: 'TOUCHSTONE_KEK',
    });
    await expect(refusal).rejects.not.toThrow(text);
  });

  it('refuses a named file that is not there', async () => {
    const env = { TOUCHSTONE_KEK_FILE: path.join(home, 'absent') };
    await expect(loadKek({ home, env })).rejects.toMatchObject({ code: 'TLS_KEK_INVALID' });
  });
});
