import { constants, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { equal, fromBase64Lenient, fromUtf8, toBase64 } from '@touchstone/bytes';
import { isJsonObject, type JsonObject, type JsonValue } from '@touchstone/claims';
import { parseCertificate, verifyCertificateSignature, type Certificate } from '@touchstone/pki';
import type { AttestationProviderRecord } from '@touchstone/ports';
import { parseCompactJws, type UnverifiedJws } from '@touchstone/token';
import { AttestationError, type AttestationErrorCode } from './attestation-error';

/** Certificates in `x5c`, leaf to root. */
export const MAX_SIGNER_CHAIN = 10;
const MIN_RSA_BITS = 2048;

/** What an owner of a provider said, as a JWS that was accepted for that provider. */
export interface SignedStatement {
  readonly payload: Uint8Array;
  /** JWK of the signer with its chain; absent where nobody signed. */
  readonly signer?: JsonObject;
}

/** Whose word counts. */
export type StatementTrust = Pick<AttestationProviderRecord, 'trustModel' | 'signers'>;

interface Signer {
  readonly key: KeyObject;
  readonly chain: readonly Certificate[];
  readonly jwk: JsonObject;
}

/** `cty`, `crit`, `jku`, `x5u` and whatever else a header may carry would change what the rest means. */
const HEADER_MEMBERS: ReadonlySet<string> = new Set(['alg', 'kid', 'jwk', 'x5c', 'typ']);

interface Algorithm {
  readonly keyType: 'rsa' | 'ec';
  readonly hash: string;
  readonly curve?: string;
  readonly pss?: boolean;
}

/** RFC 7518 section 3.1, signatures only: a MAC under a public key proves nothing. */
const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map([
  ['RS256', { keyType: 'rsa', hash: 'sha256' }],
  ['RS384', { keyType: 'rsa', hash: 'sha384' }],
  ['RS512', { keyType: 'rsa', hash: 'sha512' }],
  ['PS256', { keyType: 'rsa', hash: 'sha256', pss: true }],
  ['PS384', { keyType: 'rsa', hash: 'sha384', pss: true }],
  ['PS512', { keyType: 'rsa', hash: 'sha512', pss: true }],
  ['ES256', { keyType: 'ec', hash: 'sha256', curve: 'prime256v1' }],
  ['ES384', { keyType: 'ec', hash: 'sha384', curve: 'secp384r1' }],
  ['ES512', { keyType: 'ec', hash: 'sha512', curve: 'secp521r1' }],
]);

/**
 * Reads the JWS with which an owner sets or resets a policy or changes the signers. Without signers (`AAD`) anybody's
 * signature is taken if it verifies under the key of its own header, and none too; an isolated provider takes only a
 * signature that leads to one of its own certificates.
 *
 * @throws AttestationError ATTESTATION_STATEMENT_INVALID or ATTESTATION_STATEMENT_SIGNER
 */
export function acceptStatement(jws: string, trust: StatementTrust): SignedStatement {
  const parsed = parse(jws);
  assertHeader(parsed.header);
  if (parsed.header.alg === 'none') {
    if (trust.trustModel === 'Isolated') throw refused('the provider takes signed policies only');
    return { payload: parsed.payload };
  }
  const signer = signerOf(parsed.header);
  assertSignature(parsed, signer.key);
  if (trust.trustModel === 'Isolated') assertKnown(signer, trust.signers);
  return { payload: parsed.payload, signer: signer.jwk };
}

/** The signer of a statement that was accepted before. */
export function statementSigner(jws: string): JsonObject | undefined {
  const { header } = parse(jws);
  return header.alg === 'none' ? undefined : signerOf(header).jwk;
}

/**
 * Certificates as `x5c` carries them, each but the last signed by the next, which must be a CA.
 *
 * @throws AttestationError ATTESTATION_STATEMENT_INVALID
 */
export function readChain(x5c: JsonValue | undefined): readonly Certificate[] {
  if (!Array.isArray(x5c) || x5c.length === 0 || x5c.length > MAX_SIGNER_CHAIN)
    throw invalid(`x5c is not a list of 1 to ${MAX_SIGNER_CHAIN} certificates`, 'x5c');
  const chain = x5c.map(readCertificate);
  chain.slice(1).forEach((issuer, index) => {
    const subject = chain[index];
    if (!subject || !issues(issuer, subject)) throw invalid('x5c is no chain', 'x5c');
  });
  return chain;
}

function parse(jws: string): UnverifiedJws {
  try {
    return parseCompactJws(jws, { allowUnsecured: true });
  } catch (cause) {
    throw invalid('Malformed JWT.', 'token', cause);
  }
}

function assertHeader(header: UnverifiedJws['header']): void {
  const foreign = Object.keys(header).find((name) => !HEADER_MEMBERS.has(name));
  if (foreign !== undefined) throw invalid('the header has a member that is not allowed', 'header');
  if (header['typ'] !== undefined && header['typ'] !== 'JWT')
    throw invalid('typ is not JWT', 'typ');
}

function signerOf({ alg, x5c, jwk }: UnverifiedJws['header']): Signer {
  const algorithm = ALGORITHMS.get(alg);
  if (!algorithm) throw invalid('the algorithm is not one of those that are taken', 'alg');
  const chain = x5c === undefined ? [] : readChain(x5c);
  const certified = chain[0] && publicKeyOf(chain[0]);
  const named = jwk === undefined ? undefined : jwkKey(jwk);
  const key = certified ?? named;
  if (!key) throw invalid('the header names no key', 'x5c');
  if (named && !key.equals(named)) throw invalid('x5c and jwk disagree', 'jwk');
  const kty = algorithm.keyType === 'rsa' ? 'RSA' : 'EC';
  const members =
    chain.length > 0 ? { x5c: chain.map(({ der }) => toBase64(der)) } : publicMembers(key);
  return { key, chain, jwk: { ...members, alg, kty, use: 'sig' } };
}

function assertSignature(jws: UnverifiedJws, key: KeyObject): void {
  const algorithm = ALGORITHMS.get(jws.header.alg);
  if (!algorithm || !fits(key, algorithm)) throw invalid('the key is not for the algorithm', 'alg');
  const { hash, pss } = algorithm;
  const options =
    algorithm.keyType === 'ec'
      ? ({ dsaEncoding: 'ieee-p1363' } as const)
      : pss
        ? {
            padding: constants.RSA_PKCS1_PSS_PADDING,
            saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
          }
        : { padding: constants.RSA_PKCS1_PADDING };
  if (!verify(hash, fromUtf8(jws.signingInput), { key, ...options }, jws.signature))
    throw invalid('the signature does not verify', 'signature');
}

function fits(key: KeyObject, { keyType, curve }: Algorithm): boolean {
  if (key.asymmetricKeyType !== keyType) return false;
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  return keyType === 'ec' ? namedCurve === curve : modulusLength >= MIN_RSA_BITS;
}

/** A configured certificate in the chain, which is a chain: its key vouches for the leaf's. Or its very key. */
function assertKnown({ key, chain }: Signer, signers: readonly Uint8Array[]): void {
  const known = signers.some(
    (der) =>
      chain.some((certificate) => equal(certificate.der, der)) ||
      key.equals(publicKeyOf(parseCertificate(der))),
  );
  if (!known) throw refused('the signer is none of the certificates of the provider');
}

function readCertificate(value: JsonValue): Certificate {
  if (typeof value !== 'string') throw invalid('x5c does not hold text', 'x5c');
  try {
    return parseCertificate(fromBase64Lenient(value, 'x5c'));
  } catch (cause) {
    throw invalid('x5c holds what is no certificate', 'x5c', cause);
  }
}

const issues = (issuer: Certificate, subject: Certificate): boolean =>
  issuer.basicConstraints?.ca === true &&
  equal(issuer.subject.der, subject.issuer.der) &&
  verifyCertificateSignature(subject, issuer);

function publicKeyOf(certificate: Certificate): KeyObject {
  try {
    return certificate.publicKey;
  } catch (cause) {
    throw invalid('the key of the certificate cannot be used', 'x5c', cause);
  }
}

function jwkKey(jwk: JsonValue): KeyObject {
  if (!isJsonObject(jwk) || 'd' in jwk || 'k' in jwk) throw invalid('jwk is no public key', 'jwk');
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' });
  } catch (cause) {
    throw invalid('jwk is no public key', 'jwk', cause);
  }
}

function publicMembers(key: KeyObject): JsonObject {
  const { n, e, crv, x, y } = key.export({ format: 'jwk' });
  const members = { n, e, crv, x, y };
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}

const error = (
  code: AttestationErrorCode,
  message: string,
  field: string,
  cause?: unknown,
): AttestationError => new AttestationError(code, message, { field, cause });

const invalid = (message: string, field: string, cause?: unknown): AttestationError =>
  error('ATTESTATION_STATEMENT_INVALID', message, field, cause);

const refused = (message: string): AttestationError =>
  error('ATTESTATION_STATEMENT_SIGNER', message, 'token');
