import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { rsaSelfSigned, toPem } from '@touchstone/pki';

/** Somebody who signs policies. */
export interface PolicyOwner {
  /** PEM, as the official client takes them. */
  readonly privateKey: string;
  readonly certificate: string;
  readonly key: KeyObject;
  /** Base64 DER. */
  readonly x5c: readonly string[];
}

export function aPolicyOwner(commonName: string): PolicyOwner {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const der = rsaSelfSigned({
    commonName,
    privateKeyPkcs8: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })),
    serial: Uint8Array.of(1),
    notBefore: new Date('2024-01-01T00:00:00Z'),
    notAfter: new Date('2049-01-01T00:00:00Z'),
  });
  return {
    privateKey: pem,
    certificate: toPem(der),
    key: createPrivateKey(pem),
    x5c: [Buffer.from(der).toString('base64')],
  };
}
