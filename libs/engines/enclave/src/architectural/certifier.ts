import {
  constants,
  createPrivateKey,
  createPublicKey,
  privateDecrypt,
  type KeyObject,
} from 'node:crypto';
import { generateRsaKey, type EnclaveInstructions } from '@touchstone/platform';
import { encodeCertificationData, type RawCertificationData } from '@touchstone/quote';
import { EnclaveError } from '../enclave-error';
import { publicKeyOf, type ArchitecturalBundle } from './bundle';
import { OAEP_SEED_BYTES, encryptOaep } from './oaep';
import type { PlatformSvn } from './provisioning-certification-enclave';

const INSIDE_KEY = { modulusBits: 3072, publicExponent: 65537 } as const;
const PPID_BYTES = 16;

/** How a quote names the certificate of the PCK key that signed it. */
export type Certification =
  /** PEM: leaf, intermediate, root. */
  | { readonly type: 5; readonly pckChain: string }
  /**
   * The PPID as the PCE encrypted it (384 bytes): to the authority's key for type 3, to the QE's own key for type 1 (in clear)
   * and type 2 (encrypted again, to RSA-2048).
   */
  | { readonly type: 1 | 2 | 3; readonly encryptedPpid: Uint8Array; readonly pceId: number };

/** The QE's certification data, and the key inside of it that types 1 and 2 need. */
export interface Certifier {
  /** Made by the first call. */
  insideKey(): KeyObject;
  /** @throws EnclaveError QE_INVALID_PARAMETER, QE_CERTIFICATION_UNSUPPORTED */
  certificationData(certification: Certification, svn: PlatformSvn): RawCertificationData;
}

export function createCertifier(
  instructions: EnclaveInstructions,
  ppidKeys: NonNullable<ArchitecturalBundle['ppidKeys']>,
): Certifier {
  let inside: KeyObject | undefined;
  const insidePrivateKey = (): KeyObject => {
    inside ??= createPrivateKey({
      key: Buffer.from(generateRsaKey({ bytes: (n) => instructions.random(n) }, INSIDE_KEY)),
      format: 'der',
      type: 'pkcs8',
    });
    return inside;
  };
  const ppid = (type: 1 | 2 | 3, encrypted: Uint8Array): Uint8Array => {
    if (type === 3) return encrypted;
    const clear = decrypt(insidePrivateKey(), encrypted);
    if (type === 1) return clear;
    if (ppidKeys.rsa2048) {
      return encryptOaep(
        publicKeyOf(ppidKeys.rsa2048),
        clear,
        instructions.random(OAEP_SEED_BYTES),
      );
    }
    throw new EnclaveError('QE_CERTIFICATION_UNSUPPORTED', 'this QE knows no RSA-2048 key', {
      field: 'certificationType',
    });
  };
  return {
    insideKey: () => createPublicKey(insidePrivateKey()),
    certificationData: (certification, svn) => {
      if (certification.type === 5) {
        return encodeCertificationData({ type: 5, pem: certification.pckChain });
      }
      const { type, encryptedPpid, pceId } = certification;
      return encodeCertificationData({ type, ppid: ppid(type, encryptedPpid), ...svn, pceId });
    },
  };
}

function decrypt(key: KeyObject, encrypted: Uint8Array): Uint8Array {
  const invalid = (cause?: unknown): EnclaveError =>
    new EnclaveError('QE_INVALID_PARAMETER', 'not a PPID for this QE', {
      field: 'encryptedPpid',
      cause,
    });
  let clear: Uint8Array;
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    clear = new Uint8Array(privateDecrypt({ key, padding, oaepHash: 'sha256' }, encrypted));
  } catch (cause) {
    throw invalid(cause);
  }
  if (clear.length !== PPID_BYTES) throw invalid();
  return clear;
}
