import { generateKeyPairSync } from 'node:crypto';
import {
  ecSignerFromScalar,
  issueCertificate,
  parseCertificate,
  rsaCertificateChain,
  rsaSelfSigned,
  type Certificate,
} from '@touchstone/pki';
import { createPolicySigner, type PolicySigner } from '../policy-signer';

export const NOT_BEFORE = new Date('2026-01-01T00:00:00Z');
export const NOT_AFTER = new Date('2036-01-01T00:00:00Z');
export const AT = new Date('2030-01-01T00:00:00Z');

/** PKCS#8 DER of a new RSA key: slow to make, so that tests share a few. */
export function rsaKey(modulusLength = 2048): Uint8Array {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength });
  return new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
}

export function selfSigned(privateKeyPkcs8: Uint8Array, commonName = 'signer'): Certificate {
  const serial = Uint8Array.of(1);
  const dates = { notBefore: NOT_BEFORE, notAfter: NOT_AFTER };
  return parseCertificate(rsaSelfSigned({ commonName, privateKeyPkcs8, serial, ...dates }));
}

export const rsaSigner = (privateKeyPkcs8: Uint8Array, commonName?: string): PolicySigner =>
  createPolicySigner({ privateKeyPkcs8, certificates: [selfSigned(privateKeyPkcs8, commonName)] });

/** Leaf, intermediate, root, all of one key each. */
export function rsaChain(
  leaf: Uint8Array,
  intermediate: Uint8Array,
  root: Uint8Array,
): readonly [Certificate, Certificate, Certificate] {
  const party = (commonName: string, privateKeyPkcs8: Uint8Array, serial: number) => ({
    commonName,
    privateKeyPkcs8,
    serial: Uint8Array.of(serial),
  });
  const [a, b, c] = rsaCertificateChain({
    leaf: { ...party('leaf', leaf, 3), dnsNames: ['policy.example'] },
    intermediate: party('intermediate', intermediate, 2),
    root: party('root', root, 1),
    notBefore: NOT_BEFORE,
    notAfter: NOT_AFTER,
  });
  return [parseCertificate(a), parseCertificate(b), parseCertificate(c)];
}

export function ecSigner(): PolicySigner {
  const signer = ecSignerFromScalar(new Uint8Array(32).fill(7));
  const name = [{ type: 'CN' as const, value: 'ec signer' }];
  const der = issueCertificate(
    {
      subject: name,
      issuer: name,
      serial: Uint8Array.of(9),
      notBefore: NOT_BEFORE,
      notAfter: NOT_AFTER,
      publicKeyBytes: signer.publicKeyBytes,
      isCa: false,
      keyUsage: ['digitalSignature'],
    },
    signer,
  );
  return createPolicySigner({
    privateKeyPkcs8: signer.toPkcs8(),
    certificates: [parseCertificate(der)],
  });
}
