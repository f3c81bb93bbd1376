import { type KeyObject, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import forge from 'node-forge';
import { toHex } from '@touchstone/bytes';
import { serialOf } from './issue-certificate';
import { PkiError } from './pki-error';

/** An extension as forge's builder wants it: its fields by name, or `id` with a binary string. */
export type ForgeExtension = Readonly<Record<string, unknown>>;

/** The public half of an RSA key, as forge wants it. */
export interface RsaPublicKey {
  readonly publicKey: forge.pki.rsa.PublicKey;
  /** SHA-1 of the key bits (RFC 5280 section 4.2.1.2, method 1), as forge's binary string. */
  readonly keyId: string;
}

/** An RSA key in the forms that issuing needs. */
export interface RsaKey extends RsaPublicKey {
  readonly privateKey: KeyObject;
}

export interface RsaCertificateFields {
  readonly subject: string;
  readonly issuer: string;
  readonly serial: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly subjectKey: RsaPublicKey;
  readonly issuerKey: RsaPublicKey;
  /** All of them, in their order. */
  readonly extensions: readonly ForgeExtension[];
  /** Both dates as GeneralizedTime, even those that UTCTime could name. */
  readonly generalizedTime: boolean;
}

/** A certificate that waits for its signature. */
export interface UnsignedCertificate {
  /** TBSCertificate, DER: what is signed. */
  readonly tbs: Uint8Array;
  /** The whole certificate, DER, around a signature of `tbs` (RSASSA-PKCS1-v1_5 with SHA-256). */
  signed(signature: Uint8Array): Uint8Array;
}

const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';

/** Both key identifiers, of a certificate whose issuer has the key `issuerKey`. */
export const keyIdentifiers = ({ keyId }: RsaPublicKey): readonly ForgeExtension[] => [
  { name: 'subjectKeyIdentifier' },
  { name: 'authorityKeyIdentifier', keyIdentifier: keyId },
];

/** A v3 certificate, sha256WithRSAEncryption; DER. */
export function issueRsa(
  fields: RsaCertificateFields & { readonly issuerKey: RsaKey },
): Uint8Array {
  // forge builds the tree and node signs it: forge's own RSA would take a hundred times as long.
  const body = rsaBody(fields);
  return body.signed(sign('sha256', body.tbs, fields.issuerKey.privateKey));
}

/** The same, to be signed by whoever holds the key. */
export function rsaBody(fields: RsaCertificateFields): UnsignedCertificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = fields.subjectKey.publicKey;
  certificate.serialNumber = toHex(new Uint8Array(serialOf(fields.serial)));
  certificate.validity.notBefore = fields.notBefore;
  certificate.validity.notAfter = fields.notAfter;
  certificate.setSubject(commonName(fields.subject));
  certificate.setIssuer(commonName(fields.issuer));
  certificate.setExtensions([...fields.extensions]);
  certificate.siginfo.algorithmOid = SHA256_WITH_RSA;
  certificate.signatureOid = SHA256_WITH_RSA;
  certificate.signature = '';
  const tree = forge.pki.certificateToAsn1(certificate);
  const [tbs, , signatureBits] = childrenOf(tree);
  if (!tbs || !signatureBits)
    throw new PkiError('PKI_ISSUE_INVALID', 'the certificate has no body');
  if (fields.generalizedTime) useGeneralizedTime(tbs, [fields.notBefore, fields.notAfter]);
  return {
    tbs: binaryBytes(forge.asn1.toDer(tbs).getBytes()),
    signed: (signature) => {
      signatureBits.value = `\0${Buffer.from(signature).toString('latin1')}`;
      return binaryBytes(forge.asn1.toDer(tree).getBytes());
    },
  };
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

/** PKI_KEY_UNSUPPORTED for anything but an RSA private key in PKCS#8 DER. */
export function rsaKey(pkcs8: Uint8Array): RsaKey {
  const privateKey = rsaPrivateKey(pkcs8);
  return { privateKey, ...forgeKey(createPublicKey(privateKey)) };
}

/** PKI_KEY_UNSUPPORTED for anything but an RSA key in SubjectPublicKeyInfo DER. */
export function rsaPublicKey(spki: Uint8Array): RsaPublicKey {
  const key = attempt(() =>
    createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }),
  );
  if (key?.asymmetricKeyType === 'rsa') return forgeKey(key);
  throw new PkiError('PKI_KEY_UNSUPPORTED', 'not an RSA public key', { field: 'publicKeySpki' });
}

function forgeKey(key: KeyObject): RsaPublicKey {
  const pem = key.export({ type: 'spki', format: 'pem' }).toString();
  const publicKey = forge.pki.publicKeyFromPem(pem);
  const keyId = forge.pki.getPublicKeyFingerprint(publicKey, { type: 'RSAPublicKey' }).getBytes();
  return { publicKey, keyId };
}

function rsaPrivateKey(pkcs8: Uint8Array): KeyObject {
  // No cause goes with the refusal: it could hold parts of the key.
  const key = attempt(() =>
    createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }),
  );
  if (key?.asymmetricKeyType === 'rsa') return key;
  throw new PkiError('PKI_KEY_UNSUPPORTED', 'not an RSA private key in PKCS#8', {
    field: 'privateKey',
  });
}

function attempt(read: () => KeyObject): KeyObject | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
