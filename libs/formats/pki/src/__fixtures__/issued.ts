import { hasCode } from '@touchstone/errors';
import { fromHex, sha1, sha256 } from '@touchstone/bytes';
import { type EcSigner, ecSignerFromScalar } from '../ec-signer';
import { type CertificateRequest, issueCertificate } from '../issue-certificate';
import { type CrlRequest, issueCrl } from '../issue-crl';
import type { NamePart } from '../issue-names';

/** The code and field of what `action` throws; `undefined` when it throws nothing coded. */
export function failureOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (hasCode(error)) return error.code;
    throw error;
  }
  return undefined;
}

/** A signer that is the same in every run: its scalar is the SHA-256 of the name. */
export const signerNamed = (name: string): EcSigner =>
  ecSignerFromScalar(sha256(Buffer.from(name)));

export const nameOfCa: readonly NamePart[] = [
  { type: 'CN', value: 'Test Root CA' },
  { type: 'O', value: 'Test Corporation' },
  { type: 'C', value: 'US' },
];

export const caSigner = signerNamed('ca');
export const caKeyId = sha1(caSigner.publicKeyBytes);

export const rootRequest: CertificateRequest = {
  subject: nameOfCa,
  issuer: nameOfCa,
  serial: caKeyId,
  notBefore: new Date('2018-05-21T10:45:10Z'),
  notAfter: new Date('2049-12-31T23:59:59Z'),
  publicKeyBytes: caSigner.publicKeyBytes,
  isCa: true,
  pathLength: 1,
  keyUsage: ['keyCertSign', 'cRLSign'],
  subjectKeyId: caKeyId,
  authorityKeyId: caKeyId,
  crlDistributionPoint: 'https://certificates.example.test/RootCA.der',
};

export const leafSigner = signerNamed('leaf');

export const leafRequest: CertificateRequest = {
  subject: [{ type: 'CN', value: 'Test Leaf' }],
  issuer: nameOfCa,
  serial: fromHex('ff00000000000000000000000000000000000001'),
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2033-01-01T00:00:00Z'),
  publicKeyBytes: leafSigner.publicKeyBytes,
  isCa: false,
  keyUsage: ['digitalSignature', 'nonRepudiation'],
  subjectKeyId: sha1(leafSigner.publicKeyBytes),
  authorityKeyId: caKeyId,
};

export const crlRequest: CrlRequest = {
  issuer: nameOfCa,
  thisUpdate: new Date('2026-03-01T00:00:00Z'),
  nextUpdate: new Date('2026-03-31T00:00:00Z'),
  number: 300n,
  authorityKeyId: caKeyId,
  revoked: [
    { serial: leafRequest.serial, at: new Date('2026-02-01T00:00:00Z') },
    { serial: '01', at: new Date('2026-02-02T00:00:00Z') },
  ],
};

export const aRoot = (): Uint8Array => issueCertificate(rootRequest, caSigner);
export const aLeaf = (): Uint8Array => issueCertificate(leafRequest, caSigner);
export const aCrl = (): Uint8Array => issueCrl(crlRequest, caSigner);
