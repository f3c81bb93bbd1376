import { fromBase64Lenient, fromBase64Url, fromUtf8, toBase64Url, toUtf8 } from '@touchstone/bytes';
import { isKeyWrapAlgorithm } from './algorithm';
import type { KeyWrapAlgorithm } from './algorithm';
import { KeyWrapError } from './key-wrap-error';

/** The `key_hsm` member of a released key: who can unwrap it, how, and the wrapped key. */
export interface KeyHsm {
  /** `kid` of the key-encryption key in the attestation token, not of the vault key. */
  readonly kid: string;
  readonly enc: KeyWrapAlgorithm;
  readonly ciphertext: Uint8Array;
}

const SCHEMA_VERSION = '1.0';
/** Wrapped RSA-4096 under RSA-4096 takes about 5,000 characters. */
export const MAX_KEY_HSM_CHARACTERS = 64 * 1024;

/** base64url of the JSON document, members in the order in which Azure Key Vault writes them. */
export function encodeKeyHsm({ kid, enc, ciphertext }: KeyHsm): string {
  const document = {
    schema_version: SCHEMA_VERSION,
    header: { kid, alg: 'dir', enc },
    ciphertext: toBase64Url(ciphertext),
  };
  return toBase64Url(fromUtf8(JSON.stringify(document)));
}

/** Takes the members in any order. KEY_HSM_MALFORMED names the member at fault. */
export function decodeKeyHsm(text: string): KeyHsm {
  const document = parse(text);
  if (document['schema_version'] !== SCHEMA_VERSION) throw malformed('schema_version');
  const header = document['header'];
  if (!isObject(header)) throw malformed('header');
  const { kid, alg, enc } = header;
  if (typeof kid !== 'string') throw malformed('header.kid');
  if (alg !== 'dir') throw malformed('header.alg');
  if (!isKeyWrapAlgorithm(enc)) throw malformed('header.enc');
  return { kid, enc, ciphertext: ciphertextOf(document['ciphertext']) };
}

function parse(text: string): Record<string, unknown> {
  if (text.length > MAX_KEY_HSM_CHARACTERS) throw malformed('key_hsm');
  let document: unknown;
  try {
    document = JSON.parse(toUtf8(fromBase64Lenient(text)));
  } catch {
    throw malformed('key_hsm');
  }
  if (!isObject(document)) throw malformed('key_hsm');
  return document;
}

function ciphertextOf(value: unknown): Uint8Array {
  if (typeof value !== 'string' || value === '') throw malformed('ciphertext');
  try {
    return fromBase64Url(value);
  } catch {
    throw malformed('ciphertext');
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const malformed = (field: string): KeyWrapError =>
  new KeyWrapError('KEY_HSM_MALFORMED', `${field} is missing or malformed`, { field });
