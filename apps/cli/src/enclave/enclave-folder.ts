import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fromUtf8, toUtf8 } from '@touchstone/bytes';
import {
  MAX_CODE_BYTES,
  MAX_MANIFEST_CHARACTERS,
  createImage,
  parseManifest,
  type EnclaveImage,
} from '@touchstone/enclave';
import { MANIFEST_FILE, bundleEnclave } from '@touchstone/enclave-build';
import { ALLOWED_MODULES } from '@touchstone/enclave-worker';
import { SIGSTRUCT_SIZE } from '@touchstone/platform';
import { EnclaveCommandError } from './enclave-command-error';

/** A built enclave on disk: the manifest, the code that is measured, and once it is signed the SIGSTRUCT. */
export const CODE_FILE = 'enclave.js';
export const SIGSTRUCT_FILE = 'enclave.sigstruct';

export interface EnclaveOnDisk {
  readonly image: EnclaveImage;
  /** 1808 bytes, where it has been signed. */
  readonly sigstruct?: Uint8Array;
}

/** Builds an author's folder in memory. @throws EnclaveCommandError, EnclaveError */
export async function buildFolder(folder: string): Promise<EnclaveImage> {
  const { code, manifest, imports } = await bundled(folder);
  const refused = imports.filter((name) => !isLoadable(name));
  if (refused.length > 0) {
    throw new EnclaveCommandError(
      'ENCLAVE_IMPORT_REFUSED',
      `an enclave cannot load ${refused.join(', ')}: it has ${Object.keys(ALLOWED_MODULES).join(', ')}`,
      { field: refused[0] ?? '' },
    );
  }
  return createImage(parseManifest(manifest), code);
}

/** The manifest is written as its author wrote it. */
export async function writeBuilt(
  image: EnclaveImage,
  source: string,
  target: string,
): Promise<void> {
  if (path.resolve(source) === path.resolve(target)) {
    throw new EnclaveCommandError(
      'ENCLAVE_FOLDER_INVALID',
      'a build goes into another folder than its sources',
      { field: '--out' },
    );
  }
  await mkdir(target, { recursive: true });
  await writeFile(path.join(target, CODE_FILE), image.code);
  const manifest = await readFile(path.join(source, MANIFEST_FILE));
  await writeFile(path.join(target, MANIFEST_FILE), manifest);
}

/** What a build left in the folder, or else what the folder builds to. @throws EnclaveCommandError, EnclaveError */
export async function readEnclave(folder: string): Promise<EnclaveOnDisk> {
  const code = await readOptional(path.join(folder, CODE_FILE), MAX_CODE_BYTES);
  if (code === undefined) return { image: await buildFolder(folder) };
  const manifest = await readOptional(path.join(folder, MANIFEST_FILE), MAX_MANIFEST_CHARACTERS);
  const sigstruct = await readOptional(path.join(folder, SIGSTRUCT_FILE), SIGSTRUCT_SIZE);
  const image = createImage(parseManifest(toUtf8(manifest ?? fromUtf8(''))), code);
  return { image, ...(sigstruct && { sigstruct }) };
}

async function bundled(folder: string): ReturnType<typeof bundleEnclave> {
  try {
    return await bundleEnclave(folder, { nodePaths: packagesAbove(__dirname) });
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    if (code !== 'ENCLAVE_FOLDER_INVALID' && code !== 'ENCLAVE_BUILD_FAILED') throw error;
    throw new EnclaveCommandError(code, message, { field: folder, cause: error });
  }
}

/** Where this command's own packages are, the SDK among them. */
function packagesAbove(folder: string): string[] {
  const parent = path.dirname(folder);
  const here = path.join(folder, 'node_modules');
  return parent === folder ? [here] : [here, ...packagesAbove(parent)];
}

function isLoadable(name: string): boolean {
  return Object.hasOwn(ALLOWED_MODULES, name.startsWith('node:') ? name : `node:${name}`);
}

async function readOptional(file: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return undefined;
  if (found.size > maxBytes) {
    throw new EnclaveCommandError('ENCLAVE_FILE_TOO_LARGE', `${file} has ${found.size} bytes`, {
      field: file,
    });
  }
  return new Uint8Array(await readFile(file));
}
