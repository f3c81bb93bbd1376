import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { fromUtf8 } from '@touchstone/bytes';
import { maaKeyId } from '@touchstone/attested-key';
import { compactJws, signingInput } from './compact-jws';
import { TokenError } from './token-error';

/** Smaller keys are refused: RS256 asks for 2048 bits or more (RFC 7518 section 3.3). */
export const MIN_RSA_BITS = 2048;

export interface TokenSigner {
  readonly kid: string;
  readonly alg: 'RS256';
  /** DER certificates of the key, leaf first; may be empty. */
  readonly certificates: readonly Uint8Array[];
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3). */
  sign(data: Uint8Array): Uint8Array;
}

export interface TokenSignerOptions {
  /** PKCS#8 DER of an RSA key. */
  readonly privateKeyPkcs8: Uint8Array;
  readonly certificates?: readonly Uint8Array[];
  /** Default: Azure Attestation's rule, `maaKeyId`. */
  readonly kid?: string;
}

/**
 * A signer that parses its key once, so that a signature costs one RSA operation.
 *
 * @throws TokenError TOKEN_KEY_INVALID
 */
export function createTokenSigner(options: TokenSignerOptions): TokenSigner {
  const key = parsePrivateKey(options.privateKeyPkcs8);
  const spki = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }));
  return {
    kid: options.kid ?? maaKeyId(spki),
    alg: 'RS256',
    certificates: options.certificates ?? [],
    spki,
    sign: (data) => new Uint8Array(sign('sha256', data, key)),
  };
}

export interface UnsignedJwt {
  /** Joins `alg`, `kid` and `typ` (`JWT`), which it may override except for `alg`; `undefined` leaves a member out. */
  readonly header?: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Header of a token that `signer` signs. */
export function jwtHeader(
  signer: Pick<TokenSigner, 'alg' | 'kid'>,
  header: UnsignedJwt['header'] = {},
): Readonly<Record<string, unknown>> {
  return { kid: signer.kid, typ: 'JWT', ...header, alg: signer.alg };
}

/** A signed JWT in compact form; header and payload in canonical JSON. */
export function signJwt({ header, payload }: UnsignedJwt, signer: TokenSigner): string {
  const input = signingInput(jwtHeader(signer, header), payload);
  return compactJws(input, signer.sign(fromUtf8(input)));
}

/** A JWT that proves nothing: `alg` `none`, empty signature (draft policies). */
export function unsecuredJwt(payload: UnsignedJwt['payload']): string {
  return `${signingInput({ alg: 'none' }, payload)}.`;
}

function parsePrivateKey(der: Uint8Array): KeyObject {
  const key = readKey(der);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' || bits < MIN_RSA_BITS) {
    throw new TokenError('TOKEN_KEY_INVALID', 'the key is not RSA of 2048 bits or more');
  }
  return key;
}

function readKey(der: Uint8Array): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
  } catch {
    // The cause is dropped on purpose: key bytes must not travel with an error.
    throw new TokenError('TOKEN_KEY_INVALID', 'the private key is not PKCS#8 DER');
  }
}
