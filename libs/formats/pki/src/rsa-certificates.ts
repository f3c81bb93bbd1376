import type { ExtraExtension } from './issue-extensions';
import {
  type ForgeExtension,
  type RsaKey,
  type RsaPublicKey,
  type UnsignedCertificate,
  issueRsa,
  keyIdentifiers,
  rsaBody,
  rsaKey,
  rsaPublicKey,
} from './rsa-issuing';

/**
 * How Azure Attestation's providers lay out their certificates. `2022`: not a CA, the extra extensions last, both dates as
 * GeneralizedTime. `2020`: a CA that may issue nothing but leaves, the extra extensions before the key identifiers, key
 * usage last, both dates as UTCTime.
 */
export type SelfSignedLayout = '2022' | '2020';

interface SelfSignedFields {
  /** Becomes the whole subject and issuer: one common name, UTF8String. */
  readonly commonName: string;
  /** Magnitude, big-endian. */
  readonly serial: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Default `2022`. */
  readonly layout?: SelfSignedLayout;
  readonly extensions?: readonly ExtraExtension[];
}

export interface RsaSelfSignedRequest extends SelfSignedFields {
  /** RSA, PKCS#8 DER. */
  readonly privateKeyPkcs8: Uint8Array;
}

export interface RsaSelfSignedBodyRequest extends SelfSignedFields {
  /** RSA, SubjectPublicKeyInfo DER. */
  readonly publicKeySpki: Uint8Array;
}

/**
 * A self-signed RSA certificate as Azure Attestation's providers publish it: v3, sha256WithRSAEncryption, basicConstraints
 * that are not critical, subject and authority key identifiers equal. DER.
 */
export function rsaSelfSigned(request: RsaSelfSignedRequest): Uint8Array {
  const key = rsaKey(request.privateKeyPkcs8);
  return issueRsa({ ...selfSigned(request, key), issuerKey: key });
}

/** The same for a key that is not here: its holder signs `tbs`. */
export const rsaSelfSignedBody = (request: RsaSelfSignedBodyRequest): UnsignedCertificate =>
  rsaBody(selfSigned(request, rsaPublicKey(request.publicKeySpki)));

function selfSigned(request: SelfSignedFields, key: RsaPublicKey) {
  const { commonName, serial, notBefore, notAfter, layout = '2022' } = request;
  const extra = (request.extensions ?? []).map(forgeExtension);
  const keyIds = keyIdentifiers(key);
  return {
    subject: commonName,
    issuer: commonName,
    serial,
    notBefore,
    notAfter,
    subjectKey: key,
    issuerKey: key,
    extensions:
      layout === '2022'
        ? [{ name: 'basicConstraints', cA: false }, ...keyIds, ...extra]
        : [
            { name: 'basicConstraints', cA: true, pathLenConstraint: 0 },
            ...extra,
            ...keyIds,
            { name: 'keyUsage', critical: true, keyCertSign: true },
          ],
    generalizedTime: layout === '2022',
  };
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
      extensions: [...extensions, ...keyIdentifiers(issuer.key)],
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
