import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { rsaSelfSigned } from '@touchstone/pki';

/** Somebody whom nobody trusts, with an RSA key of 2,048 bits. */
export interface Stranger {
  readonly privateKey: KeyObject;
  /** The public key. */
  readonly jwk: JsonWebKey;
  /** A certificate of their own, base64 DER. */
  readonly x5c: readonly string[];
}

let made: Stranger | undefined;

/** The same one in each call: no test asks who it is. */
export function aStranger(): Stranger {
  made ??= makeStranger();
  return made;
}

function makeStranger(): Stranger {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = rsaSelfSigned({
    commonName: 'stranger',
    privateKeyPkcs8: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })),
    serial: Uint8Array.of(1),
    notBefore: new Date('2024-01-01T00:00:00Z'),
    notAfter: new Date('2049-01-01T00:00:00Z'),
  });
  return {
    privateKey,
    jwk: publicKey.export({ format: 'jwk' }),
    x5c: [Buffer.from(der).toString('base64')],
  };
}
