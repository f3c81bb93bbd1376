import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readImages } from './image-folder';

describe('readImages', () => {
  it('reads each enclave of a folder, and none where there is no folder', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'images-'));
    await mkdir(path.join(folder, 'one'));
    await writeFile(path.join(folder, 'one/enclave.js'), 'code');
    await writeFile(path.join(folder, 'one/enclave.json'), '{}');
    await writeFile(path.join(folder, 'README'), '');
    expect(await readImages(folder)).toEqual([
      { code: new Uint8Array(Buffer.from('code')), manifest: '{}' },
    ]);
    expect(await readImages(path.join(folder, 'missing'))).toEqual([]);
    await rm(folder, { recursive: true });
  });
});
