import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import forge from 'node-forge';
import { equal } from '@touchstone/bytes';
import { type Certificate, parseCertificate } from './certificate';
import { MAX_CHAIN_CERTIFICATES } from './pem';
import { PkiError } from './pki-error';

/** Bytes of one PKCS#12 file, at most. */
export const MAX_PKCS12_BYTES = 1024 * 1024;

/** A private key and the certificates that lead from it towards its root. */
export interface Identity {
  /** DER PrivateKeyInfo (RFC 5208). Secret. */
  readonly privateKeyPkcs8: Uint8Array;
  /** Leaf first, each followed by its issuer as far as the file has them. At least one. */
  readonly certificates: readonly Certificate[];
}

/**
 * Reads a PKCS#12 file (RFC 7292) that holds one private key and its certificate, RSA or P-256. Files without a password
 * are read with an empty one.
 *
 * @throws PkiError PKI_PKCS12_PASSWORD when its MAC does not verify, PKI_PKCS12_MALFORMED, PKI_LIMIT_EXCEEDED
 */
export function parsePkcs12(der: Uint8Array, password: string): Identity {
  if (der.length > MAX_PKCS12_BYTES) {
    throw new PkiError('PKI_LIMIT_EXCEEDED', 'the PKCS#12 file is too long', { field: 'pkcs12' });
  }
  const bags = openFile(der, password);
  const [privateKeyPkcs8, ...otherKeys] = bags.flatMap(keyOf);
  if (!privateKeyPkcs8 || otherKeys.length > 0) throw malformed('it does not hold one private key');
  const certificates = bags.flatMap(certificateOf).map((bytes) => parseCertificate(bytes));
  return { privateKeyPkcs8, certificates: chainOf(publicKeyOf(privateKeyPkcs8), certificates) };
}

function openFile(der: Uint8Array, password: string): readonly forge.pkcs12.Bag[] {
  const tree = readTree(der);
  try {
    return forge.pkcs12
      .pkcs12FromAsn1(tree, password)
      .safeContents.flatMap(({ safeBags }) => safeBags);
  } catch (cause) {
    // The cause is dropped on purpose: what forge says may quote what it decrypted.
    const wrong = cause instanceof Error && /invalid password/i.test(cause.message);
    if (!wrong) throw malformed('it cannot be read');
    const why = 'the password of the PKCS#12 file is not this one';
    throw new PkiError('PKI_PKCS12_PASSWORD', why, { field: 'password' });
  }
}

function readTree(der: Uint8Array): forge.asn1.Asn1 {
  try {
    return forge.asn1.fromDer(forge.util.createBuffer(Buffer.from(der).toString('latin1')));
  } catch (cause) {
    throw malformed('it is not DER', cause);
  }
}

const KEY_BAGS: readonly (string | undefined)[] = [
  forge.pki.oids['keyBag'],
  forge.pki.oids['pkcs8ShroudedKeyBag'],
];

/** forge reads RSA; what it cannot read it hands on as it came. */
function keyOf({ type, key, asn1 }: forge.pkcs12.Bag): Uint8Array[] {
  if (!KEY_BAGS.includes(type)) return [];
  const tree = key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)) : asn1;
  return [derOf(tree)];
}

function certificateOf({ type, cert, asn1 }: forge.pkcs12.Bag): Uint8Array[] {
  if (type !== forge.pki.oids['certBag']) return [];
  return [derOf(cert ? forge.pki.certificateToAsn1(cert) : asn1)];
}

const derOf = (tree: forge.asn1.Asn1): Uint8Array =>
  new Uint8Array(Buffer.from(forge.asn1.toDer(tree).getBytes(), 'latin1'));

function publicKeyOf(privateKeyPkcs8: Uint8Array): KeyObject {
  try {
    const key = Buffer.from(privateKeyPkcs8);
    return createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  } catch {
    throw malformed('its private key cannot be used');
  }
}

function chainOf(key: KeyObject, certificates: readonly Certificate[]): readonly Certificate[] {
  const leaf = certificates.find(({ publicKey }) => publicKey.equals(key));
  if (!leaf) throw malformed('it does not hold the certificate of its key');
  const chain: Certificate[] = [leaf];
  for (let last = leaf; chain.length < MAX_CHAIN_CERTIFICATES;) {
    const issuer = certificates.find(
      (other) => !chain.includes(other) && equal(other.subject.der, last.issuer.der),
    );
    if (!issuer || equal(last.subject.der, last.issuer.der)) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain;
}

const malformed = (why: string, cause?: unknown): PkiError =>
  new PkiError('PKI_PKCS12_MALFORMED', `the PKCS#12 file is not usable: ${why}`, {
    field: 'pkcs12',
    cause,
  });
