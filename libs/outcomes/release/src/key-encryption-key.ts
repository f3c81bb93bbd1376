import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { fromBase64Url } from '@touchstone/bytes';
import { MAX_KEK_BITS, MIN_KEK_BITS } from '@touchstone/key-wrap';
import { findClaim, isObject } from './find-claim';
import { ReleaseError } from './release-error';

/** The key that the attested environment wants its key wrapped to. */
export interface KeyEncryptionKey {
  readonly kid: string;
  readonly jwk: { readonly kty: 'RSA'; readonly n: string; readonly e: string };
  readonly key: KeyObject;
}

/** Where runtime data is found in a token: the live name, then the one of some documents. */
const HOLDERS = ['x-ms-runtime', 'x-ms-runtime-claims'];
/** More keys than this are not searched. */
export const MAX_RUNTIME_KEYS = 32;

/**
 * The first RSA key of the top-level `x-ms-runtime.keys` that is meant for encryption: `use` is `enc` or `key_ops`
 * has `encrypt`. Keys deeper inside (a TEE's own) are never it. RELEASE_KEK_MISSING, RELEASE_KEK_UNUSABLE.
 */
export function findKeyEncryptionKey(claims: Readonly<Record<string, unknown>>): KeyEncryptionKey {
  const keys =
    HOLDERS.map((holder) => runtimeKeys(claims, holder)).find((found) => found.length > 0) ?? [];
  const found = keys.slice(0, MAX_RUNTIME_KEYS).find(isForEncryption);
  if (found === undefined) {
    throw new ReleaseError('RELEASE_KEK_MISSING', 'the token carries no key-encryption key', {
      field: 'x-ms-runtime.keys',
    });
  }
  return readKey(found);
}

function runtimeKeys(
  claims: Readonly<Record<string, unknown>>,
  holder: string,
): readonly unknown[] {
  const runtime = Object.hasOwn(claims, holder) ? claims[holder] : undefined;
  const keys = isObject(runtime) ? findClaim(runtime, 'keys') : undefined;
  return Array.isArray(keys) ? keys : [];
}

function isForEncryption(jwk: unknown): jwk is Readonly<Record<string, unknown>> {
  if (!isObject(jwk) || jwk['kty'] !== 'RSA') return false;
  const { use, key_ops: operations } = jwk;
  return use === 'enc' || (Array.isArray(operations) && operations.includes('encrypt'));
}

function readKey({ kid, n, e }: Readonly<Record<string, unknown>>): KeyEncryptionKey {
  if (typeof kid !== 'string' || kid === '') throw unusable('kid');
  const jwk = { kty: 'RSA' as const, n: encodedInteger(n, 'n'), e: encodedInteger(e, 'e') };
  const key = publicKey(jwk);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  const exponent = key.asymmetricKeyDetails?.publicExponent ?? 0n;
  if (bits < MIN_KEK_BITS || bits > MAX_KEK_BITS || bits % 8 !== 0) throw unusable('n');
  if (exponent < 3n || exponent % 2n === 0n) throw unusable('e');
  return { kid, jwk, key };
}

function encodedInteger(value: unknown, field: string): string {
  if (typeof value !== 'string' || value === '' || value.length > MAX_KEK_BITS / 4)
    throw unusable(field);
  try {
    fromBase64Url(value);
  } catch (cause) {
    throw unusable(field, cause);
  }
  return value;
}

function publicKey(jwk: KeyEncryptionKey['jwk']): KeyObject {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' });
  } catch (cause) {
    throw unusable('n', cause);
  }
}

const unusable = (field: string, cause?: unknown): ReleaseError =>
  new ReleaseError('RELEASE_KEK_UNUSABLE', 'the key-encryption key of the token cannot be used', {
    field,
    cause,
  });
