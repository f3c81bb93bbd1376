import { createPublicKey, type KeyObject } from 'node:crypto';
import { fromBase64Lenient, toBase64 } from '@touchstone/bytes';
import { toPem } from '@touchstone/pki';
import type { TokenSigner } from './signer';
import { TokenError } from './token-error';

/** One verification key as it is published (RFC 7517); members that we do not use are let through. */
export interface Jwk {
  readonly kty: string;
  readonly kid?: string;
  readonly x5c?: readonly string[];
  readonly n?: string;
  readonly e?: string;
  readonly use?: string;
  readonly alg?: string;
  readonly [member: string]: unknown;
}

export interface Jwks {
  readonly keys: readonly Jwk[];
}

export interface MaaJwksOptions {
  /** Adds `n`, `e`, `use`, `alg`, which Azure leaves out but generic JWT libraries look for. Default true. */
  readonly publicMembers?: boolean;
}

/** Key set of an attestation provider: `x5c`, `kid`, `kty` in the order of the live service. */
export function maaJwks(
  signers: readonly Pick<TokenSigner, 'kid' | 'certificates' | 'spki'>[],
  options: MaaJwksOptions = {},
): Jwks {
  const { publicMembers = true } = options;
  return {
    keys: signers.map(({ kid, certificates, spki }) => ({
      x5c: certificates.map(toBase64),
      kid,
      kty: 'RSA',
      ...(publicMembers && { ...rsaMembers(spki), use: 'sig', alg: 'RS256' }),
    })),
  };
}

/** `n` and `e` of an RSA SubjectPublicKeyInfo. */
export function rsaMembers(spki: Uint8Array): { readonly n: string; readonly e: string } {
  const { n, e } = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }).export({
    format: 'jwk',
  });
  if (n === undefined || e === undefined) throw invalid('the key is not RSA', 'n');
  return { n, e };
}

/**
 * The key that a JWK stands for: that of the first certificate, which is all that Azure publishes, or
 * else `n` and `e`. When both are there they must agree.
 *
 * @throws TokenError TOKEN_KEY_INVALID
 */
export function jwkPublicKey(jwk: Jwk): KeyObject {
  if (jwk.kty !== 'RSA') throw invalid('the key is not RSA', 'kty');
  const fromMembers = memberKey(jwk);
  const key = certificateKey(jwk) ?? fromMembers;
  if (!key) throw invalid('the key has neither x5c nor n and e', 'x5c');
  if (fromMembers && !key.equals(fromMembers)) throw invalid('x5c and n disagree', 'n');
  return key;
}

function certificateKey({ x5c }: Jwk): KeyObject | undefined {
  const leaf = Array.isArray(x5c) ? (x5c[0] as unknown) : undefined;
  if (leaf === undefined) return undefined;
  if (typeof leaf !== 'string') throw invalid('x5c does not hold text', 'x5c');
  try {
    // Always as PEM: given DER, OpenSSL would first look for PEM inside it, and the certificates of
    // enclave-born keys carry the PEM chain of a quote in an extension.
    return createPublicKey(toPem(fromBase64Lenient(leaf, 'x5c'), 'CERTIFICATE'));
  } catch (cause) {
    throw invalid('x5c does not begin with a certificate', 'x5c', cause);
  }
}

function memberKey({ n, e }: Jwk): KeyObject | undefined {
  if (n === undefined || e === undefined) return undefined;
  try {
    return createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
  } catch (cause) {
    throw invalid('n and e are not an RSA key', 'n', cause);
  }
}

function invalid(message: string, field: string, cause?: unknown): TokenError {
  return new TokenError('TOKEN_KEY_INVALID', message, { field, cause });
}
