import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { rsaSelfSigned } from '@touchstone/pki';
import type { Clock, SigningKeyRecord, SigningKeyStore } from '@touchstone/ports';
import { createTokenSigner, type TokenSigner } from '@touchstone/token';
import { AttestationError } from './attestation-error';

export const SIGNING_KEY_BITS = 2048;

/** Provider certificates are all alike but for their name (profile of the live service). */
const CERTIFICATE_SERIAL = new Uint8Array([1]);
const CERTIFICATE_NOT_BEFORE = new Date('2019-05-01T00:00:00Z');
const CERTIFICATE_NOT_AFTER = new Date('2050-12-31T23:59:59Z');
/** Issuers are names from a short list, so this is never reached but by a mistake. */
const MAX_CERTIFICATES = 1000;

/** One key per region, in the name of each provider there. */
export interface ProviderKeys {
  /** The key that signs in `region` now, with the certificate of `issuer`. */
  signer(region: string, issuer: string): Promise<TokenSigner>;
  /** All keys of `region` whose signatures still verify, the signing one first. */
  published(region: string, issuer: string): Promise<readonly TokenSigner[]>;
}

export interface ProviderKeysOptions {
  readonly store: SigningKeyStore;
  readonly clock: Clock;
}

interface RegionKey {
  readonly record: SigningKeyRecord;
  readonly signer: TokenSigner;
  /** Signers with their certificate, by issuer. */
  readonly byIssuer: Map<string, TokenSigner>;
}

const newKeyPair = promisify(generateKeyPair);

/** Keys are made on first use and kept in the store; a certificate is made for each name they sign under. */
export function createProviderKeys({ store, clock }: ProviderKeysOptions): ProviderKeys {
  const regions = new Map<string, Promise<readonly RegionKey[]>>();

  /** Single flight; a failure is not kept, so that the next request tries again. */
  function keysOf(region: string): Promise<readonly RegionKey[]> {
    const known = regions.get(region);
    if (known) return known;
    const loading = loadKeys(store, clock, region).catch((error: unknown) => {
      regions.delete(region);
      throw error;
    });
    regions.set(region, loading);
    return loading;
  }

  return {
    async signer(region, issuer) {
      const keys = await keysOf(region);
      const current = keys.find(({ record }) => record.retiredAt === undefined);
      if (current) return signerFor(current, issuer);
      throw new AttestationError('ATTESTATION_KEY_UNAVAILABLE', `no key signs in ${region}`);
    },
    async published(region, issuer) {
      const keys = await keysOf(region);
      return keys.map((key) => signerFor(key, issuer));
    },
  };
}

function signerFor({ record, signer, byIssuer }: RegionKey, issuer: string): TokenSigner {
  const known = byIssuer.get(issuer);
  if (known) return known;
  const certified = { ...signer, certificates: [providerCertificate(record.privateKey, issuer)] };
  if (byIssuer.size < MAX_CERTIFICATES) byIssuer.set(issuer, certified);
  return certified;
}

function providerCertificate(privateKeyPkcs8: Uint8Array, issuer: string): Uint8Array {
  return rsaSelfSigned({
    commonName: issuer,
    privateKeyPkcs8,
    serial: CERTIFICATE_SERIAL,
    notBefore: CERTIFICATE_NOT_BEFORE,
    notAfter: CERTIFICATE_NOT_AFTER,
    extensions: [],
  });
}

async function loadKeys(
  store: SigningKeyStore,
  clock: Clock,
  region: string,
): Promise<readonly RegionKey[]> {
  const purpose = `attestation/${region}`;
  let records = await store.list(purpose);
  if (records.length === 0) {
    // The id is the same for every replica: whoever comes second finds it taken and reads the first one's key.
    await store.add(await newKey(`${purpose}/1`, purpose, clock));
    records = await store.list(purpose);
  }
  return records.map((record) => ({
    record,
    signer: createTokenSigner({ privateKeyPkcs8: record.privateKey }),
    byIssuer: new Map<string, TokenSigner>(),
  }));
}

async function newKey(id: string, purpose: string, clock: Clock): Promise<SigningKeyRecord> {
  const { privateKey } = await newKeyPair('rsa', { modulusLength: SIGNING_KEY_BITS });
  return {
    id,
    purpose,
    privateKey: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })),
    certificates: [],
    createdAt: clock.now(),
  };
}
