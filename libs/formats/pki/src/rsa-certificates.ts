import { type KeyObject, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import forge from 'node-forge';
import { toHex } from '@touchstone/bytes';
import { serialOf } from './issue-certificate';
import type { ExtraExtension } from './issue-extensions';
import { PkiError } from './pki-error';

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

type ForgeExtension = Readonly<Record<string, unknown>>;

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

interface RsaKey {
  readonly privateKey: KeyObject;
  readonly publicKey: forge.pki.rsa.PublicKey;
  /** SHA-1 of the key bits (RFC 5280 section 4.2.1.2, method 1), as forge's binary string. */
  readonly keyId: string;
}

interface RsaCertificateFields {
  readonly subject: string;
  readonly issuer: string;
  readonly serial: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly subjectKey: RsaKey;
  readonly issuerKey: RsaKey;
  readonly extensions: readonly ForgeExtension[];
  readonly generalizedTime: boolean;
}

const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';

function issueRsa(fields: RsaCertificateFields): Uint8Array {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = fields.subjectKey.publicKey;
  certificate.serialNumber = toHex(new Uint8Array(serialOf(fields.serial)));
  certificate.validity.notBefore = fields.notBefore;
  certificate.validity.notAfter = fields.notAfter;
  certificate.setSubject(commonName(fields.subject));
  certificate.setIssuer(commonName(fields.issuer));
  certificate.setExtensions([
    ...fields.extensions,
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: fields.issuerKey.keyId },
  ]);
  certificate.siginfo.algorithmOid = SHA256_WITH_RSA;
  certificate.signatureOid = SHA256_WITH_RSA;
  certificate.signature = '';
  return signTree(forge.pki.certificateToAsn1(certificate), fields);
}

// forge builds the tree and node signs it: forge's own RSA would take a hundred times as long.
function signTree(tree: forge.asn1.Asn1, fields: RsaCertificateFields): Uint8Array {
  const [tbs, , signatureBits] = childrenOf(tree);
  if (!tbs || !signatureBits)
    throw new PkiError('PKI_ISSUE_INVALID', 'the certificate has no body');
  if (fields.generalizedTime) useGeneralizedTime(tbs, [fields.notBefore, fields.notAfter]);
  const signature = sign(
    'sha256',
    binaryBytes(forge.asn1.toDer(tbs).getBytes()),
    fields.issuerKey.privateKey,
  );
  signatureBits.value = `\0${signature.toString('latin1')}`;
  return binaryBytes(forge.asn1.toDer(tree).getBytes());
}

const VALIDITY_INDEX = 4;

function useGeneralizedTime(tbs: forge.asn1.Asn1, times: readonly Date[]): void {
  const validity = childrenOf(tbs)[VALIDITY_INDEX];
  if (!validity) throw new PkiError('PKI_ISSUE_INVALID', 'the certificate has no validity');
  const { Class, Type } = forge.asn1;
  validity.value = times.map((time) =>
    forge.asn1.create(
      Class.UNIVERSAL,
      Type.GENERALIZEDTIME,
      false,
      forge.asn1.dateToGeneralizedTime(time),
    ),
  );
}

const childrenOf = ({ value }: forge.asn1.Asn1): forge.asn1.Asn1[] =>
  Array.isArray(value) ? value : [];

const binaryBytes = (binary: string): Uint8Array => new Uint8Array(Buffer.from(binary, 'latin1'));

// The typing of forge wants a Class here; what it reads is the Type.
const commonName = (value: string) => [
  { name: 'commonName', value, valueTagClass: Number(forge.asn1.Type.UTF8) },
];

function rsaKey(pkcs8: Uint8Array): RsaKey {
  const privateKey = rsaPrivateKey(pkcs8);
  const pem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  const publicKey = forge.pki.publicKeyFromPem(pem);
  const keyId = forge.pki.getPublicKeyFingerprint(publicKey, { type: 'RSAPublicKey' }).getBytes();
  return { privateKey, publicKey, keyId };
}

function rsaPrivateKey(pkcs8: Uint8Array): KeyObject {
  try {
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // The same answer as for another kind of key; the cause could hold parts of the key.
  }
  throw new PkiError('PKI_KEY_UNSUPPORTED', 'not an RSA private key in PKCS#8', {
    field: 'privateKey',
  });
}
