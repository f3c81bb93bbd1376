import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { generateRsaKey, mrSignerOfKey } from '@touchstone/platform';
import { architecturalSigner, publishArchitecturalEnclaves } from '../architectural/publish';
import { seeded } from './seeded';

const rsa = (seed: string, modulusBits: number, publicExponent: 3 | 65537): Uint8Array =>
  generateRsaKey(seeded(seed), { modulusBits, publicExponent });

const privateKey = (pkcs8: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });

const spki = (key: KeyObject): Uint8Array =>
  new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }));

/** The processor's vendor, as far as a machine needs one: made once per test file. */
export function aVendor(seed = 'vendor') {
  const signerKeyPkcs8 = rsa(`${seed}/signer`, 3072, 3);
  const ppidKey = privateKey(rsa(`${seed}/ppid`, 3072, 65537));
  const legacyPpidKey = privateKey(rsa(`${seed}/ppid-2048`, 2048, 65537));
  const ppidKeys = { rsa3072: spki(ppidKey), rsa2048: spki(legacyPpidKey) };
  const at = new Date('2026-01-02T03:04:05Z');
  return {
    signerKeyPkcs8,
    mrSigner: mrSignerOfKey(signerKeyPkcs8),
    ppidKey,
    legacyPpidKey,
    ppidKeys,
    at,
    architectural: publishArchitecturalEnclaves({
      ppidKeys,
      sign: architecturalSigner(signerKeyPkcs8, at),
    }),
  };
}

export type Vendor = ReturnType<typeof aVendor>;
