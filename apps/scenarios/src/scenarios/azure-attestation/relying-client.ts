import { constants, createPublicKey, publicEncrypt, type JsonWebKey } from 'node:crypto';
import { AttestationClient } from '@azure/attestation';
import { toBase64, toBase64Url } from '@touchstone/bytes';
import { CheckLog } from '@touchstone/decision';
import { CodedError } from '@touchstone/errors';
import { parsePemChain } from '@touchstone/pki';
import { checkToken, readToken, type Jwk } from '@touchstone/token';
import { Refused } from '../../frame/refused';

/** As steps name it. */
export const CLIENT = 'client';

/** What the client knows before it asks: whom it believes, and which enclave it has reviewed. */
export interface Expectations {
  /** URL of the attestation provider, which is also the issuer of its tokens. */
  readonly provider: string;
  /** PEM of the authority behind its TLS certificate. */
  readonly ca: string;
  /** Hex. */
  readonly mrEnclave: string;
  readonly mrSigner: string;
  readonly configId: string;
  readonly minimumSvn: number;
}

/** What the client took out of a token. */
export interface AttestedServer {
  readonly claims: Readonly<Record<string, unknown>>;
  /** Names of what was checked, in their order. */
  readonly checks: readonly string[];
  /** The key that was born in the attested enclave. */
  readonly publicKey: JsonWebKey;
}

export const newClient = ({ provider, ca }: Expectations): AttestationClient =>
  new AttestationClient(provider, { tlsOptions: { ca } });

/**
 * Believes a token, or refuses: signature under the certificates of the provider, which the official client collects; issuer
 * and times; the enclave's identity; the nonce of this exchange. Fails with `Refused`.
 */
export async function judgeToken(
  token: string,
  nonce: Uint8Array,
  expected: Expectations,
  at: Date,
): Promise<AttestedServer> {
  const log = new CheckLog();
  const claims = await provenClaims(token, expected, at, log);
  requireIdentity(claims, expected, log);
  const { keys, said } = runtimeOf(claims);
  demand(log, 'nonce', 'CLIENT_NONCE_MISMATCH', said, toBase64Url(nonce));
  const [publicKey] = keys;
  if (publicKey === undefined) throw refused('CLIENT_KEY_MISSING', 'the token names no key');
  return { claims, publicKey, checks: log.checks.map(({ name }) => name) };
}

/** RSA-OAEP with SHA-256, to the key in the token. */
export function encryptTo(publicKey: JsonWebKey, secret: Uint8Array): Uint8Array {
  const key = createPublicKey({ key: publicKey, format: 'jwk' });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return Uint8Array.from(publicEncrypt({ key, padding, oaepHash: 'sha256' }, secret));
}

async function provenClaims(
  token: string,
  expected: Expectations,
  at: Date,
  log: CheckLog,
): Promise<Readonly<Record<string, unknown>>> {
  const keys = await signersOf(expected);
  try {
    const { claims } = await checkToken(
      readToken(token, log),
      keys,
      { issuer: expected.provider, at },
      log,
    );
    return claims;
  } catch (error) {
    if (error instanceof CodedError) throw refused(error.code, error.message, error);
    throw error;
  }
}

async function signersOf(expected: Expectations): Promise<readonly Jwk[]> {
  const signers = await newClient(expected).getAttestationSigners();
  return signers.map(({ keyId, certificates }) => ({
    kty: 'RSA',
    ...(keyId !== undefined && { kid: keyId }),
    x5c: certificates.flatMap((pem) => parsePemChain(pem)).map(({ der }) => toBase64(der)),
  }));
}

function requireIdentity(
  claims: Readonly<Record<string, unknown>>,
  { mrEnclave, mrSigner, configId, minimumSvn }: Expectations,
  log: CheckLog,
): void {
  const equal = (name: string, code: string, wanted: unknown): void =>
    demand(log, name, code, claims[name], wanted);
  equal('x-ms-attestation-type', 'CLIENT_TYPE_MISMATCH', 'sgx');
  equal('x-ms-sgx-is-debuggable', 'CLIENT_DEBUG_ENCLAVE', false);
  equal('x-ms-sgx-mrenclave', 'CLIENT_MRENCLAVE_MISMATCH', mrEnclave);
  equal('x-ms-sgx-mrsigner', 'CLIENT_MRSIGNER_MISMATCH', mrSigner);
  equal('x-ms-sgx-config-id', 'CLIENT_CONFIG_MISMATCH', configId);
  const svn = claims['x-ms-sgx-svn'];
  const enough = typeof svn === 'number' && svn >= minimumSvn;
  demand(log, 'x-ms-sgx-svn', 'CLIENT_SVN_TOO_LOW', enough || svn, true);
}

function demand(log: CheckLog, name: string, code: string, read: unknown, wanted: unknown): void {
  if (read === wanted) {
    log.passed(name);
    return;
  }
  throw refused(code, `${name} is ${String(read)} and not ${String(wanted)}`);
}

function runtimeOf(claims: Readonly<Record<string, unknown>>): {
  keys: readonly JsonWebKey[];
  said: unknown;
} {
  const runtime = claims['x-ms-runtime'] as
    { keys?: JsonWebKey[]; 'client-payload'?: { nonce?: unknown } } | undefined;
  return { keys: runtime?.keys ?? [], said: runtime?.['client-payload']?.nonce };
}

const refused = (code: string, message: string, cause?: unknown): Refused =>
  new Refused(CLIENT, code, message, cause);
