import type { ExtraExtension } from './issue-extensions';
import { type ForgeExtension, type RsaKey, issueRsa, rsaKey } from './rsa-issuing';

export interface RsaSelfSignedRequest {
  /** Becomes the whole subject and issuer: one common name, UTF8String. */
  readonly commonName: string;
  /** RSA, PKCS#8 DER. */
  readonly privateKeyPkcs8: Uint8Array;
  /** Magnitude, big-endian. */
  readonly serial: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions?: readonly ExtraExtension[];
}

/**
 * A self-signed RSA certificate as Azure Attestation's providers publish it: v3, sha256WithRSAEncryption, both dates as
 * GeneralizedTime, basicConstraints (not critical, not a CA), subject and authority key identifiers equal. DER.
 */
export function rsaSelfSigned(request: RsaSelfSignedRequest): Uint8Array {
  const key = rsaKey(request.privateKeyPkcs8);
  return issueRsa({
    subject: request.commonName,
    issuer: request.commonName,
    serial: request.serial,
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    subjectKey: key,
    issuerKey: key,
    extensions: [
      { name: 'basicConstraints', cA: false },
      ...(request.extensions ?? []).map(forgeExtension),
    ],
    generalizedTime: true,
  });
}

export interface RsaParty {
  readonly commonName: string;
  readonly privateKeyPkcs8: Uint8Array;
  readonly serial: Uint8Array;
}

export interface RsaChainRequest {
  readonly root: RsaParty;
  readonly intermediate: RsaParty;
  readonly leaf: RsaParty & { readonly dnsNames: readonly string[] };
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** An RSA chain for a TLS-shaped signer, such as a vault's release certificate: DER, leaf first, root last. */
export function rsaCertificateChain(
  request: RsaChainRequest,
): readonly [Uint8Array, Uint8Array, Uint8Array] {
  const { notBefore, notAfter } = request;
  const [root, intermediate, leaf] = [
    withKey(request.root),
    withKey(request.intermediate),
    withKey(request.leaf),
  ];
  const issue = (subject: KeyedParty, issuer: KeyedParty, extensions: readonly ForgeExtension[]) =>
    issueRsa({
      subject: subject.commonName,
      issuer: issuer.commonName,
      serial: subject.serial,
      notBefore,
      notAfter,
      subjectKey: subject.key,
      issuerKey: issuer.key,
      extensions,
      generalizedTime: false,
    });
  return [
    issue(leaf, intermediate, leafExtensions(request.leaf.dnsNames)),
    issue(intermediate, root, caExtensions(0)),
    issue(root, root, caExtensions(1)),
  ];
}

type KeyedParty = RsaParty & { readonly key: RsaKey };

const withKey = (party: RsaParty): KeyedParty => ({ ...party, key: rsaKey(party.privateKeyPkcs8) });

const caExtensions = (pathLenConstraint: number): ForgeExtension[] => [
  { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint },
  { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
];

const DNS_NAME = 2;

const leafExtensions = (dnsNames: readonly string[]): ForgeExtension[] => [
  { name: 'basicConstraints', critical: true, cA: false },
  { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
  { name: 'extKeyUsage', serverAuth: true },
  { name: 'subjectAltName', altNames: dnsNames.map((value) => ({ type: DNS_NAME, value })) },
];

const forgeExtension = ({ oid, critical, value }: ExtraExtension): ForgeExtension => ({
  id: oid,
  critical,
  value: Buffer.from(value).toString('latin1'),
});
