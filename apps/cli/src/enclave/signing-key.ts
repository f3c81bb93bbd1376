import { createPrivateKey } from 'node:crypto';
import { readGiven } from '../verify/given-files';
import { EnclaveCommandError } from './enclave-command-error';

/** An author's key (PKCS#8 DER) from a PEM file; whether it is an RSA-3072 key with e = 3 is for the signing to say. */
export async function readSigningKey(file: string): Promise<Uint8Array> {
  const pem = Buffer.from(await readGiven(file));
  try {
    return new Uint8Array(createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' }));
  } catch {
    // The cause is dropped on purpose: key bytes must not travel with an error.
    throw new EnclaveCommandError(
      'SIGNING_KEY_INVALID',
      `${file} holds no private key in PEM that can be read`,
      { field: '--key' },
    );
  } finally {
    pem.fill(0);
  }
}
