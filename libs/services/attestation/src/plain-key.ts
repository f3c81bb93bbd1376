import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { createTokenSigner } from '@touchstone/token';
import { providerCertificate } from './provider-certificate';
import type { KeyKind } from './region-key';

export const SIGNING_KEY_BITS = 2048;
/** Issuers are names from a short list, so this is never reached but by a mistake. */
const MAX_CERTIFICATES = 1000;

const newKeyPair = promisify(generateKeyPair);

/** Keys of this process; the store keeps their PKCS#8, sealed. Certificates are made as they are asked for. */
export const plainKeys = (region: string): KeyKind => ({
  purpose: `attestation/${region}`,
  async bear() {
    const { privateKey } = await newKeyPair('rsa', { modulusLength: SIGNING_KEY_BITS });
    return new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
  },
  open({ privateKey, createdAt }) {
    const signer = createTokenSigner({ privateKeyPkcs8: privateKey });
    const { spki } = signer;
    const certificates = new Map<string, Uint8Array>();
    return {
      ...signer,
      async certificate(issuer, layout) {
        const name = `${layout} ${issuer}`;
        const known = certificates.get(name);
        if (known) return known;
        const body = providerCertificate({ issuer, layout, spki, createdAt });
        const certificate = body.signed(signer.sign(body.tbs));
        if (certificates.size < MAX_CERTIFICATES) certificates.set(name, certificate);
        return certificate;
      },
      prepare: async () => undefined,
      end: async () => undefined,
    };
  },
  forget: async () => undefined,
});
