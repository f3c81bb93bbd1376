import { createPublicKey, verify } from 'node:crypto';
import {
  CHANNEL_KEY_BYTES,
  acceptKeyBirth,
  agreeCallKey,
  channelPublicKey,
  encodeCall,
  maaKeyId,
} from '@touchstone/attested-key';
import { hasCode } from '@touchstone/errors';
import { toPem, type SelfSignedLayout } from '@touchstone/pki';
import type { DocumentCache, Random, SigningKeyRecord } from '@touchstone/ports';
import { decodeSecret, encodeSecret } from './enclave-key-secret';
import { CERTIFICATE_LAYOUTS, providerCertificate } from './provider-certificate';
import type { KeyKind, RegionKey } from './region-key';
import type { SignerEnclaves } from './signer-enclaves';
import { teeUnavailable } from './tee-unavailable';

export interface EnclaveKeysOptions {
  readonly region: string;
  readonly enclaves: SignerEnclaves;
  /** Keeps the certificates: when the enclave is gone, nobody can make them again. */
  readonly documents: DocumentCache;
  readonly random: Random;
}

const DER_TYPE = 'application/pkix-cert';
const documentPrefix = (id: string): string => `signer-certificate/${id}/`;

/**
 * Keys that were born in enclaves and live as long as those do. The store keeps, sealed, what has one sign: the enclave's id
 * and the key of the channel that leads into it.
 */
export function enclaveKeys(options: EnclaveKeysOptions): KeyKind {
  const { region, enclaves, documents, random } = options;
  return {
    purpose: `attestation-enclave/${region}`,
    async bear() {
      const secret = random.bytes(CHANNEL_KEY_BYTES);
      const controller = channelPublicKey(secret);
      const { enclaveId, birth } = await enclaves.bear(controller);
      try {
        const { spki, quote, channelKey } = acceptKeyBirth(birth, controller);
        const callKey = agreeCallKey(secret, { controller, enclave: channelKey });
        return encodeSecret({ enclaveId, spki, quote, callKey });
      } catch (cause) {
        throw teeUnavailable('the enclave host does not tell of a newborn key', cause);
      }
    },
    open: (record) => openKey(record, options),
    async forget(id) {
      for (const key of await documents.keys(documentPrefix(id))) await documents.delete(key);
    },
  };
}

function openKey(
  { id, privateKey, createdAt }: SigningKeyRecord,
  { enclaves, documents }: EnclaveKeysOptions,
): RegionKey {
  const { enclaveId, spki, quote, callKey } = decodeSecret(privateKey);
  const publicKey = createPublicKey(toPem(spki, 'PUBLIC KEY'));
  const certificates = new Map<string, Promise<Uint8Array | undefined>>();

  async function sign(data: Uint8Array): Promise<Uint8Array> {
    const signature = await enclaves.sign(enclaveId, encodeCall(callKey, data));
    // The host could answer anything; what does not verify must not go out in a token.
    if (verify('sha256', data, publicKey, signature)) return signature;
    throw teeUnavailable('the signature of the enclave does not verify');
  }

  async function obtain(issuer: string, layout: SelfSignedLayout): Promise<Uint8Array> {
    const key = `${documentPrefix(id)}${layout}/${issuer}`;
    const kept = await documents.get(key);
    if (kept) return kept.body;
    const order = { issuer, layout, spki, createdAt, quote };
    const certificate = providerCertificate(order);
    const body = certificate.signed(await sign(certificate.tbs));
    const document = { key, body, contentType: DER_TYPE, headers: {}, fetchedAt: createdAt };
    await documents.put([document]);
    return body;
  }

  /** Single flight; a failure is not kept. */
  function certified(issuer: string, layout: SelfSignedLayout): Promise<Uint8Array | undefined> {
    const name = `${layout} ${issuer}`;
    const known = certificates.get(name);
    if (known) return known;
    const obtaining = obtain(issuer, layout).catch((error: unknown) => {
      certificates.delete(name);
      throw error;
    });
    certificates.set(name, obtaining);
    return obtaining;
  }

  return {
    kid: maaKeyId(spki),
    alg: 'RS256',
    spki,
    quote,
    sign,
    certificate: (issuer, layout) =>
      certified(issuer, layout).catch((error: unknown) => {
        // It never signed for that issuer, or the certificate would be there.
        if (hasCode(error, 'ATTESTATION_KEY_LOST')) return undefined;
        throw error;
      }),
    async prepare(issuer) {
      for (const layout of CERTIFICATE_LAYOUTS) await certified(issuer, layout);
    },
    end: () => enclaves.end(enclaveId),
  };
}
