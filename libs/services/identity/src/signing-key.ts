import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { sha1, toBase64, toBase64Url } from '@touchstone/bytes';
import { rsaSelfSigned } from '@touchstone/pki';
import type { Clock, Random, SigningKeyRecord, SigningKeyStore } from '@touchstone/ports';
import { createTokenSigner, rsaMembers, type Jwk, type TokenSigner } from '@touchstone/token';
import { IdentityError } from './identity-error';

export const SIGNING_KEY_BITS = 2048;
const PURPOSE = 'identity';
const COMMON_NAME = 'accounts.accesscontrol.windows.net';
const CERTIFICATE_YEARS = 5;
const YEAR_MS = 365 * 86_400_000;
const SERIAL_BYTES = 16;

/** One key as a key set shows it. */
export interface PublishedKey extends Jwk {
  readonly kty: 'RSA';
  readonly use: 'sig';
  readonly kid: string;
  readonly x5t: string;
  readonly n: string;
  readonly e: string;
  readonly x5c: readonly string[];
}

/** The keys that sign tokens: all tenants share them, as they do in Entra ID. */
export interface IdentityKeys {
  readonly signer: TokenSigner;
  /** The signing key first; retired ones follow, because their signatures still verify. */
  readonly published: readonly PublishedKey[];
}

export interface IdentityKeysOptions {
  readonly store: SigningKeyStore;
  readonly clock: Clock;
  readonly random: Random;
}

/** Reads the keys, making the first one when there is none. IDENTITY_KEY_UNAVAILABLE when all are retired. */
export async function loadIdentityKeys(options: IdentityKeysOptions): Promise<IdentityKeys> {
  let records = await options.store.list(PURPOSE);
  if (records.length === 0) {
    // The id is the same for every replica: whoever comes second finds it taken and reads the first one's key.
    await options.store.add(await newKey(options));
    records = await options.store.list(PURPOSE);
  }
  const current = records.find(({ retiredAt }) => retiredAt === undefined);
  if (current === undefined) {
    throw new IdentityError('IDENTITY_KEY_UNAVAILABLE', 'every signing key is retired');
  }
  const ordered = [current, ...records.filter((record) => record !== current)];
  return { signer: signerOf(current), published: ordered.map(publish) };
}

/** `kid` is the SHA-1 thumbprint of the certificate, as Entra ID's is. */
function signerOf({ privateKey, certificates }: SigningKeyRecord): TokenSigner {
  const [leaf] = certificates;
  if (leaf === undefined)
    throw new IdentityError('IDENTITY_KEY_UNAVAILABLE', 'the key has no certificate');
  return createTokenSigner({
    privateKeyPkcs8: privateKey,
    certificates,
    kid: toBase64Url(sha1(leaf)),
  });
}

function publish(record: SigningKeyRecord): PublishedKey {
  const { kid, spki, certificates } = signerOf(record);
  return {
    kty: 'RSA',
    use: 'sig',
    kid,
    x5t: kid,
    ...rsaMembers(spki),
    x5c: certificates.map(toBase64),
  };
}

async function newKey({ clock, random }: IdentityKeysOptions): Promise<SigningKeyRecord> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: SIGNING_KEY_BITS,
  });
  const pkcs8 = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
  const createdAt = clock.now();
  const certificate = rsaSelfSigned({
    commonName: COMMON_NAME,
    privateKeyPkcs8: pkcs8,
    serial: random
      .bytes(SERIAL_BYTES)
      .map((byte, index) => (index === 0 ? (byte & 0x7f) | 0x40 : byte)),
    notBefore: createdAt,
    notAfter: new Date(createdAt.getTime() + CERTIFICATE_YEARS * YEAR_MS),
  });
  return {
    id: `${PURPOSE}/1`,
    purpose: PURPOSE,
    privateKey: pkcs8,
    certificates: [certificate],
    createdAt,
  };
}
