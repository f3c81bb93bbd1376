import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { fromUtf8, sha1, sha256, toBase64, toBase64Url, toHex } from '@touchstone/bytes';
import { parseCertificate, rsaCertificateChain } from '@touchstone/pki';
import type { RsaParty } from '@touchstone/pki';
import type { Random, SigningKeyRecord, SigningKeyStore } from '@touchstone/ports';
import { compactJws, createTokenSigner } from '@touchstone/token';

/** Signs the answers of releases: RS256, with its certificate chain in the header. */
export interface ReleaseSigner {
  /** Members keep their order. */
  sign(payload: Readonly<Record<string, unknown>>): string;
}

export const RELEASE_KEY_PURPOSE = 'vault-release';
const RSA_BITS = 2048;
const DAY_MS = 86_400_000;
const LIFETIME_DAYS = 1825;
const RENEW_BEFORE_DAYS = 30;
const SERIAL_BYTES = 16;
const LEAF_NAME = 'vault.azure.net';
/** The live names, and those by which the vault answers on one machine and in compose. */
const LEAF_DNS_NAMES = [
  LEAF_NAME,
  '*.vault.azure.net',
  '*.vaultcore.azure.net',
  'localhost',
  'key-vault',
];

export interface ReleaseSignerOptions {
  readonly store: SigningKeyStore;
  readonly random: Random;
  readonly at: Date;
}

/** The signer whose key is stored and still good, or a new one. Replicas agree on one: the first to store it. */
export async function openReleaseSigner(options: ReleaseSignerOptions): Promise<ReleaseSigner> {
  const { store, at } = options;
  const known = await store.list(RELEASE_KEY_PURPOSE);
  const current = known.find((record) => isGood(record, at));
  if (current !== undefined) return signerOf(current);
  const record = await newSigningKey(options, `${RELEASE_KEY_PURPOSE}-${known.length + 1}`);
  if ((await store.add(record)) === 'exists') return openReleaseSigner(options);
  return signerOf(record);
}

function isGood({ certificates, retiredAt }: SigningKeyRecord, at: Date): boolean {
  const [leaf] = certificates;
  if (leaf === undefined || retiredAt !== undefined) return false;
  return parseCertificate(leaf).notAfter.getTime() - RENEW_BEFORE_DAYS * DAY_MS > at.getTime();
}

/** Only the leaf's key is kept: nothing else will ever be issued under this root. */
async function newSigningKey(
  { random, at }: ReleaseSignerOptions,
  id: string,
): Promise<SigningKeyRecord> {
  const party = async (commonName: string): Promise<RsaParty> => ({
    commonName,
    privateKeyPkcs8: await newRsaKey(),
    serial: serialNumber(random),
  });
  const [root, intermediate, leaf] = await Promise.all([
    party('Touchstone Vault Root CA'),
    party('Touchstone Vault Issuing CA'),
    party(LEAF_NAME),
  ]);
  const notBefore = new Date(at.getTime() - DAY_MS);
  const notAfter = new Date(notBefore.getTime() + LIFETIME_DAYS * DAY_MS);
  const named = { ...leaf, dnsNames: LEAF_DNS_NAMES };
  const certificates = rsaCertificateChain({
    root,
    intermediate,
    leaf: named,
    notBefore,
    notAfter,
  });
  return {
    id,
    purpose: RELEASE_KEY_PURPOSE,
    privateKey: leaf.privateKeyPkcs8,
    certificates,
    createdAt: at,
  };
}

async function newRsaKey(): Promise<Uint8Array> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS });
  return new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }));
}

/** Positive and without a leading zero octet. */
function serialNumber(random: Random): Uint8Array {
  const serial = random.bytes(SERIAL_BYTES);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial;
}

function signerOf({ privateKey, certificates }: SigningKeyRecord): ReleaseSigner {
  const signer = createTokenSigner({ privateKeyPkcs8: privateKey, certificates });
  const header = part(releaseHeader(certificates));
  return {
    sign: (payload) => {
      const input = `${header}.${part(payload)}`;
      return compactJws(input, signer.sign(fromUtf8(input)));
    },
  };
}

/** Members and their order as the live vault writes them. */
function releaseHeader(certificates: readonly Uint8Array[]): Readonly<Record<string, unknown>> {
  const leaf = certificates[0] ?? new Uint8Array();
  const thumbprint = sha1(leaf);
  return {
    alg: 'RS256',
    kid: toHex(thumbprint).toUpperCase(),
    x5t: toBase64Url(thumbprint),
    typ: 'JWT',
    'x5t#S256': toBase64Url(sha256(leaf)),
    x5c: certificates.map(toBase64),
  };
}

const part = (value: object): string => toBase64Url(fromUtf8(JSON.stringify(value)));
