import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import type { Certificate } from '@touchstone/pki';
import { MIN_RSA_BITS } from '@touchstone/token';
import { PolicyDocumentError } from './policy-document-error';

/** Algorithms of signed documents: RS256 in all samples, ES256 by the JavaScript client for a P-256 key. */
export const POLICY_ALGORITHMS = ['RS256', 'ES256'] as const;
export type PolicyAlgorithm = (typeof POLICY_ALGORITHMS)[number];

/** Someone whose key signs policies, and the certificates that say so. */
export interface PolicySigner {
  readonly alg: PolicyAlgorithm;
  /** Leaf first; at least one. */
  readonly certificates: readonly Certificate[];
  /** The signature of RFC 7518: PKCS#1 v1.5 for RS256, r and s for ES256. */
  sign(data: Uint8Array): Uint8Array;
}

export interface PolicySignerOptions {
  /** PKCS#8 DER, RSA of 2048 bits or more, or P-256. */
  readonly privateKeyPkcs8: Uint8Array;
  readonly certificates: readonly Certificate[];
}

/** @throws PolicyDocumentError POLICY_DOCUMENT_KEY */
export function createPolicySigner(options: PolicySignerOptions): PolicySigner {
  const key = readKey(options.privateKeyPkcs8);
  const { certificates } = options;
  const alg = policyAlgorithm(key);
  if (!alg) throw unusable('the key is neither RSA of 2048 bits or more nor P-256', 'key');
  if (!certificates[0]?.publicKey.equals(createPublicKey(key))) {
    throw unusable('the first certificate is not one of this key', 'certificate');
  }
  return {
    alg,
    certificates,
    sign: (data) => new Uint8Array(sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' })),
  };
}

/** The algorithm that fits a key, private or public; undefined for keys that may not sign. */
export function policyAlgorithm(key: KeyObject): PolicyAlgorithm | undefined {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') return modulusLength >= MIN_RSA_BITS ? 'RS256' : undefined;
  return key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1' ? 'ES256' : undefined;
}

function readKey(der: Uint8Array): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
  } catch {
    // The cause is dropped on purpose: key bytes must not travel with an error.
    throw unusable('the private key is not PKCS#8 DER', 'key');
  }
}

const unusable = (why: string, field: string): PolicyDocumentError =>
  new PolicyDocumentError('POLICY_DOCUMENT_KEY', why, { field });
