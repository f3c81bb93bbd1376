import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MAX_COLLATERAL_BYTES } from '@touchstone/service-verifier';
import { readCollateral, readGiven } from './given-files';

let folder: string;
const at = (...parts: string[]): string => path.join(folder, ...parts);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'touchstone-given-'));
  await mkdir(at('many', 'deeper'), { recursive: true });
  await writeFile(at('one'), 'one');
  await writeFile(at('many', 'b'), 'b');
  await writeFile(at('many', 'a'), 'a');
  await writeFile(at('many', 'deeper', 'c'), 'c');
  await writeFile(at('many', 'large'), '');
  await truncate(at('many', 'large'), MAX_COLLATERAL_BYTES + 1);
  await symlink(at('one'), at('many', 'link'));
});

afterAll(() => rm(folder, { recursive: true }));

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('readCollateral', () => {
  it('means the files that are named, and searches folders', async () => {
    const files = await readCollateral([at('one'), at('many')]);
    expect(files.map(({ bytes, meant }) => `${text(bytes)} ${meant}`)).toEqual([
      'one true',
      'a false',
      'b false',
      'c false',
    ]);
    expect(files.at(-1)?.name).toBe(at('many', 'deeper', 'c'));
  });

  it('refuses what is not there', async () => {
    await expect(readCollateral([at('none')])).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('refuses a file that is too large when it is named', async () => {
    await expect(readCollateral([at('many', 'large')])).rejects.toMatchObject({
      code: 'FILE_TOO_LARGE',
    });
  });
});

describe('readGiven', () => {
  it('refuses a folder', async () => {
    await expect(readGiven(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
