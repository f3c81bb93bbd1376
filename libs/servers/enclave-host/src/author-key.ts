import { createPrivateKey, generateKeyPair } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { generateRsaKey, SIGSTRUCT_KEY_BITS } from '@touchstone/platform';
import type { Random } from '@touchstone/ports';

/** The enclave author's private key, PKCS#8 PEM, in the state folder. */
export const AUTHOR_KEY_FILE = 'enclave-author.pem';

const PRIVATE_FILE = 0o600;
/** SIGSTRUCT knows no other exponent. */
const PUBLIC_EXPONENT = 3;

export interface AuthorKeyOptions {
  /** State folder. */
  readonly home: string;
  readonly random: Random;
  /** Draw the key from `random`, which takes longer, so that a seed gives the same MRSIGNER. */
  readonly deterministic?: boolean;
}

/** The key (PKCS#8 DER, RSA-3072, e = 3) of whoever signs this folder's enclaves; made on first use. */
export async function openAuthorKey({
  home,
  random,
  deterministic = false,
}: AuthorKeyOptions): Promise<Uint8Array> {
  const file = path.join(home, AUTHOR_KEY_FILE);
  const kept = await readIfPresent(file);
  if (kept !== undefined) return kept;
  const made = deterministic
    ? generateRsaKey(random, { modulusBits: SIGSTRUCT_KEY_BITS, publicExponent: PUBLIC_EXPONENT })
    : await newKey();
  await mkdir(home, { recursive: true });
  await createOnce(file, toPem(made));
  return (await readIfPresent(file)) ?? made;
}

async function newKey(): Promise<Uint8Array> {
  const options = { modulusLength: SIGSTRUCT_KEY_BITS, publicExponent: PUBLIC_EXPONENT };
  const { privateKey } = await promisify(generateKeyPair)('rsa', options);
  return new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }));
}

const toPem = (pkcs8: Uint8Array): string =>
  createPrivateKey({ key: Buffer.from(pkcs8), type: 'pkcs8', format: 'der' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();

async function readIfPresent(file: string): Promise<Uint8Array | undefined> {
  try {
    const key = createPrivateKey(await readFile(file));
    return new Uint8Array(key.export({ type: 'pkcs8', format: 'der' }));
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Of processes that make the key at once, the first one's stays: a link appears whole and replaces nothing. */
async function createOnce(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, text, { mode: PRIVATE_FILE });
  try {
    await link(draft, file);
  } catch (error) {
    if (!hasErrno(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function hasErrno(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
